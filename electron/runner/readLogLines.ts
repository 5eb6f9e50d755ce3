import type { LogFilter, LogLines } from '../../shared/logs'
import { type Counts, countsOf, createIndexedLogs, lineWords, maxLineBytes } from './indexedLog'
import { createLogIndex, type LogIndex, type LogPlace } from './logIndex'
import type { LogParts } from './logParts'
import type { LogStreams } from './logStreams'
import type { LogChoice } from './readAttemptLog'

type Line = LogLines['lines'][number]

const pieceBytes = 256 * 1024

const ask = createIndexedLogs<LogIndex, ''>({
  name: 'log lines',
  most: 16,
  make: (_kind, counts) => createLogIndex(counts),
})

/**
 * Reads lines of a log by their number, from 1, or those of one stream by their number among these. The lines asked for
 * are there when they exist, the total may still grow. A line is of the stream of its first byte; what no mark tells yet
 * is of neither.
 */
export function readLogLines({
  fromLine,
  count,
  stream = 'all',
  ...choice
}: LogChoice & {
  readonly fromLine: number
  readonly count: number
  readonly stream?: LogFilter
}): Promise<LogLines> {
  const last = fromLine + count - 1
  return ask(choice, {
    stream,
    kind: '',
    mayEnd: (index) => index.lines() > last,
    read: ({ log, streams, index }) =>
      readLines(log, {
        place: index.near(fromLine),
        streams,
        counts: countsOf(stream, streams),
        fromRow: fromLine,
        count: Math.min(count, index.lines() - fromLine + 1),
      }),
  })
}

async function readLines(
  log: LogParts,
  {
    place,
    streams,
    counts,
    fromRow,
    count,
  }: {
    readonly place: LogPlace
    readonly streams: LogStreams
    readonly counts: Counts
    readonly fromRow: number
    readonly count: number
  },
): Promise<Line[]> {
  const lines: Line[] = []
  let { row, line: number, offset } = place
  let start = offset
  let head: Buffer = Buffer.alloc(0)
  const end = (): void => {
    const cut = offset - start > maxLineBytes
    if (counts(start) && row++ >= fromRow)
      lines.push({ number, offset: start, stream: streams.at(start), text: lineWords(head), cut })
    number++
  }
  while (lines.length < count) {
    const piece = await log.read(offset, pieceBytes)
    if (piece.length === 0) break
    for (let at = 0; at < piece.length && lines.length < count; ) {
      const found = piece.indexOf(10, at)
      const stop = found === -1 ? piece.length : found
      head = Buffer.concat([head, piece.subarray(at, Math.min(stop, at + maxLineBytes - head.length))])
      offset += stop - at
      if (found === -1) break
      end()
      offset++
      at = stop + 1
      start = offset
      head = Buffer.alloc(0)
    }
  }
  if (lines.length < count && offset > start) end()
  return lines
}
