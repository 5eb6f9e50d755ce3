import type { LogFilter, LogLines } from '../../shared/logs'
import { dropOldest } from '../../shared/rules/dropOldest'
import { withMutex } from '../files/mutex'
import { type LogParts, openLogParts } from './logParts'
import { type LogStreams, readLogStreams } from './logStreams'
import { findAttemptLog, type LogChoice } from './readAttemptLog'

type Line = LogLines['lines'][number]

/** Longer lines are cut. */
export const maxLineBytes = 16 * 1024
/** So long a question may look through a log that nobody asked about before; then it tells what is known so far. */
const patienceMs = 200
const missing: LogLines = { lines: [], totalLines: 0, complete: true, sizeBytes: 0, found: false }

/** What is known of where the lines of a log stand. */
interface Index {
  readonly extend: (log: LogParts, enough: () => boolean) => Promise<void>
  readonly lines: () => number
  readonly isComplete: () => boolean
}

/** What a question looks into. */
export interface IndexedLog<Known extends Index> {
  readonly log: LogParts
  readonly streams: LogStreams
  readonly index: Known
}

/** Does the byte at this offset belong to what is asked for? */
export type Counts = (offset: number) => boolean

/** Answers questions for lines by an index for each kind of question about a log; those last asked about are kept. */
export function createIndexedLogs<Known extends Index, Kind extends string>({
  name,
  most,
  make,
}: {
  /** Questions of one name about one log wait for each other. */
  readonly name: string
  readonly most: number
  /** A new index; `kind` is what the question is narrowed by besides the stream. */
  readonly make: (kind: Kind, counts: Counts) => Known
}): (
  choice: LogChoice,
  question: {
    readonly stream: LogFilter
    readonly kind: Kind
    /** May it answer now, although more of the log could be looked at? */
    readonly mayEnd: (index: Known) => boolean
    readonly read: (log: IndexedLog<Known>) => Promise<Line[]>
  },
) => Promise<LogLines> {
  const indexes = new Map<string, { readonly index: Known; readonly streams: LogStreams }>()
  const indexOf = (
    path: string,
    { stream, kind, streams }: { readonly stream: LogFilter; readonly kind: Kind; readonly streams: LogStreams },
  ): Known => {
    const key = `${stream} ${kind} ${path}`
    const known = indexes.get(key)
    const fits = known && (stream === 'all' || known.streams === streams)
    const kept = fits ? known : { index: make(kind, countsOf(stream, streams)), streams }
    indexes.delete(key)
    indexes.set(key, kept)
    dropOldest(indexes, most)
    return kept.index
  }
  return async (choice, { stream, kind, mayEnd, read }) => {
    const path = await findAttemptLog(choice)
    if (path === undefined) return missing
    return withMutex(`${name} ${path}`, async () => {
      const log = await openLogParts(path)
      if (!log) return missing
      const streams = await readLogStreams(path)
      const index = indexOf(path, { stream, kind, streams })
      const giveUpAt = performance.now() + patienceMs
      const sizeBytes = stream === 'all' ? log.sizeBytes : Math.min(log.sizeBytes, streams.toldBytes())
      await index.extend({ ...log, sizeBytes }, () => mayEnd(index) && performance.now() > giveUpAt)
      return {
        lines: await read({ log, streams, index }),
        totalLines: index.lines(),
        complete: index.isComplete(),
        sizeBytes: log.sizeBytes,
        found: true,
      }
    })
  }
}

/** Tells what belongs to a stream. */
export function countsOf(stream: LogFilter, streams: LogStreams): Counts {
  return stream === 'all' ? () => true : (offset) => streams.at(offset) === stream
}

/** A line's bytes, perhaps cut, as text. */
export function lineWords(bytes: Buffer): string {
  return bytes.toString('utf8').replace(/\r$/, '')
}
