import { createBreath } from '../files/breath'
import type { LogParts } from './logParts'

/** Where the lines of a growing log begin, in little memory: the place of every 256th is kept. */
export interface LogIndex {
  readonly lines: () => number
  /** Has everything up to the log's present end been looked at? */
  readonly isComplete: () => boolean
  /** Looks at what was not looked at yet, until `enough`. The thread is given up all the while. */
  readonly extend: (log: LogParts, enough: () => boolean) => Promise<void>
  /** The place of the nearest kept line at or before the wanted one, which counts from 1. */
  readonly near: (line: number) => { readonly line: number; readonly offset: number }
}

const pieceBytes = 1024 * 1024
const every = 256
const newline = 10

/** Makes the index of one log. A torn last line counts as a line. */
export function createLogIndex(): LogIndex {
  let places: number[] = [0]
  let newlines = 0
  let seen = 0
  let known = 0
  let size = 0

  const take = async (piece: Buffer): Promise<void> => {
    const breathe = createBreath(1024)
    for (let at = piece.indexOf(newline); at !== -1; at = piece.indexOf(newline, at + 1)) {
      newlines++
      known = seen + at + 1
      if (newlines % every === 0) places.push(known)
      await breathe()
    }
    seen += piece.length
  }
  return {
    lines: () => newlines + (seen > known ? 1 : 0),
    isComplete: () => seen >= size,
    extend: async (log, enough) => {
      size = log.sizeBytes
      if (size < seen) {
        places = [0]
        newlines = seen = known = 0 // Another log took its place.
      }
      while (seen < size && !enough()) {
        const piece = await log.read(seen, pieceBytes)
        if (piece.length === 0) break
        await take(piece)
      }
    },
    near: (line) => {
      const index = Math.max(0, Math.min(places.length - 1, Math.floor((line - 1) / every)))
      return { line: index * every + 1, offset: places[index] ?? 0 }
    },
  }
}
