import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { appendBenches } from './appendBenches'
import { dbosBenches } from './dbosBenches'
import type { Result } from './measure'
import { mountBenches } from './mountBenches'
import { openBenches } from './openBenches'
import { getPeers } from './peers'
import { retryBenches } from './retryBenches'
import { runnerBenches } from './runnerBenches'
import { trajectoryBenches } from './trajectoryBenches'
import { logBenches } from './window/logBenches'
import { millionBenches } from './window/millionBenches'
import { startBenches } from './window/startBenches'
import { windowBenches } from './window/windowBenches'

/** A named measurement; it prints nothing itself. */
export type Bench = (context: BenchContext) => Promise<readonly Result[]>

export interface BenchContext {
  /** Where fixtures, peers and working files lie. */
  readonly dir: string
  readonly peers: Awaited<ReturnType<typeof getPeers>>
}

const benches: Readonly<Record<string, Bench>> = {
  ...openBenches,
  ...appendBenches,
  ...trajectoryBenches,
  ...runnerBenches,
  ...mountBenches,
  ...retryBenches,
  ...dbosBenches,
  ...(process.env.RUNDESK_BENCH_PACKAGED ? startBenches : {}),
  ...(process.env.RUNDESK_BENCH_ELECTRON ? { ...windowBenches, ...logBenches, ...millionBenches } : {}),
}

const { values } = parseArgs({
  options: { json: { type: 'boolean' }, only: { type: 'string', multiple: true } },
})

process.exitCode = await runBenches()

async function runBenches(): Promise<number> {
  const wanted = values.only ?? Object.keys(benches).filter((name) => !(name in millionBenches))
  const unknown = wanted.filter((name) => !benches[name])
  if (unknown.length > 0) {
    process.stderr.write(`There is no bench ${unknown.join(', ')}. There are: ${Object.keys(benches).join(', ')}\n`)
    return 2
  }
  const dir = resolve('.cache/bench')
  const work = join(dir, 'work')
  if (existsSync(work)) rmSync(work, { recursive: true })
  mkdirSync(work, { recursive: true })
  const peers = await getPeers(join(dir, 'peers'))
  let missed = 0
  for (const name of wanted) {
    for (const result of (await benches[name]?.({ dir, peers })) ?? []) {
      if (!result.ok) missed++
      process.stdout.write(values.json ? `${JSON.stringify(result)}\n` : toLine(result))
    }
  }
  rmSync(work, { recursive: true })
  return missed === 0 ? 0 : 1
}

function toLine({ bench, value, unit, reference, ratio, goal, ok }: Result): string {
  const measured = `${round(value)} ${unit}`
  const against = reference ? `${round(reference.value)} (${reference.name})` : ''
  const shown = ratio === undefined ? '' : `${ratio.toFixed(3)} x`
  return `${ok ? 'ok    ' : 'MISSED'} ${bench.padEnd(44)} ${measured.padStart(16)} ${against.padEnd(34)} ${shown.padStart(10)}  ${goal}\n`
}

function round(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3)
}
