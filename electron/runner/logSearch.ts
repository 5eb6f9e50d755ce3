import type { LogHits, LogQuery } from '../../shared/logs'
import { RundeskError } from '../../shared/outcome'
import type { LogParts } from './logParts'
import type { LogStreams } from './logStreams'
import { unfinishedBytes } from './readAttemptLog'

const pieceBytes = 1024 * 1024
/** A line longer than this is looked at in pieces. */
const longLineBytes = 1024 * 1024
const shownCharacters = 400
const newline = 10
const speaksOfError = /\b(?:error|fail(?:ed|ure|ing)?|fatal|panic|exception|traceback|segmentation fault)\b/i

type Found = Omit<LogHits, 'sizeBytes' | 'found'>
type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/**
 * Counts what occurs in a log and where it speaks of an error first, in bounded memory, piece by piece. Matches of no
 * characters do not count. Throws `usage` for an expression that is none. An expression may take any time: run this
 * where it can be ended.
 */
export async function searchLog(log: LogParts, streams: LogStreams, query: LogQuery): Promise<Found> {
  const expression = query.query === '' ? undefined : toExpression(query)
  const overlap = query.regex ? 0 : Buffer.byteLength(query.query) * 3
  const found: Mutable<Found> = {
    hits: 0,
    first: [],
    firstErrorOffset: null,
    firstErrorLine: null,
    firstErrorRow: null,
    truncated: false,
  }
  let firstStderr: { readonly offset: number; readonly line: number; readonly row: number } | undefined
  let line = 1
  /** Lines of the asked stream up to here. */
  let row = 0
  let rowOf = -1
  /** Behind the last match: what is searched again begins there. */
  let matchedTo = 0

  const search = (bytes: Buffer, start: number): void => {
    const text = bytes.toString('utf8')
    const stream = streams.at(start)
    const counts = query.stream === 'all' || stream === query.stream
    if (counts && rowOf !== line) {
      rowOf = line
      row++
    }
    if (counts && stream === 'stderr') firstStderr ??= { offset: start, line, row }
    if (counts && found.firstErrorOffset === null && speaksOfError.test(text)) {
      found.firstErrorOffset = start
      found.firstErrorLine = line
      found.firstErrorRow = row
    }
    if (!expression) return
    let [before, to] = [0, 0]
    expression.lastIndex = 0
    for (let match = expression.exec(text); match; match = expression.exec(text)) {
      if (match[0] === '') {
        expression.lastIndex += (text.codePointAt(match.index) ?? 0) > 0xffff ? 2 : 1
        continue
      }
      before += Buffer.byteLength(text.slice(to, match.index))
      // Bytes that are no UTF-8 are longer as text: the place is near then, not exact.
      const offset = start + Math.min(before, bytes.length - 1)
      before += Buffer.byteLength(match[0])
      to = match.index + match[0].length
      matchedTo = start + Math.min(before, bytes.length)
      if (query.stream !== 'all' && streams.at(offset) !== query.stream) continue
      found.hits++
      if (found.hits > query.skip && found.first.length < query.limit)
        found.first.push({ offset, line, row: Math.max(1, row), text: around(text, match.index) })
    }
  }

  /** Passes whole lines by in which nothing can be found, in one go. Gives their number of bytes: all of them, or none. */
  const skip = (lines: Buffer, from: number): number => {
    if (lines.length === 0 || query.stream !== 'all' || query.regex) return 0
    const text = lines.toString('utf8')
    if (expression) expression.lastIndex = 0
    if (expression?.test(text)) return 0
    const told = found.firstErrorOffset !== null
    if (!told && speaksOfError.test(text)) return 0
    if (!told && firstStderr === undefined && hasStderr(streams, from, from + lines.length)) return 0
    const count = countNewlines(lines)
    row += rowOf === line ? count - 1 : count // A long line was counted with its first piece.
    line += count
    return lines.length
  }

  let start = 0
  let rest: Buffer = Buffer.alloc(0)
  while (start + rest.length < log.sizeBytes) {
    const piece = await log.read(start + rest.length, pieceBytes)
    if (piece.length === 0) break
    const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece])
    let at = skip(bytes.subarray(0, bytes.lastIndexOf(newline) + 1), start)
    for (let end = bytes.indexOf(newline, at); end !== -1; end = bytes.indexOf(newline, at)) {
      search(bytes.subarray(at, end), start + at)
      at = end + 1
      line++
    }
    start += at
    rest = bytes.subarray(at)
    if (rest.length <= longLineBytes) continue
    const whole = rest.subarray(0, rest.length - unfinishedBytes(rest))
    search(whole, start)
    if (query.regex) found.truncated = true
    const kept = characterStart(rest, Math.max(whole.length - overlap, Math.min(matchedTo - start, whole.length)))
    start += kept
    rest = rest.subarray(kept)
  }
  if (rest.length > 0) search(rest, start)
  if (found.firstErrorOffset === null && firstStderr) {
    found.firstErrorOffset = firstStderr.offset
    found.firstErrorLine = firstStderr.line
    found.firstErrorRow = firstStderr.row
  }
  return found
}

function hasStderr(streams: LogStreams, from: number, to: number): boolean {
  return streams.within(from, to).some(([stream]) => stream === 'stderr')
}

function countNewlines(bytes: Buffer): number {
  let count = 0
  for (let at = bytes.indexOf(newline); at !== -1; at = bytes.indexOf(newline, at + 1)) count++
  return count
}

function toExpression({ query, regex, caseSensitive }: LogQuery): RegExp {
  const source = regex ? query : query.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
  const flags = `g${caseSensitive ? '' : 'i'}`
  try {
    return new RegExp(source, `${flags}u`)
  } catch {
    try {
      return new RegExp(source, flags)
    } catch (error) {
      throw new RundeskError('usage', `This is no regular expression: ${error instanceof Error ? error.message : ''}`, {
        cause: error,
      })
    }
  }
}

/** The nearest place at or before `from` that is not inside a character. */
function characterStart(bytes: Uint8Array, from: number): number {
  let at = from
  while (at > 0 && from - at < 3 && ((bytes[at] ?? 0) & 0xc0) === 0x80) at--
  return at
}

function around(text: string, index: number): string {
  const from = text.length <= shownCharacters ? 0 : Math.max(0, index - shownCharacters / 2)
  return text.slice(from, from + shownCharacters)
}
