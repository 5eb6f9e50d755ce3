import { type FileHandle, open } from 'node:fs/promises'
import type { LogStream } from '../../shared/logs'
import { dropOldest } from '../../shared/rules/dropOldest'
import { withMutex } from '../files/mutex'
import { streamMarksFile } from './attemptLog'

/** Which bytes of a log are stdout and which stderr. */
export interface LogStreams {
  /** Was the log finished? One of a runner that died never is. */
  readonly ended: () => boolean
  /** Whose byte stands there. What no mark tells yet belongs to the stream before it. */
  readonly at: (offset: number) => LogStream
  /** So many bytes of the log, from its start, the marks tell of: all of it where there are no marks. */
  readonly toldBytes: () => number
  /** The streams of a range, in order: each with its number of bytes. */
  readonly within: (from: number, to: number) => readonly (readonly [LogStream, number])[]
}

interface GrowingStreams extends LogStreams {
  /** Takes the next marks in: whole lines. */
  readonly take: (text: string) => void
  readonly readBytes: () => number
}

const pieceBytes = 128 * 1024
const keptLogs = 16
const kept = new Map<string, GrowingStreams>()

/** Reads the marks beside a log; what was read before is kept. Without marks everything counts as stdout. */
export function readLogStreams(logPath: string): Promise<LogStreams> {
  return withMutex(`log streams ${logPath}`, async () => {
    const handle = await open(streamMarksFile(logPath), 'r').catch(() => undefined)
    if (!handle) return { ...createLogStreams(), toldBytes: () => Number.POSITIVE_INFINITY }
    try {
      let streams = kept.get(logPath) ?? createLogStreams()
      if ((await handle.stat()).size < streams.readBytes()) streams = createLogStreams()
      keep(logPath, streams)
      await readMarks(handle, streams)
      return streams
    } finally {
      await handle.close()
    }
  })
}

async function readMarks(handle: FileHandle, streams: GrowingStreams): Promise<void> {
  const buffer = Buffer.allocUnsafe(pieceBytes)
  for (;;) {
    const { bytesRead } = await handle.read(buffer, 0, pieceBytes, streams.readBytes())
    const whole = buffer.subarray(0, bytesRead).lastIndexOf(10) + 1
    if (whole === 0) return
    streams.take(buffer.toString('latin1', 0, whole))
  }
}

function keep(logPath: string, streams: GrowingStreams): void {
  kept.delete(logPath)
  kept.set(logPath, streams)
  dropOldest(kept, keptLogs)
}

/** Streams as marks tell them: lines `o BYTES` and `e BYTES` in the order of the log, `end` behind the last. */
export function createLogStreams(): GrowingStreams {
  const ends: number[] = []
  const streams: LogStream[] = []
  let offset = 0
  let readBytes = 0
  let ended = false
  /** The index of the first range that ends behind the offset. */
  const find = (wanted: number): number => {
    let [low, high] = [0, ends.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((ends[middle] ?? 0) > wanted) high = middle
      else low = middle + 1
    }
    return Math.min(low, Math.max(0, ends.length - 1))
  }
  return {
    take: (text) => {
      readBytes += text.length
      for (const line of text.split('\n')) {
        if (line === 'end') ended = true
        const bytes = Number(line.slice(2))
        if (!(bytes > 0)) continue
        const stream = line[0] === 'e' ? 'stderr' : 'stdout'
        offset += bytes
        if (streams.at(-1) === stream) ends[ends.length - 1] = offset
        else {
          ends.push(offset)
          streams.push(stream)
        }
      }
    },
    readBytes: () => readBytes,
    ended: () => ended,
    toldBytes: () => offset,
    at: (wanted) => streams[find(wanted)] ?? 'stdout',
    within: (from, to) => {
      const ranges: [LogStream, number][] = []
      for (let index = find(from), at = from; at < to; index++) {
        const end = index >= ends.length - 1 ? to : Math.min(to, ends[index] ?? to)
        if (end > at) ranges.push([streams[Math.min(index, streams.length - 1)] ?? 'stdout', end - at])
        at = end
      }
      return ranges
    },
  }
}
