import type { LogHits, LogQuery } from '../../shared/logs'
import { type LogBlock, readLogBlocks } from './logBlocks'
import { findPrintedError, findSpokenError } from './logErrors'
import { createMatcher } from './logMatches'
import type { LogParts } from './logParts'
import { createRowCounter, type LogRow } from './logRows'
import type { LogStreams } from './logStreams'

/** So much is looked at at once; a longer line in pieces. */
const usualPieceBytes = 1024 * 1024
const shownCharacters = 400
/** In so many bytes there are always more characters than are shown. */
const aroundBytes = 4 * shownCharacters
const newline = 10
/** No word that tells of an error is longer. */
const wordBytes = 64

type Found = Omit<LogHits, 'sizeBytes' | 'found'>

/**
 * Counts what occurs in a log and tells where it speaks of an error first, in bounded memory; when nothing is looked for
 * it stops at the error. Matches of no characters do not count. Throws `usage` for an expression that is none. An
 * expression may take any time: run this where it can be ended.
 */
export async function searchLog(
  log: LogParts,
  streams: LogStreams,
  { pieceBytes = usualPieceBytes, ...query }: LogQuery & { readonly pieceBytes?: number },
): Promise<Found> {
  const matcher = query.query === '' ? undefined : createMatcher(query)
  const counts = (offset: number): boolean => query.stream === 'all' || streams.at(offset) === query.stream
  const rows = createRowCounter(query.stream === 'all' ? undefined : counts)
  const first: Found['first'] = []
  let [hits, truncated, matchedTo] = [0, false, 0]
  /** The first line that speaks of an error, and the first of stderr. */
  let spoken: LogRow | undefined
  let printed: LogRow | undefined

  /** Counts the hits of a block and gives the offsets of those that are to be told. */
  const findHits = (block: LogBlock): readonly number[] => {
    const told: number[] = []
    matcher?.visit(block, Math.max(matchedTo, block.start), (from, to) => {
      matchedTo = to
      if (!counts(from)) return
      hits++
      if (hits > query.skip && first.length + told.length < query.limit) told.push(from)
    })
    if (block.isTorn && matcher?.needsWholeLines) truncated = true
    return told
  }

  const overlapBytes = wordBytes + (matcher?.longestBytes ?? 0)
  for await (const block of readLogBlocks(log, { pieceBytes, overlapBytes })) {
    const isNumbered = !spoken || (matcher && first.length < query.limit)
    const said = spoken ? null : findSpokenError(block, counts)
    const wrote = spoken || printed || query.stream === 'stdout' ? null : findPrintedError(block, streams)
    const told = findHits(block)
    if (!isNumbered) continue
    const located = rows.locate(
      block,
      [said, wrote, ...told].filter((offset) => offset !== null),
    )
    if (said !== null) spoken = located.get(said)
    if (wrote !== null) printed = located.get(wrote)
    for (const offset of told) {
      const row = located.get(offset)
      if (row) first.push({ ...row, text: around(block, offset) })
    }
    if (spoken && !matcher) break
  }
  const error = spoken ?? printed
  return {
    hits,
    first,
    firstErrorOffset: error?.offset ?? null,
    firstErrorLine: error?.line ?? null,
    firstErrorRow: error?.row ?? null,
    truncated,
  }
}

/** The line around a match, cut to what is shown. */
function around({ bytes, start }: LogBlock, offset: number): string {
  const at = offset - start
  const begin = Math.max(bytes.lastIndexOf(newline, at) + 1, at - aroundBytes)
  const newlineAt = bytes.indexOf(newline, at)
  const end = Math.min(newlineAt === -1 ? bytes.length : newlineAt, at + aroundBytes)
  const before = bytes.toString('utf8', begin, at)
  const text = before + bytes.toString('utf8', at, end).replace(/\r$/, '')
  const from = text.length <= shownCharacters ? 0 : Math.max(0, before.length - shownCharacters / 2)
  return text.slice(from, from + shownCharacters)
}
