import { spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'

/** A command for a shell, with all that its process sees of this one. */
export interface ShellCall {
  readonly command: string
  readonly cwd: string
  readonly env: Variables
  /** Below `env`: what many commands have, and then the same object. */
  readonly base?: Variables
  /** The mark of its processes that outlives their environment (limitMark.ts). */
  readonly limitKib?: string
}

/** Variables of an environment. */
export type Variables = Readonly<Record<string, string>>

/** A shell with a command of its own, the leader of a process group of its own. */
export interface RunningShell {
  /** Null when it ended before its id was known. */
  readonly pid: number | null
  readonly stdout: Readable
  readonly stderr: Readable
  /** Takes what an ended shell has printed so far. Only while nobody has asked for `stdout` or `stderr`. */
  readonly takePrinted?: () => Printed
  /** How it ended. A shell that was killed may be told as its code: 128 and the signal's number. */
  readonly exited: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>
  /** Keeps this process alive no longer. */
  readonly unref: () => void
}

/** What stood in the pipes of a shell. */
export interface Printed {
  readonly stdout: readonly Buffer[]
  readonly stderr: readonly Buffer[]
  /** Nothing more can come; else the rest comes through `stdout` and `stderr`. */
  readonly isAll: boolean
}

/** What starts commands. Rejects with the system's error when there can be no further process. */
export interface Shells {
  readonly start: (call: ShellCall) => Promise<RunningShell>
}

/** Starts a new shell for each command. */
export const newShells: Shells = {
  start: async ({ command, cwd, env, base, limitKib }) => {
    await spawnTurn()
    const child = spawn('/bin/sh', ['-c', setLimit(limitKib) + command], {
      ...{ cwd, env: { ...base, ...env }, detached: true },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const { pid, stdout, stderr } = child
    if (pid === undefined) throw await new Promise<Error>((resolve) => child.once('error', resolve))
    const exited: RunningShell['exited'] = new Promise((resolve) => {
      child.once('exit', (code, signal) => resolve({ code, signal }))
    })
    return { pid, stdout, stderr, exited, unref: () => child.unref() }
  },
}

/** What has a shell set the limit, in front of its command. */
export function setLimit(limitKib: string | undefined): string {
  if (process.platform !== 'linux' || limitKib === undefined) return ''
  return `ulimit -S -m ${limitKib} 2>/dev/null || :; `
}

let lastTurn: Promise<void> = Promise.resolve()

/** Starting a process keeps the thread for a while: between two of them others have their turn. */
export function spawnTurn(): Promise<void> {
  lastTurn = lastTurn.then(() => nextTurn())
  return lastTurn
}
