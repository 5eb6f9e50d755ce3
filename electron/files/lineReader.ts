import type { FileHandle } from 'node:fs/promises'
import { setImmediate as nextTurn } from 'node:timers/promises'

/** One complete line of a file, without its newline. `offset` and `length` are bytes of the whole line. */
export interface FileLine {
  readonly text: string
  readonly offset: number
  readonly length: number
  /** True when long strings in it were cut, because the line is longer than {@link wholeLineBytes}. */
  readonly cut: boolean
}

/** Lines up to this length are given whole; longer ones with every JSON string over {@link longStringBytes} cut. */
export const wholeLineBytes = 1024 * 1024
const longStringBytes = 4 * 1024
/** What may be left of a line after its strings were cut. More is not a row of anybody's. */
const keptBytes = 4 * 1024 * 1024
const chunkBytes = 256 * 1024
/** How long reading may keep the thread before others get their turn. */
const turnMs = 12

const newline = 0x0a
const quote = 0x22
const backslash = 0x5c
const afterBackslash = -1

/**
 * Reads the complete lines from byte `from` on, in order, and gives the offset behind the last newline. Memory stays
 * bounded for lines of any length, and the thread is given up every 12 ms. A line that cannot be cut down to 4 MiB is
 * given with the text `''` and `cut`. Stops early, without error, when `signal` is aborted.
 */
export async function readLines(
  handle: FileHandle,
  {
    from,
    onLine,
    onProgress,
    signal,
  }: {
    readonly from: number
    readonly onLine: (line: FileLine) => void
    readonly onProgress?: (offset: number) => void
    readonly signal?: AbortSignal
  },
): Promise<number> {
  const buffer = Buffer.allocUnsafe(chunkBytes)
  let lineStart = from
  let position = from
  let pending: Buffer[] = []
  let pendingBytes = 0
  let shortener: Shortener | undefined
  let turnStart = performance.now()

  const take = (part: Buffer): void => {
    if (shortener) {
      shortener.write(part)
      return
    }
    pending.push(Buffer.from(part))
    pendingBytes += part.length
    if (pendingBytes <= wholeLineBytes) return
    shortener = createShortener()
    for (const earlier of pending) shortener.write(earlier)
    pending = []
  }
  const finish = (end: number): void => {
    const text = shortener ? shortener.text() : Buffer.concat(pending).toString('utf8')
    onLine({ text, offset: lineStart, length: end - lineStart, cut: shortener !== undefined })
    pending = []
    pendingBytes = 0
    shortener = undefined
    lineStart = end + 1
  }

  while (!signal?.aborted) {
    const { bytesRead } = await handle.read(buffer, 0, chunkBytes, position)
    if (bytesRead === 0) break
    let start = 0
    while (start < bytesRead && !signal?.aborted) {
      const end = buffer.subarray(0, bytesRead).indexOf(newline, start)
      if (end === -1) break
      if (pendingBytes === 0 && !shortener) {
        onLine({ text: buffer.toString('utf8', start, end), offset: lineStart, length: end - start, cut: false })
        lineStart = position + end + 1
      } else {
        take(buffer.subarray(start, end))
        finish(position + end)
      }
      start = end + 1
      if (performance.now() - turnStart > turnMs) {
        await nextTurn()
        turnStart = performance.now()
      }
    }
    if (start < bytesRead) take(buffer.subarray(start, bytesRead))
    position += bytesRead
    onProgress?.(position)
    if (performance.now() - turnStart > turnMs) {
      await nextTurn()
      turnStart = performance.now()
    }
  }
  return lineStart
}

interface Shortener {
  readonly write: (part: Buffer) => void
  readonly text: () => string
}

/** Copies JSON text but only the first bytes of each string, so that what is left still parses. */
function createShortener(): Shortener {
  const kept: Buffer[] = []
  let keptLength = 0
  let inString = false
  let escapeLeft = 0 // bytes left of an escape such as \\u00e4
  let stringBytes = 0
  const keep = (bytes: Buffer): void => {
    keptLength += bytes.length
    if (keptLength <= keptBytes) kept.push(Buffer.from(bytes))
  }
  return {
    write: (part) => {
      let runStart = -1
      for (let index = 0; index < part.length; index++) {
        const byte = part[index] ?? 0
        let copy = true
        if (inString) {
          const startsUnit = escapeLeft === 0 && (byte & 0xc0) !== 0x80
          if (startsUnit && byte !== quote && stringBytes >= longStringBytes) stringBytes = Number.POSITIVE_INFINITY
          copy = stringBytes < Number.POSITIVE_INFINITY
          stringBytes++
          if (escapeLeft === afterBackslash) escapeLeft = byte === 0x75 ? 4 : 0
          else if (escapeLeft > 0) escapeLeft--
          else if (byte === backslash) escapeLeft = afterBackslash
          else if (byte === quote) {
            inString = false
            copy = true
          }
        } else if (byte === quote) {
          inString = true
          stringBytes = 0
        }
        if (copy && runStart === -1) runStart = index
        if (!copy && runStart !== -1) {
          keep(part.subarray(runStart, index))
          runStart = -1
        }
      }
      if (runStart !== -1) keep(part.subarray(runStart))
    },
    text: () => (keptLength <= keptBytes ? Buffer.concat(kept).toString('utf8') : ''),
  }
}
