import type { LogLines } from '../../shared/logs'
import { withMutex } from '../files/mutex'
import { createLogIndex, type LogIndex } from './logIndex'
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

const indexes = new Map<string, LogIndex>()

/** Reads lines of a log by their number, from 1. The lines asked for are there when they exist, the total may still grow. */
export async function readLogLines({
  fromLine,
  count,
  ...choice
}: LogChoice & { readonly fromLine: number; readonly count: number }): Promise<LogLines> {
  const path = await findAttemptLog(choice)
  if (path === undefined) return missing
  return withMutex(`log lines ${path}`, async () => {
    const log = await openLogParts(path)
    if (!log) return missing
    const index = indexOf(path)
    const giveUpAt = performance.now() + patienceMs
    const last = fromLine + count - 1
    await index.extend(log, () => index.lines() > last && performance.now() > giveUpAt)
    const streams = await readLogStreams(path)
    return {
      lines: await readLines(log, { index, streams, fromLine, count: Math.min(count, index.lines() - fromLine + 1) }),
      totalLines: index.lines(),
      complete: index.isComplete(),
      sizeBytes: log.sizeBytes,
      found: true,
    }
  })
}

/** The index of a log, kept for those that were last asked about. */
function indexOf(path: string): LogIndex {
  const index = indexes.get(path) ?? createLogIndex()
  indexes.delete(path)
  indexes.set(path, index)
  for (const oldest of indexes.keys()) {
    if (indexes.size <= keptLogs) break
    indexes.delete(oldest)
  }
  return index
}

async function readLines(
  log: LogParts,
  {
    index,
    streams,
    fromLine,
    count,
  }: {
    readonly index: LogIndex
    readonly streams: LogStreams
    readonly fromLine: number
    readonly count: number
  },
): Promise<Line[]> {
  const lines: Line[] = []
  let { line: number, offset } = index.near(fromLine)
  let start = offset
  let head: Buffer = Buffer.alloc(0)
  const end = (): void => {
    const cut = offset - start > maxLineBytes
    const text = head.toString('utf8').replace(/\r$/, '')
    if (number >= fromLine) lines.push({ number, offset: start, stream: streams.at(start), text, cut })
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
