import { spawn } from 'node:child_process'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Change } from './scenario'
import type { Plan } from './victimPlan'

const victimScript = fileURLToPath(new URL('victim.mjs', import.meta.url))
const silenceMs = 30_000

/** A victim at work, as seen through its pipe. */
export interface Victim {
  readonly pid: number
  readonly changes: () => readonly Change[]
  readonly complaints: () => readonly string[]
  /** The disk calls that it made, once it has ended by itself. */
  readonly calls: () => readonly string[]
  /** Resolves when it has said that it is ready, or has ended. */
  readonly ready: Promise<void>
  /** Resolves when it has acknowledged this many changes, or has ended. */
  readonly acknowledged: (count: number) => Promise<void>
  readonly kill: () => void
  /** Resolves when it is dead and everything that it said has arrived: with true when it was killed. */
  readonly dead: Promise<boolean>
}

/** Starts a victim. One that says nothing for half a minute is killed and complained of. */
export function startVictim(plan: Plan): Victim {
  const child = spawn(process.execPath, [victimScript, JSON.stringify(plan)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, TMPDIR: dirname(plan.dir) }, // Others' temporary files must not slow it down.
  })
  const changes = new Map<string, boolean>()
  const complaints: string[] = []
  let calls: readonly string[] = []
  let isReady = false
  let ended = false
  let waiting: (() => void)[] = []
  let rest = ''
  let errors = ''

  const until = async (condition: () => boolean): Promise<void> => {
    while (!ended && !condition()) await new Promise<void>((resolve) => waiting.push(resolve))
  }
  const wake = (): void => {
    const woken = waiting
    waiting = []
    for (const resolve of woken) resolve()
  }
  const silence = setTimeout(() => {
    complaints.push('a victim hung and was killed')
    child.kill('SIGKILL')
  }, silenceMs)
  const hear = (line: string): void => {
    const [word, ...words] = line.split(' ')
    if (word === 'ready') isReady = true
    if (word === 'begin') changes.set(words[0] ?? '', false)
    if (word === 'done') changes.set(words[0] ?? '', true)
    if (word === 'broken') complaints.push(words.join(' '))
    if (word === 'calls') calls = words
  }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    silence.refresh()
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) hear(line)
    wake()
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  const dead = new Promise<boolean>((resolve) =>
    child.on('close', (code, signal) => {
      ended = true
      clearTimeout(silence)
      if (signal !== 'SIGKILL' && code !== 0) complaints.push(`a victim failed by itself: ${errors.trim()}`)
      wake()
      resolve(signal === 'SIGKILL')
    }),
  )
  return {
    pid: child.pid ?? 0,
    changes: () => [...changes].map(([id, done]) => ({ id, done })),
    complaints: () => complaints,
    calls: () => calls,
    ready: until(() => isReady),
    acknowledged: (count) => until(() => [...changes.values()].filter(Boolean).length >= count),
    kill: () => child.kill('SIGKILL'),
    dead,
  }
}
