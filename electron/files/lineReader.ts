import type { FileHandle } from 'node:fs/promises'
import { setImmediate as nextTurn } from 'node:timers/promises'

/**
 * One complete line of a file, without its newline: the bytes from `start` to `end`, valid only during the call that
 * gives it. `offset` and `length` are those of the whole line in the file.
 */
export interface FileLine {
  readonly bytes: Buffer
  readonly start: number
  readonly end: number
  readonly offset: number
  readonly length: number
  /** Counted from 1, or from the first line that was read when that is not the file's. */
  readonly number: number
  /** True when long strings in it were cut, because the line is longer than {@link wholeLineBytes}. */
  readonly cut: boolean
}

/** The line as text. */
export function lineText({ bytes, start, end }: FileLine): string {
  return bytes.toString('utf8', start, end)
}

/** Lines up to this length are given whole; longer ones with every JSON string over {@link longStringBytes} cut. */
export const wholeLineBytes = 1024 * 1024
const longStringBytes = 4 * 1024
/** What may be left of a line after its strings were cut: the first row of a run of 50,000 steps has 6 MB. More is no row. */
const keptBytes = 32 * 1024 * 1024
const chunkBytes = 1024 * 1024
/** How long reading may keep the thread before others get their turn, and after how many bytes the clock is looked at. */
const turnMs = 12
const bytesPerLook = 32 * 1024

const newline = 0x0a
const quote = 0x22
const backslash = 0x5c
const afterBackslash = -1

/**
 * Reads the complete lines from byte `from` on, in order, and gives the offset behind the last newline. Memory stays
 * bounded for lines of any length, and the thread is given up every 12 ms; the next bytes are fetched meanwhile. A line
 * that cannot be cut down to 32 MiB is given empty and `cut`. Stops early, without error, when `signal` is aborted; ends
 * at byte `to` when that is given.
 */
export async function readLines(
  handle: FileHandle,
  {
    from,
    firstNumber = 1,
    to = Number.POSITIVE_INFINITY,
    onLine,
    onBytes,
    onProgress,
    signal,
  }: {
    readonly from: number
    /** The number of the line at `from`. */
    readonly firstNumber?: number
    readonly to?: number
    readonly onLine: (line: FileLine) => void
    /** Every byte read, in order, before the lines in it. */
    readonly onBytes?: (bytes: Buffer) => void
    readonly onProgress?: (offset: number) => void
    readonly signal?: AbortSignal
  },
): Promise<number> {
  const buffers: Buffer[] = []
  /** A chunk is read behind room for the unfinished line of the chunk before it. */
  const fetch = (turn: number, position: number): ReturnType<FileHandle['read']> => {
    buffers[turn] ??= Buffer.allocUnsafeSlow(wholeLineBytes + chunkBytes)
    const length = Math.min(chunkBytes, to - position)
    const reading = handle.read(buffers[turn], wholeLineBytes, Math.max(0, length), position)
    reading.catch(() => undefined) // It may fail before it is waited for; whoever waits is told.
    return reading
  }
  let position = from
  let lineStart = from
  let number = firstNumber
  let carried = 0
  let shortener: Shortener | undefined
  let turn = 0
  let turnStart = performance.now()
  let fetched = fetch(turn, position)
  try {
    for (;;) {
      const { bytesRead } = await fetched
      const bytes = buffers[turn]
      if (bytesRead === 0 || !bytes || signal?.aborted) break
      const full = bytesRead === chunkBytes
      if (full) fetched = fetch(1 - turn, position + bytesRead)
      const limit = wholeLineBytes + bytesRead
      onBytes?.(bytes.subarray(wholeLineBytes, limit))
      let start = wholeLineBytes - carried
      let searched = wholeLineBytes
      let looked = start
      let end = bytes.indexOf(newline, searched)
      while (end !== -1 && end < limit) {
        if (shortener || end - start > wholeLineBytes) {
          shortener ??= createShortener()
          shortener.write(bytes.subarray(start, end))
          const text = Buffer.from(shortener.text())
          const length = position + end - wholeLineBytes - lineStart
          onLine({ bytes: text, start: 0, end: text.length, offset: lineStart, length, number, cut: true })
          shortener = undefined
        } else onLine({ bytes, start, end, offset: lineStart, length: end - start, number, cut: false })
        number++
        start = end + 1
        searched = start
        lineStart = position + start - wholeLineBytes
        if (start - looked > bytesPerLook) {
          looked = start
          if (performance.now() - turnStart > turnMs) {
            await nextTurn()
            if (signal?.aborted) return lineStart
            turnStart = performance.now()
          }
        }
        end = bytes.indexOf(newline, searched)
      }
      carried = limit - start
      if (shortener || carried > wholeLineBytes) {
        shortener ??= createShortener()
        shortener.write(bytes.subarray(start, limit))
        carried = 0
      }
      position += bytesRead
      onProgress?.(position)
      if (!full) fetched = fetch(1 - turn, position)
      if (carried > 0) bytes.copy(buffers[1 - turn] ?? bytes, wholeLineBytes - carried, limit - carried, limit)
      turn = 1 - turn
    }
  } finally {
    await fetched.catch(() => undefined)
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
