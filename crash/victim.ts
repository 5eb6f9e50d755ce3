import { writeSync } from 'node:fs'
import type { DiskCall } from '../electron/files/diskCalls.testkit'
import { type DiskFault, interposeDisk } from '../electron/files/interposeDisk.testkit'
import { scenarios } from './scenarios'
import { type Plan, planSchema } from './victimPlan'

/** The process that is killed. It says every change before and after it, on its standard output, one line each. */
const plan = planSchema.parse(JSON.parse(process.argv[2] ?? ''))
const say = (text: string): void => void writeSync(1, `${text}\n`)
const points: string[] = []

function dieAt({ kind, data }: DiskCall): DiskFault | undefined {
  if (kind === 'read' || kind === 'stat') return undefined
  points.push(kind)
  if (plan.dieAt?.point !== points.length - 1) return undefined
  const length = data?.length ?? 0
  const bytes = { nothing: 0, half: Math.floor(length / 2), 'all but a byte': length - 1 }[plan.dieAt.after]
  return { bytes, end: die }
}

function die(): never {
  process.kill(process.pid, 'SIGKILL')
  throw new Error('unreachable')
}

async function live({ scenario: name, dir, life, changes }: Plan): Promise<void> {
  const scenario = scenarios.find((one) => one.name === name)
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
  say(`points ${points.join(' ')}`)
  process.exit(0)
}

await live(plan)
