import { createBreath } from '../files/breath'
import type { LogParts } from './logParts'

/** Where the lines of a growing log begin, in little memory: the place of every 256th is kept. */
export interface LogIndex {
  /** How many lines were found that count. */
  readonly lines: () => number
  /** Has everything up to the log's present end been looked at? */
  readonly isComplete: () => boolean
  /** Looks at what was not looked at yet, until `enough`. The thread is given up all the while. */
  readonly extend: (log: Pick<LogParts, 'sizeBytes' | 'read'>, enough: () => boolean) => Promise<void>
  /** The nearest kept line at or before the wanted one of those that count, which is the first one's 1. */
  readonly near: (row: number) => LogPlace
}

/** Where a line stands. Both numbers count from 1. */
export interface LogPlace {
  /** Among the lines that count. */
  readonly row: number
  /** Among all lines. */
  readonly line: number
  readonly offset: number
}

const pieceBytes = 1024 * 1024
const every = 256
const newline = 10
const start: LogPlace = { row: 1, line: 1, offset: 0 }

/** Makes the index of one log, of the lines whose first byte `counts`. A torn last line is a line. */
export function createLogIndex(counts: (offset: number) => boolean = () => true): LogIndex {
  let places: LogPlace[] = []
  let rows = 0
  let newlines = 0
  let seen = 0
  /** Where the line begins whose end was not seen yet. */
  let begin = 0
  let size = 0

  const take = async (piece: Buffer): Promise<void> => {
    const breathe = createBreath(1024)
    for (let at = piece.indexOf(newline); at !== -1; at = piece.indexOf(newline, at + 1)) {
      newlines++
      if (counts(begin)) {
        if (rows % every === 0) places.push({ row: rows + 1, line: newlines, offset: begin })
        rows++
      }
      begin = seen + at + 1
      const pause = breathe()
      if (pause) await pause // A million lines would wait a million times.
    }
    seen += piece.length
  }
  return {
    lines: () => rows + (seen > begin && counts(begin) ? 1 : 0),
    isComplete: () => seen >= size,
    extend: async (log, enough) => {
      size = log.sizeBytes
      if (size < seen) {
        places = []
        rows = newlines = seen = begin = 0 // Another log took its place.
      }
      while (seen < size && !enough()) {
        const piece = await log.read(seen, Math.min(pieceBytes, size - seen))
        if (piece.length === 0) break
        await take(piece)
      }
    },
    near: (row) => places[Math.max(0, Math.min(places.length - 1, Math.floor((row - 1) / every)))] ?? start,
  }
}
