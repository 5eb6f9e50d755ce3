import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import type { AttemptLog } from './attemptLog'
import { createCappedOutput } from './cappedOutput'
import { endRunProcesses } from './processGroups'

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
}

/** After the shell has ended its pipes are read until nothing came for this long: a background process may keep them open. */
const drainMs = 250
const pollMs = 10

/**
 * Runs `sh -c command` in a process group of its own and resolves when it has ended. On a timeout or an abort the whole
 * group gets TERM, then KILL after `graceMs`, and the promise resolves when none of it is left. Never rejects.
 */
export async function runShell({
  command,
  cwd,
  env,
  timeoutMs,
  graceMs,
  signal,
  log,
  onGroup,
}: {
  readonly command: string
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly timeoutMs: number | undefined
  readonly graceMs: number
  readonly signal: AbortSignal
  readonly log: AttemptLog | undefined
  readonly onGroup: (pgid: number) => void
}): Promise<ProcessResult> {
  const stdout = createCappedOutput()
  const stderr = createCappedOutput()
  const child = spawn('sh', ['-c', command], { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  const result = (end: ProcessEnd): ProcessResult => ({ end, stdout: stdout.text(), stderr: stderr.text() })
  const { pid } = child
  if (pid === undefined) {
    const error = await new Promise<Error>((resolve) => child.once('error', resolve))
    return result({ kind: 'not-started', error })
  }
  onGroup(pid)
  let listening = true
  let busy = 0
  let lastDataMs = 0
  for (const [stream, kept] of [
    [child.stdout, stdout],
    [child.stderr, stderr],
  ] as const) {
    stream.on('data', (chunk: Buffer) => {
      if (!listening) return
      lastDataMs = Date.now()
      kept.write(chunk)
      if (log?.write(chunk) !== false) return
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
  if (end.kind !== 'exited') await endRunProcesses({ runId: null, groups: [pid], graceMs })
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
    if (timeoutMs !== undefined) timer = setTimeout(() => resolve({ kind: 'timed-out' }), timeoutMs)
  })
  return {
    stopped,
    forget: () => {
      clearTimeout(timer)
      if (onAbort) signal.removeEventListener('abort', onAbort)
    },
  }
}
