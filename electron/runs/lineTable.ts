import type { LinePlace } from '../files/journal'

/** Where every line of the file stands, and which line of the same run came before it. */
export interface LineTable {
  /** A line that starts here and belongs to no run so far. Gives its index, from 0. */
  readonly add: (offset: number) => number
  /** The line belongs to a run whose newest line so far was `previous`, or -1. */
  readonly link: (line: number, previous: number) => void
  /** The line of the same run before this one, or -1. */
  readonly previous: (line: number) => number
  /** `endOffset` is behind the newline of the last line of all. */
  readonly place: (line: number, endOffset: number) => LinePlace
  readonly size: () => number
  readonly toParts: () => LineTableParts
}

/** The table as plain memory, for the snapshot. */
export interface LineTableParts {
  readonly offsets: Float64Array
  readonly previous: Uint32Array
}

const none = 0xffffffff

/** Twelve bytes a line, no objects. */
export function createLineTable(parts?: LineTableParts): LineTable {
  let size = parts?.offsets.length ?? 0
  let offsets = parts?.offsets ?? new Float64Array(1024)
  let previous = parts?.previous ?? new Uint32Array(1024)

  const grow = (): void => {
    const capacity = Math.max(1024, offsets.length * 2)
    const moreOffsets = new Float64Array(capacity)
    const morePrevious = new Uint32Array(capacity)
    moreOffsets.set(offsets)
    morePrevious.set(previous)
    offsets = moreOffsets
    previous = morePrevious
  }

  return {
    add: (offset) => {
      if (size === offsets.length) grow()
      offsets[size] = offset
      previous[size] = none
      return size++
    },
    link: (line, before) => {
      previous[line] = before === -1 ? none : before
    },
    previous: (line) => {
      const before = previous[line] ?? none
      return before === none ? -1 : before
    },
    place: (line, endOffset) => {
      const offset = offsets[line] ?? 0
      const end = line + 1 < size ? (offsets[line + 1] ?? endOffset) : endOffset
      return { offset, length: end - offset - 1, number: line + 1 }
    },
    size: () => size,
    toParts: () => ({ offsets: offsets.subarray(0, size), previous: previous.subarray(0, size) }),
  }
}
