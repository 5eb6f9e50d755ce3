import { createReadStream } from 'node:fs'
import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { StringDecoder } from 'node:string_decoder'
import { containedPath } from '../files/containedPath'
import { attemptLogFile, type LogFacts, logFolder, safeName, streamMarksFile } from './attemptLog'

/** A page of a log. `nextOffset` never stands inside a character. */
export interface LogPage {
  readonly text: string
  readonly nextOffset: number
  readonly sizeBytes: number
  readonly found: boolean
}

const missing: LogPage = { text: '', nextOffset: 0, sizeBytes: 0, found: false }

/** Reads a page of an attempt's log. Without a step the last one written counts, without an attempt the newest. */
export async function readAttemptLog({
  rundeskDir,
  runId,
  stepName,
  attempt,
  offset,
  maxBytes,
}: {
  readonly rundeskDir: string
  readonly runId: string
  readonly stepName: string | null
  readonly attempt: number | null
  readonly offset: number
  readonly maxBytes: number
}): Promise<LogPage> {
  const file =
    stepName !== null && attempt !== null
      ? attemptLogFile({ runId, step: stepName, attempt })
      : await newestLog({ rundeskDir, runId, stepName })
  if (file === undefined) return missing
  const handle = await open(join(rundeskDir, file), 'r').catch(() => undefined)
  if (!handle) return missing
  try {
    const { size } = await handle.stat()
    const buffer = Buffer.alloc(Math.max(0, Math.min(maxBytes, size - offset)))
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, offset)
    const decoder = new StringDecoder('utf8')
    const part = buffer.subarray(0, bytesRead)
    const atEnd = offset + bytesRead >= size
    const text = atEnd ? part.toString('utf8') : decoder.write(part)
    const kept = atEnd ? 0 : decoder.end() === '' ? 0 : trailingBytes(part)
    return { text, nextOffset: offset + bytesRead - kept, sizeBytes: size, found: true }
  } finally {
    await handle.close()
  }
}

/** How many bytes at the end belong to a character that is not complete. */
function trailingBytes(part: Buffer): number {
  for (let count = 1; count <= Math.min(4, part.length); count++) {
    if (((part[part.length - count] ?? 0) & 0xc0) !== 0x80) return count
  }
  return 0
}

async function newestLog({
  rundeskDir,
  runId,
  stepName,
}: {
  readonly rundeskDir: string
  readonly runId: string
  readonly stepName: string | null
}): Promise<string | undefined> {
  const folder = logFolder(runId)
  const names = await readdir(join(rundeskDir, folder)).catch(() => [])
  const prefix = stepName === null ? '' : `${safeName(stepName)}.`
  const attempts = names.flatMap((name) => {
    const match = /\.(\d+)\.log$/.exec(name)
    const belongs = match && (stepName === null || name.slice(0, name.length - match[0].length + 1) === prefix)
    return belongs ? [{ name, number: Number(match[1]) }] : []
  })
  const newest = attempts.sort((left, right) => left.number - right.number).at(-1)
  return newest && join(folder, newest.name)
}

/** Writes what an attempt printed to stdout, whole, into a file. Throws when the log or the marks beside it are gone or do not fit. */
export async function copyStdout({
  rundeskDir,
  log,
  to,
}: {
  readonly rundeskDir: string
  readonly log: Pick<LogFacts, 'file' | 'stdoutBytes'>
  readonly to: string
}): Promise<void> {
  const path = containedPath(rundeskDir, log.file)
  const target = await open(to, 'w', 0o600)
  let copied = 0
  try {
    let offset = 0
    for await (const line of createInterface({ input: createReadStream(streamMarksFile(path)) })) {
      const [mark, text] = line.split(' ')
      const bytes = Number(text)
      if (mark === 'o' && bytes > 0) {
        for await (const chunk of createReadStream(path, { start: offset, end: offset + bytes - 1 })) {
          await target.write(chunk)
          copied += chunk.length
        }
      }
      offset += bytes
    }
  } finally {
    await target.close()
  }
  if (copied !== log.stdoutBytes) throw new Error(`The log ${log.file} does not hold what its row says`)
}
