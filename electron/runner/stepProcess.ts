import { type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { toError } from '../files/toError'
import type { AttemptLog } from './attemptLog'
import { createCappedOutput, type Sought } from './cappedOutput'
import { endProcesses, type ProcessMark } from './processGroups'

/** How a step's process ended. */
export type ProcessEnd =
  | { readonly kind: 'exited'; readonly code: number | null; readonly signal: NodeJS.Signals | null }
  | { readonly kind: 'timed-out' }
  | { readonly kind: 'aborted' }
  | { readonly kind: 'not-started'; readonly error: Error }

export interface ProcessResult {
  readonly end: ProcessEnd
  readonly stdout: string
  readonly stderr: string
  /** Did stdout hold what `find` asked for? */
  readonly found: boolean
}

/** After the shell has ended its pipes are read until nothing came for this long: a background process may keep them open. */
const drainMs = 250
const pollMs = 10
/** Timers wait no longer than this: 24.8 days. */
export const longestTimerMs = 2 ** 31 - 1

/**
 * Runs `sh -c command` in a process group of its own and resolves when it has ended. On a timeout or an abort
 * everything the attempt started gets TERM, then KILL after `graceMs`, and the promise resolves when none of it is
 * left. Never rejects.
 */
export async function runShell({
  command,
  cwd,
  env,
  timeoutMs,
  graceMs,
  signal,
  mark,
  log,
  find,
  onGroup,
}: {
  readonly command: string
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly timeoutMs: number | undefined
  readonly graceMs: number
  readonly signal: AbortSignal
  /** What every process of the attempt carries. */
  readonly mark: ProcessMark
  readonly log: AttemptLog
  readonly find?: Sought | undefined
  readonly onGroup: (pgid: number) => void
}): Promise<ProcessResult> {
  const stdout = createCappedOutput(find)
  const stderr = createCappedOutput()
  const result = (end: ProcessEnd): ProcessResult => ({
    end,
    stdout: stdout.text(),
    stderr: stderr.text(),
    found: stdout.found(),
  })
  let child: ReturnType<typeof spawnShell>
  try {
    child = spawnShell({ command, cwd, env })
  } catch (error) {
    return result({ kind: 'not-started', error: toError(error) })
  }
  const { pid } = child
  if (pid === undefined) {
    const error = await new Promise<Error>((resolve) => child.once('error', resolve))
    return result({ kind: 'not-started', error })
  }
  onGroup(pid)
  let listening = true
  let busy = 0
  let lastDataMs = 0
  for (const [name, stream, kept] of [
    ['stdout', child.stdout, stdout],
    ['stderr', child.stderr, stderr],
  ] as const) {
    stream.on('data', (chunk: Buffer) => {
      if (!listening) return
      lastDataMs = Date.now()
      kept.write(chunk)
      if (log.write(chunk, name)) return
      stream.pause()
      busy++
      void log.drained().then(() => {
        busy--
        stream.resume()
      })
    })
    stream.on('error', () => undefined)
  }

  const exited = new Promise<ProcessEnd>((resolve) => {
    child.once('exit', (code, by) => resolve({ kind: 'exited', code, signal: by }))
    child.once('error', (error) => resolve({ kind: 'not-started', error }))
  })
  const closed = new Promise<void>((resolve) => {
    child.once('close', () => resolve())
  })
  const { stopped, forget } = stopOn({ signal, timeoutMs })
  const end = await Promise.race([exited, stopped])
  forget()
  if (end.kind !== 'exited') await endProcesses({ mark, groups: [pid], graceMs })
  let open = true
  void closed.then(() => {
    open = false
  })
  const exitedMs = Date.now()
  while (open && (busy > 0 || Date.now() - Math.max(lastDataMs, exitedMs) < drainMs)) await sleep(pollMs)
  listening = false
  for (const stream of [child.stdout, child.stderr])
    if ('unref' in stream && typeof stream.unref === 'function') stream.unref()
  child.unref()
  return result(end)
}

function spawnShell({
  command,
  cwd,
  env,
}: {
  readonly command: string
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
}): ChildProcessByStdio<null, Readable, Readable> {
  return spawn('sh', ['-c', command], { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
}

function stopOn({ signal, timeoutMs }: { readonly signal: AbortSignal; readonly timeoutMs: number | undefined }): {
  readonly stopped: Promise<ProcessEnd>
  readonly forget: () => void
} {
  let timer: NodeJS.Timeout | undefined
  let onAbort: (() => void) | undefined
  const stopped = new Promise<ProcessEnd>((resolve) => {
    onAbort = () => resolve({ kind: 'aborted' })
    signal.addEventListener('abort', onAbort, { once: true })
    if (signal.aborted) onAbort()
    if (timeoutMs !== undefined)
      timer = setTimeout(() => resolve({ kind: 'timed-out' }), Math.min(timeoutMs, longestTimerMs))
  })
  return {
    stopped,
    forget: () => {
      clearTimeout(timer)
      if (onAbort) signal.removeEventListener('abort', onAbort)
    },
  }
}
