import type { LogFilter, LogLines } from '../../shared/logs'
import type { LogLevel } from '../../shared/rules/logLevel'
import { withMutex } from '../files/mutex'
import { createLevelIndex, type LevelIndex } from './levelIndex'
import { type LogParts, openLogParts } from './logParts'
import { type LogStreams, readLogStreams } from './logStreams'
import { findAttemptLog, type LogChoice } from './readAttemptLog'

type Line = LogLines['lines'][number]

const missing: LogLines = { lines: [], totalLines: 0, complete: true, sizeBytes: 0, found: false }
/** Longer lines are cut. */
const maxLineBytes = 16 * 1024
/** Lines that stand close together are read in one go. */
const windowBytes = 256 * 1024
/** So long a question may look for lines; then it tells what is known so far. */
const patienceMs = 200
const keptIndexes = 3

const indexes = new Map<string, { readonly index: LevelIndex; readonly streams: LogStreams }>()

/**
 * Reads lines of a log that have at least a level, or belong to one that has, by their number from 1 among these. As
 * `readLogLines`: what is asked for may come only once more of the log was looked at.
 */
export async function readLevelLines({
  fromLine,
  count,
  stream,
  level,
  ...choice
}: LogChoice & {
  readonly fromLine: number
  readonly count: number
  readonly stream: LogFilter
  readonly level: LogLevel
}): Promise<LogLines> {
  const path = await findAttemptLog(choice)
  if (path === undefined) return missing
  return withMutex(`log levels ${path}`, async () => {
    const log = await openLogParts(path)
    if (!log) return missing
    const streams = await readLogStreams(path)
    const index = indexOf(path, { stream, level, streams })
    const giveUpAt = performance.now() + patienceMs
    const sizeBytes = stream === 'all' ? log.sizeBytes : Math.min(log.sizeBytes, streams.toldBytes())
    await index.extend({ ...log, sizeBytes }, () => performance.now() > giveUpAt)
    return {
      lines: await readLines(log, { index, streams, fromLine, count }),
      totalLines: index.lines(),
      complete: index.isComplete(),
      sizeBytes: log.sizeBytes,
      found: true,
    }
  })
}

/** The index of a log's lines of a level, kept for those that were last asked about. */
function indexOf(
  path: string,
  { stream, level, streams }: { readonly stream: LogFilter; readonly level: LogLevel; readonly streams: LogStreams },
): LevelIndex {
  const key = `${stream} ${level} ${path}`
  const known = indexes.get(key)
  const fits = known && (stream === 'all' || known.streams === streams)
  const counts = (offset: number): boolean => stream === 'all' || streams.at(offset) === stream
  const kept = fits ? known : { index: createLevelIndex(level, counts), streams }
  indexes.delete(key)
  indexes.set(key, kept)
  for (const oldest of indexes.keys()) {
    if (indexes.size <= keptIndexes) break
    indexes.delete(oldest)
  }
  return kept.index
}

async function readLines(
  log: LogParts,
  {
    index,
    streams,
    fromLine,
    count,
  }: {
    readonly index: LevelIndex
    readonly streams: LogStreams
    readonly fromLine: number
    readonly count: number
  },
): Promise<Line[]> {
  const lines: Line[] = []
  let window: { readonly offset: number; readonly bytes: Buffer } = { offset: 0, bytes: Buffer.alloc(0) }
  for (let row = fromLine; row < fromLine + count; row++) {
    const place = index.at(row)
    if (!place) break
    const { line: number, offset } = place
    const end = window.offset + window.bytes.length
    if (offset < window.offset || offset + maxLineBytes + 1 > end)
      window = { offset, bytes: await log.read(offset, windowBytes) }
    const from = offset - window.offset
    const newline = window.bytes.indexOf(10, from)
    const to = newline === -1 ? window.bytes.length : newline
    const kept = window.bytes.subarray(from, Math.min(to, from + maxLineBytes))
    const text = kept.toString('utf8').replace(/\r$/, '')
    lines.push({ number, offset, stream: streams.at(offset), text, cut: to - from > maxLineBytes })
  }
  return lines
}
