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
/** What may be left of a line after its strings were cut; of one with more than this only its upper levels are left. */
const keptBytes = 4 * 1024 * 1024
/** How many levels of objects and lists are upper ones: a row, the facts under its keys, and their lists of objects. */
const upperLevels = 5
const chunkBytes = 1024 * 1024
/** How long reading may keep the thread before others get their turn, and after how many bytes the clock is looked at. */
const turnMs = 12
const bytesPerLook = 32 * 1024

const newline = 0x0a
const quote = 0x22
const backslash = 0x5c
const openBrace = 0x7b
const closeBrace = 0x7d
const openBracket = 0x5b
const closeBracket = 0x5d
const afterBackslash = -1

/**
 * Reads the complete lines from byte `from` on, in order, and gives the offset behind the last newline. Memory stays
 * bounded for lines of any length, and the thread is given up every 12 ms; the next bytes are fetched meanwhile. A line
 * of which more than 4 MiB are left is given without what lies deeper than five levels, empty where even that is too
 * much; both are `cut`. Stops early, without error, when `signal` is aborted; ends
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

/** Bytes that are kept as long as they do not become too many. */
function createKept(): { readonly add: (bytes: Buffer) => void; readonly text: () => string | undefined } {
  const parts: Buffer[] = []
  let length = 0
  return {
    add: (bytes) => {
      length += bytes.length
      if (length <= keptBytes) parts.push(Buffer.from(bytes))
      else parts.length = 0
    },
    text: () => (length <= keptBytes ? Buffer.concat(parts).toString('utf8') : undefined),
  }
}

/** Copies JSON text but only the first bytes of each string, so that what is left still parses. */
function createShortener(): Shortener {
  const all = createKept()
  const upper = createKept()
  let inString = false
  let escapeLeft = 0 // bytes left of an escape such as \\u00e4
  let stringBytes = 0
  let level = 0
  return {
    write: (part) => {
      let runStart = -1
      let upperStart = level <= upperLevels ? 0 : -1
      const keep = (to: number): void => {
        if (runStart !== -1) all.add(part.subarray(runStart, to))
        if (runStart !== -1 && upperStart !== -1) upper.add(part.subarray(Math.max(runStart, upperStart), to))
        runStart = -1
      }
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
        } else if (byte === openBrace || byte === openBracket) {
          if (runStart === -1) runStart = index
          if (level++ === upperLevels) {
            keep(index + 1)
            runStart = index + 1
            upperStart = -1
          }
        } else if (byte === closeBrace || byte === closeBracket) {
          if (--level === upperLevels) {
            keep(index)
            upperStart = index
          }
        }
        if (copy && runStart === -1) runStart = index
        if (!copy && runStart !== -1) keep(index)
      }
      keep(part.length)
    },
    // What does not end every level that it begins is no JSON: nothing is made of it.
    text: () => all.text() ?? (level === 0 && !inString ? upper.text() : undefined) ?? '',
  }
}
