import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, open } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** What a row tells of an attempt's log. */
export interface LogFacts {
  /** Relative to Rundesk's folder in the workspace. */
  readonly file: string
  readonly bytes: number
  readonly sha256: string
}

export interface AttemptLog {
  /** Gives false when the disk is behind: wait for `drained` before the next. */
  readonly write: (chunk: Uint8Array) => boolean
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

/** Opens the log of one attempt; everything the step prints, byte for byte, stdout and stderr as they come. */
export async function openAttemptLog(rundeskDir: string, file: string): Promise<AttemptLog> {
  const path = join(rundeskDir, file)
  const hash = createHash('sha256')
  let bytes = 0
  let failed = false
  await mkdir(dirname(path), { recursive: true }).catch(() => undefined)
  const stream = createWriteStream(path, { flags: 'w', mode: 0o600 })
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
    write: (chunk) => {
      if (failed) return true
      bytes += chunk.length
      hash.update(chunk)
      return stream.write(chunk)
    },
    drained: () =>
      new Promise((resolve) => {
        if (failed || !stream.writableNeedDrain) resolve()
        else waiting.push(resolve)
      }),
    finish: async () => {
      await new Promise<void>((resolve) => {
        stream.once('error', () => resolve())
        stream.end(() => resolve())
      })
      if (failed) return null
      try {
        const handle = await open(path, 'r+')
        try {
          await handle.sync()
        } finally {
          await handle.close()
        }
      } catch {
        return null
      }
      return { file, bytes, sha256: hash.digest('hex') }
    },
  }
}
