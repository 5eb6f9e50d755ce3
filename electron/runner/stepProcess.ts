import type { Readable } from 'node:stream'
import { toError } from '../files/toError'
import type { AttemptLog } from './attemptLog'
import { type CappedOutput, createCappedOutput, type Sought } from './cappedOutput'
import { endProcesses, type ProcessMark } from './processGroups'
import { newShells, type RunningShell, type Shells, type Variables } from './shells'

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

/**
 * What was printed before the shell ended stands in its pipes and is read at once. A background process may keep them
 * open and go on printing: they are read until nothing came for a while, for a second at most, and no further than a
 * pipe can hold.
 */
const quietMs = 250
const drainMs = 1_000
const pipeBytes = 1024 * 1024
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
  base = {},
  timeoutMs,
  graceMs,
  signal,
  mark,
  limitKib,
  log,
  find,
  shells = newShells,
  onGroup,
}: {
  readonly command: string
  readonly cwd: string
  readonly env: Variables
  /** What stands below it, as in a call of a shell. */
  readonly base?: Variables
  readonly timeoutMs: number | undefined
  readonly graceMs: number
  readonly signal: AbortSignal
  /** What every process of the attempt carries. */
  readonly mark: ProcessMark
  /** The same for those that clear their environment (limitMark.ts). */
  readonly limitKib: string
  readonly log: AttemptLog
  readonly find?: Sought | undefined
  /** What starts the command. */
  readonly shells?: Shells
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
  let shell: RunningShell
  try {
    shell = await shells.start({ command, cwd, env, base, limitKib })
  } catch (error) {
    return result({ kind: 'not-started', error: toError(error) })
  }
  const { pid } = shell
  if (pid !== null) onGroup(pid)
  const outputs = readOutputs(shell, { stdout, stderr }, log)
  const exited = shell.exited.then((end): ProcessEnd => ({ kind: 'exited', ...end }))
  const { stopped, forget } = stopOn({ signal, timeoutMs })
  const end = await Promise.race([exited, stopped])
  forget()
  if (end.kind !== 'exited') await endProcesses({ mark, groups: pid === null ? [] : [pid], graceMs })
  await outputs.finish()
  shell.unref()
  return result(end)
}

/** A shell that ends within this time is read at its end, without streams, which take longer than what it prints. */
const readAfterMs = 4

/** Reads what a shell prints. `finish` is called when it has ended. */
function readOutputs(
  shell: RunningShell,
  kept: Readonly<Record<'stdout' | 'stderr', CappedOutput>>,
  log: AttemptLog,
): { readonly finish: () => Promise<void> } {
  let reading: ReturnType<typeof readPipes> | undefined
  const read = (): ReturnType<typeof readPipes> => {
    reading ??= readPipes(
      outputNames.map((name) => ({ name, stream: shell[name], kept: kept[name] })),
      log,
    )
    return reading
  }
  const { takePrinted } = shell
  if (!takePrinted) return read()
  const timer = setTimeout(read, readAfterMs)
  return {
    finish: async () => {
      clearTimeout(timer)
      const printed = reading ? undefined : takePrinted()
      for (const name of outputNames) {
        for (const chunk of printed?.[name] ?? []) {
          kept[name].write(chunk)
          if (!log.write(chunk, name)) await log.drained()
        }
      }
      if (!printed?.isAll) await read().finish()
    },
  }
}

const outputNames = ['stdout', 'stderr'] as const

interface Pipe {
  readonly name: 'stdout' | 'stderr'
  readonly stream: Readable
  readonly kept: CappedOutput
}

/** Reads what comes through the pipes into log and memory, no faster than the disk takes it. */
function readPipes(pipes: readonly Pipe[], log: AttemptLog): { readonly finish: () => Promise<void> } {
  let open = pipes.length
  let busy = 0
  let readBytes = 0
  let lastDataMs = 0
  let isListening = true
  let look: () => void = () => undefined
  for (const { name, stream, kept } of pipes) {
    stream.on('data', (chunk: Buffer) => {
      if (!isListening) return
      lastDataMs = performance.now()
      readBytes += chunk.length
      kept.write(chunk)
      const keepsUp = log.write(chunk, name)
      look()
      if (keepsUp) return
      stream.pause()
      busy++
      void log.drained().then(() => {
        busy--
        stream.resume()
      })
    })
    stream.on('error', () => undefined)
    stream.once('close', () => {
      open--
      look()
    })
  }
  return {
    finish: async () => {
      const startMs = performance.now()
      const limitBytes = readBytes + pipes.length * pipeBytes
      const isDone = (): boolean => {
        if (open === 0 || readBytes >= limitBytes) return true
        const now = performance.now()
        return busy === 0 && now - Math.max(lastDataMs, startMs) >= quietMs
      }
      let idleMs = 0
      while (!isDone() && idleMs < drainMs) {
        const before = performance.now()
        const wasBusy = busy > 0
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, quietMs)
          look = () => {
            if (!isDone()) return
            clearTimeout(timer)
            resolve()
          }
          look()
        })
        if (!wasBusy) idleMs += performance.now() - before
      }
      isListening = false
      // Nobody waits for what still holds them; what it prints is read and dropped, so that it can go on.
      for (const { stream } of pipes) if ('unref' in stream && typeof stream.unref === 'function') stream.unref()
    },
  }
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
