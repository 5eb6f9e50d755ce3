import { writeSync } from 'node:fs'
import type { DiskCall } from '../electron/files/diskCalls.testkit'
import { type DiskFault, interposeDisk } from '../electron/files/interposeDisk.testkit'
import { bulkVictim, chainedVictim, scenarios } from './scenarios'
import type { Plan } from './victimPlan'

/** The process that is killed. It says every change before and after it, on its standard output, one line each. */
const plan = JSON.parse(process.argv[2] ?? '') as Plan // from startVictim
const say = (text: string): void => void writeSync(1, `${text}\n`)
const calls: string[] = []

/** Calls that change nothing are no points to be killed at: the next one that does finds the disk in the same state. */
function dieAt({ kind, flags, data }: DiskCall): DiskFault | undefined {
  if (kind === 'read' || kind === 'stat' || kind === 'mode' || (kind === 'open' && flags === 'r')) return undefined
  calls.push(kind)
  if (plan.dieAt?.call !== calls.length - 1) return undefined
  const length = data?.length ?? 0
  const bytes = { nothing: 0, half: Math.floor(length / 2), 'all but a byte': length - 1 }[plan.dieAt.done]
  return { bytes, end: die }
}

function die(): never {
  process.kill(process.pid, 'SIGKILL')
  throw new Error('unreachable')
}

async function live({ scenario: name, dir, life, changes }: Plan): Promise<void> {
  const scenario = await [...scenarios, chainedVictim, bulkVictim].find((one) => one.name === name)?.load()
  if (!scenario) throw new Error(`There is no scenario ${name}`)
  if (changes !== null) interposeDisk(dir, { before: dieAt })
  const change = await scenario.open({ dir, complain: (text) => say(`broken ${text}`) })
  say('ready')
  for (let n = 0; changes === null || n < changes; n++) {
    const id = `${life}-${n}`
    say(`begin ${id}`)
    await change(id)
    say(`done ${id}`)
  }
  say(`calls ${calls.join(' ')}`)
  process.exit(0)
}

await live(plan)
