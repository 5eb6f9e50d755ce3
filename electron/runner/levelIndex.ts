import { isContinued, type LogLevel, levelCharacters, levelOf, logLevels } from '../../shared/rules/logLevel'
import { createBreath } from '../files/breath'
import type { LogParts } from './logParts'

/** Where the lines of a growing log begin that have at least a level. */
export interface LevelIndex {
  readonly lines: () => number
  /** Has everything up to the log's present end been looked at? */
  readonly isComplete: () => boolean
  /** Looks at what was not looked at yet, until `enough`. The thread is given up all the while. */
  readonly extend: (log: Pick<LogParts, 'sizeBytes' | 'read'>, enough: () => boolean) => Promise<void>
  /** Where a line stands, from 1, and its number among all lines; undefined when there is no such one. */
  readonly at: (row: number) => { readonly line: number; readonly offset: number } | undefined
}

const pieceBytes = 1024 * 1024

/** Makes the index of one log, of the lines from `level` on whose first byte `counts`. */
export function createLevelIndex(level: LogLevel, counts: (offset: number) => boolean): LevelIndex {
  const least = logLevels.indexOf(level)
  let offsets: number[] = []
  let numbers: number[] = []
  let line = 0
  let seen = 0
  let begin = 0
  let size = 0
  /** The beginning of the line whose end was not seen yet. */
  let head = ''
  /** Did the line before count? */
  let passed = false

  const passes = (text: string): boolean => {
    const own = levelOf(text)
    return own === null ? passed && isContinued(text) : own >= least
  }
  const endLine = (text: string): void => {
    line++
    passed = passes(text)
    if (!passed || !counts(begin)) return
    offsets.push(begin)
    numbers.push(line)
  }
  const take = async (piece: Buffer): Promise<void> => {
    const breath = createBreath(256)
    const text = piece.toString('latin1')
    let at = 0
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', at)) {
      const room = levelCharacters - head.length
      endLine(head + text.slice(at, Math.min(end, at + room)))
      head = ''
      at = end + 1
      begin = seen + at
      const pause = breath()
      if (pause) await pause
    }
    head += text.slice(at, at + levelCharacters - head.length)
    seen += piece.length
  }
  /** A last line without an end is a line. */
  const hasTail = (): boolean => seen > begin && passes(head) && counts(begin)

  return {
    lines: () => offsets.length + (hasTail() ? 1 : 0),
    isComplete: () => seen >= size,
    extend: async (log, enough) => {
      size = log.sizeBytes
      if (size < seen) {
        offsets = []
        numbers = []
        line = seen = begin = 0 // Another log took its place.
        head = ''
        passed = false
      }
      while (seen < size && !enough()) {
        const piece = await log.read(seen, Math.min(pieceBytes, size - seen))
        if (piece.length === 0) break
        await take(piece)
      }
    },
    at: (row) => {
      const offset = offsets[row - 1]
      if (offset !== undefined) return { line: numbers[row - 1] ?? 0, offset }
      return row === offsets.length + 1 && hasTail() ? { line: line + 1, offset: begin } : undefined
    },
  }
}
