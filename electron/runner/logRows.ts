import type { LogBlock } from './logBlocks'

const newline = 10

/** Where something stands; both numbers count from 1. */
export interface LogRow {
  readonly offset: number
  /** Among all lines. */
  readonly line: number
  /** Among the lines that count. */
  readonly row: number
}

/** Numbers lines. It is to be asked about every block from the start of the log on, until nothing more is to be numbered. */
export interface RowCounter {
  /** The lines in which these offsets stand, each in the block or where its first line begins. */
  readonly locate: (block: LogBlock, offsets: readonly number[]) => ReadonlyMap<number, LogRow>
}

/** Makes a counter of the lines whose first byte `counts`; without it, of all. */
export function createRowCounter(counts: ((offset: number) => boolean) | undefined): RowCounter {
  let line = 1
  let row = !counts || counts(0) ? 1 : 0
  let seen = 0
  const advance = ({ bytes, start }: LogBlock, offset: number): void => {
    const end = offset - start
    for (let at = bytes.indexOf(newline, seen - start); at !== -1 && at < end; at = bytes.indexOf(newline, at + 1)) {
      line++
      if (!counts || counts(start + at + 1)) row++
    }
    seen = offset
  }
  return {
    locate: (block, offsets) => {
      const rows = new Map<number, LogRow>()
      for (const offset of offsets.toSorted((one, other) => one - other)) {
        if (offset > seen) advance(block, offset)
        rows.set(offset, { offset, line, row: Math.max(1, row) })
      }
      advance(block, block.start + block.bytes.length)
      return rows
    },
  }
}
