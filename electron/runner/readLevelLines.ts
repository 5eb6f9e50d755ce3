import type { LogFilter, LogLines } from '../../shared/logs'
import type { LogLevel } from '../../shared/rules/logLevel'
import { createIndexedLogs, type IndexedLog, lineWords, maxLineBytes } from './indexedLog'
import { createLevelIndex, type LevelIndex } from './levelIndex'
import type { LogChoice } from './readAttemptLog'

type Line = LogLines['lines'][number]

/** Lines that stand close together are read in one go. */
const windowBytes = 256 * 1024

const ask = createIndexedLogs<LevelIndex, LogLevel>({ name: 'log levels', most: 3, make: createLevelIndex })

/**
 * Reads lines of a log that have at least a level, or belong to one that has, by their number from 1 among these. As
 * `readLogLines`: what is asked for may come only once more of the log was looked at.
 */
export function readLevelLines({
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
  return ask(choice, {
    stream,
    kind: level,
    mayEnd: () => true,
    read: (log) => readLines(log, { fromLine, count }),
  })
}

async function readLines(
  { log, streams, index }: IndexedLog<LevelIndex>,
  { fromLine, count }: { readonly fromLine: number; readonly count: number },
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
    lines.push({ number, offset, stream: streams.at(offset), text: lineWords(kept), cut: to - from > maxLineBytes })
  }
  return lines
}
