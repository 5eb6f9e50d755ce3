import { createHash, type Hash, hash as hashOf } from 'node:crypto'
import { dirname, join } from 'node:path'
import { syncFolder } from '../files/atomicWrite'
import { logPartBytes, partPath } from './logParts'
import { createLogWriter, type LogWriter } from './logWriter'

/** What a row tells of an attempt's log. */
export interface LogFacts {
  /** Relative to Rundesk's folder in the workspace. */
  readonly file: string
  /** Of all parts together, like the hash. */
  readonly bytes: number
  readonly sha256: string
  /** How many of the bytes are stdout; the rest is stderr. */
  readonly stdoutBytes: number
}

export interface AttemptLog {
  /** Gives false when the disk is behind: wait for `drained` before the next. */
  readonly write: (chunk: Uint8Array, stream: 'stdout' | 'stderr') => boolean
  readonly drained: () => Promise<void>
  /** Closes and syncs the files. Null when they could not be written: the run goes on without them. */
  readonly finish: () => Promise<LogFacts | null>
}

/** Where the log of an attempt lies, relative to Rundesk's folder. Names that are no plain file names are hashed. */
export function attemptLogFile({
  runId,
  step,
  attempt,
  kind = 'step',
}: {
  readonly runId: string
  readonly step: string
  readonly attempt: number
  readonly kind?: 'step' | 'rollback'
}): string {
  return `${logFolder(runId)}/${safeName(step)}${kind === 'step' ? '' : '.rollback'}.${attempt}.log`
}

/** The folder of a run's logs, relative to Rundesk's folder. */
export function logFolder(runId: string): string {
  return `logs/${safeName(runId)}`
}

/** The name itself when it is harmless as a file name, else its hash. */
export function safeName(name: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/.test(name)) return name
  return createHash('sha256').update(name).digest('hex').slice(0, 32)
}

/** The file beside a log that tells its streams: lines `o BYTES` (stdout) and `e BYTES` (stderr) in the order of the log. */
export function streamMarksFile(logFile: string): string {
  return logFile.replace(/\.log$/, '.streams')
}

/** Marks of what is being printed are written at least this often, so that who follows the log sees them. */
const markEveryMs = 100

/** The start of a line waits for its end this long, and up to this size, so that the other stream does not tear it. */
const holdMs = 100
const heldBytes = 64 * 1024
const newline = 10
const hashOfNothing = hashOf('sha256', '')

/**
 * Opens the log of one attempt in the run's folder of logs; everything the step prints, byte for byte, stdout and stderr as they come, whole lines
 * where they do not take long, in parts of `partBytes`. Which is which stands in the file beside it. A step that prints nothing leaves no file.
 */
export function openAttemptLog(
  rundeskDir: string,
  file: string,
  { partBytes = logPartBytes }: { readonly partBytes?: number } = {},
): AttemptLog {
  let hash: Hash | undefined
  let bytes = 0
  let stdoutBytes = 0
  let run = { mark: '', bytes: 0 }
  let marking: NodeJS.Timeout | undefined
  let writers: { readonly text: LogWriter; readonly marks: LogWriter } | undefined
  const path = (): string => join(rundeskDir, file)
  const write = (): NonNullable<typeof writers> => {
    writers ??= {
      text: createLogWriter((part) => partPath(path(), part), { partBytes }),
      marks: createLogWriter(() => streamMarksFile(path()), { partBytes: Number.POSITIVE_INFINITY }),
    }
    return writers
  }
  const endRun = (mark: string): void => {
    clearTimeout(marking)
    marking = undefined
    if (run.bytes > 0) write().marks.write(Buffer.from(`${run.mark} ${run.bytes}\n`))
    run = { mark, bytes: 0 }
  }
  const put = (chunk: Uint8Array, name: 'stdout' | 'stderr'): boolean => {
    bytes += chunk.length
    hash ??= createHash('sha256')
    hash.update(chunk)
    const mark = name === 'stdout' ? 'o' : 'e'
    if (mark !== run.mark) endRun(mark)
    run.bytes += chunk.length
    if (name === 'stdout') stdoutBytes += chunk.length
    marking ??= setTimeout(() => endRun(run.mark), markEveryMs)
    return write().text.write(chunk)
  }
  /** Lines that have begun, by stream, the one that waits longest first. */
  const held = new Map<'stdout' | 'stderr', { readonly parts: Uint8Array[]; bytes: number }>()
  let holding: NodeJS.Timeout | undefined
  const release = (name: 'stdout' | 'stderr'): boolean => {
    const parts = held.get(name)?.parts ?? []
    held.delete(name)
    return parts.map((part) => put(part, name)).every(Boolean)
  }
  const releaseAll = (): void => {
    clearTimeout(holding)
    holding = undefined
    for (const name of [...held.keys()]) release(name)
  }
  const hold = (part: Uint8Array, name: 'stdout' | 'stderr'): boolean => {
    const line = held.get(name) ?? { parts: [], bytes: 0 }
    line.parts.push(part)
    line.bytes += part.length
    held.set(name, line)
    holding ??= setTimeout(releaseAll, holdMs)
    return line.bytes < heldBytes || release(name)
  }
  return {
    write: (chunk, name) => {
      const lineEnd = chunk.lastIndexOf(newline) + 1
      const released = lineEnd === 0 || release(name)
      const keepsUp = lineEnd === 0 || put(chunk.subarray(0, lineEnd), name)
      const isHeldUp = lineEnd < chunk.length && !hold(chunk.subarray(lineEnd), name)
      return released && keepsUp && !isHeldUp
    },
    drained: async () => writers?.text.drained(),
    finish: async () => {
      releaseAll()
      endRun('')
      if (!writers) return { file, bytes, sha256: hashOfNothing, stdoutBytes }
      const { text, marks } = writers
      marks.write(Buffer.from('end\n'))
      const synced = await Promise.all([text.finish(), marks.finish()]).then(
        async () => {
          await syncFolder(dirname(path()))
          return true
        },
        () => false,
      )
      return synced ? { file, bytes, sha256: hash?.digest('hex') ?? hashOfNothing, stdoutBytes } : null
    },
  }
}
