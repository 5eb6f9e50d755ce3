import { createHash } from 'node:crypto'
import { createWriteStream, type WriteStream } from 'node:fs'
import { mkdir, open } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** What a row tells of an attempt's log. */
export interface LogFacts {
  /** Relative to Rundesk's folder in the workspace. */
  readonly file: string
  readonly bytes: number
  readonly sha256: string
  /** How many of the bytes are stdout; the rest is stderr. */
  readonly stdoutBytes: number
}

export interface AttemptLog {
  /** Gives false when the disk is behind: wait for `drained` before the next. */
  readonly write: (chunk: Uint8Array, stream: 'stdout' | 'stderr') => boolean
  readonly drained: () => Promise<void>
  /** Closes and syncs the file. Null when it could not be written: the run goes on without it. */
  readonly finish: () => Promise<LogFacts | null>
}

/** Where the log of an attempt lies, relative to Rundesk's folder. Names that are no plain file names are hashed. */
export function attemptLogFile({
  runId,
  step,
  attempt,
}: {
  readonly runId: string
  readonly step: string
  readonly attempt: number
}): string {
  return join(logFolder(runId), `${safeName(step)}.${attempt}.log`)
}

/** The folder of a run's logs, relative to Rundesk's folder. */
export function logFolder(runId: string): string {
  return join('logs', safeName(runId))
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

/**
 * Opens the log of one attempt; everything the step prints, byte for byte, stdout and stderr as they come. Which is
 * which stands in the file beside it.
 */
export async function openAttemptLog(rundeskDir: string, file: string): Promise<AttemptLog> {
  const path = join(rundeskDir, file)
  const hash = createHash('sha256')
  let bytes = 0
  let failed = false
  await mkdir(dirname(path), { recursive: true }).catch(() => undefined)
  const stream = createWriteStream(path, { flags: 'w', mode: 0o600 })
  const marks = createWriteStream(streamMarksFile(path), { flags: 'w', mode: 0o600 })
  marks.on('error', () => {
    failed = true
  })
  let stdoutBytes = 0
  let run = { mark: '', bytes: 0 }
  const endRun = (mark: string): void => {
    if (run.bytes > 0) marks.write(`${run.mark} ${run.bytes}\n`)
    run = { mark, bytes: 0 }
  }
  let waiting: (() => void)[] = []
  const wake = (): void => {
    const woken = waiting
    waiting = []
    for (const resolve of woken) resolve()
  }
  stream.on('drain', wake)
  stream.on('error', () => {
    failed = true
    wake()
  })
  return {
    write: (chunk, name) => {
      if (failed) return true
      bytes += chunk.length
      hash.update(chunk)
      const mark = name === 'stdout' ? 'o' : 'e'
      if (mark !== run.mark) endRun(mark)
      run.bytes += chunk.length
      if (name === 'stdout') stdoutBytes += chunk.length
      return stream.write(chunk)
    },
    drained: () =>
      new Promise((resolve) => {
        if (failed || !stream.writableNeedDrain) resolve()
        else waiting.push(resolve)
      }),
    finish: async () => {
      endRun('')
      await Promise.all([ended(marks), ended(stream)])
      if (failed) return null
      try {
        await syncFile(streamMarksFile(path))
        await syncFile(path)
      } catch {
        return null
      }
      return { file, bytes, sha256: hash.digest('hex'), stdoutBytes }
    },
  }
}

function ended(stream: WriteStream): Promise<void> {
  return new Promise((resolve) => {
    stream.once('error', () => resolve())
    stream.end(() => resolve())
  })
}

async function syncFile(path: string): Promise<void> {
  const handle = await open(path, 'r+')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
