/** No row of a text is longer, in characters: a line with more goes on in the next row. */
export const rowCharacters = 400

/** A long text as rows of a bounded length, taken from it when they are asked for. */
export interface TextRows {
  readonly count: number
  /** The text of a row, from 0. */
  readonly rowAt: (row: number) => string
}

/** Finds where the rows of a text begin; memory is four bytes per row besides the text. */
export function toTextRows(text: string): TextRows {
  const starts: number[] = []
  for (let at = 0; at <= text.length; ) {
    const newline = text.indexOf('\n', at)
    const end = newline === -1 ? text.length : newline
    starts.push(at)
    for (let next = at + rowCharacters; next < end; next += rowCharacters) starts.push(next)
    at = end + 1
  }
  const kept = Uint32Array.from(starts)
  return {
    count: kept.length,
    rowAt: (row) => {
      const from = kept[row] ?? text.length
      return text.slice(from, kept[row + 1] ?? text.length).replace(/\r?\n$/, '')
    },
  }
}
