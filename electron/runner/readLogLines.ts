import type { LogFilter, LogLines } from '../../shared/logs'
import { withMutex } from '../files/mutex'
import { createLogIndex, type LogIndex, type LogPlace } from './logIndex'
import { type LogParts, openLogParts } from './logParts'
import { type LogStreams, readLogStreams } from './logStreams'
import { findAttemptLog, type LogChoice } from './readAttemptLog'

type Line = LogLines['lines'][number]

const missing: LogLines = { lines: [], totalLines: 0, complete: true, sizeBytes: 0, found: false }
/** Longer lines are cut. */
const maxLineBytes = 16 * 1024
const pieceBytes = 256 * 1024
/** So long a question may look for the end of a log that nobody asked about before; then it tells what is known so far. */
const patienceMs = 200
const keptLogs = 16

const indexes = new Map<string, { readonly index: LogIndex; readonly streams: LogStreams }>()

/**
 * Reads lines of a log by their number, from 1, or those of one stream by their number among these. The lines asked for
 * are there when they exist, the total may still grow. A line is of the stream of its first byte; what no mark tells yet
 * is of neither.
 */
export async function readLogLines({
  fromLine,
  count,
  stream = 'all',
  ...choice
}: LogChoice & {
  readonly fromLine: number
  readonly count: number
  readonly stream?: LogFilter
}): Promise<LogLines> {
  const path = await findAttemptLog(choice)
  if (path === undefined) return missing
  return withMutex(`log lines ${path}`, async () => {
    const log = await openLogParts(path)
    if (!log) return missing
    const streams = await readLogStreams(path)
    const index = indexOf(path, { stream, streams })
    const giveUpAt = performance.now() + patienceMs
    const last = fromLine + count - 1
    const sizeBytes = stream === 'all' ? log.sizeBytes : Math.min(log.sizeBytes, streams.toldBytes())
    await index.extend({ ...log, sizeBytes }, () => index.lines() > last && performance.now() > giveUpAt)
    const counts = (offset: number): boolean => stream === 'all' || streams.at(offset) === stream
    const known = Math.min(count, index.lines() - fromLine + 1)
    return {
      lines: await readLines(log, { place: index.near(fromLine), streams, counts, fromRow: fromLine, count: known }),
      totalLines: index.lines(),
      complete: index.isComplete(),
      sizeBytes: log.sizeBytes,
      found: true,
    }
  })
}

/** The index of a log's lines of a stream, kept for those that were last asked about. */
function indexOf(
  path: string,
  { stream, streams }: { readonly stream: LogFilter; readonly streams: LogStreams },
): LogIndex {
  const key = `${stream} ${path}`
  const known = indexes.get(key)
  const counts = stream === 'all' ? undefined : (offset: number) => streams.at(offset) === stream
  const fits = known && (stream === 'all' || known.streams === streams)
  const kept = fits ? known : { index: createLogIndex(counts), streams }
  indexes.delete(key)
  indexes.set(key, kept)
  for (const oldest of indexes.keys()) {
    if (indexes.size <= keptLogs) break
    indexes.delete(oldest)
  }
  return kept.index
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
    readonly counts: (offset: number) => boolean
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
    const text = head.toString('utf8').replace(/\r$/, '')
    if (counts(start) && row++ >= fromRow) lines.push({ number, offset: start, stream: streams.at(start), text, cut })
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
