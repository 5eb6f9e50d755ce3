export const pageSize = 100
/** So many pages are held: those around the screen. */
const mostPages = 8
/** So many rows are promised behind the last that is known, while there are more. */
const promisedRows = 50

/** The pages of a list whose length nobody knows before its end was seen. */
export interface SourcePages<Row> {
  readonly rows: ReadonlyMap<number, readonly Row[]>
  /** So many rows are known to be there. */
  readonly reached: number
  readonly ended: boolean
}

export const noPages: SourcePages<never> = { rows: new Map(), reached: 0, ended: false }

/** A page as it is answered. */
export interface AnsweredPage<Row> {
  readonly rows: readonly Row[]
  /** Are there rows behind these? */
  readonly more: boolean
  /** Null where nobody counts. */
  readonly total: number | null
}

/** Takes in a page that stands at `offset`. Pages that are far from it are let go. */
export function withPage<Row>(
  pages: SourcePages<Row>,
  offset: number,
  { rows, more, total }: AnsweredPage<Row>,
): SourcePages<Row> {
  const at = offset / pageSize
  const end = offset + rows.length
  const near = [...pages.rows].filter(([page]) => page !== at && Math.abs(page - at) < mostPages / 2)
  const kept = more ? near : near.filter(([page]) => page < at)
  return {
    rows: new Map([...kept, [at, rows]]),
    reached: more ? (total ?? Math.max(pages.reached, end)) : end,
    ended: !more || total !== null,
  }
}

/** What stands at an index; undefined where it is on its way. */
export function rowAt<Row>({ rows }: SourcePages<Row>, index: number): Row | undefined {
  return rows.get(Math.floor(index / pageSize))?.[index % pageSize]
}

/** So many rows the list has room for. */
export function countOf({ reached, ended }: SourcePages<unknown>): number {
  return ended ? reached : reached + promisedRows
}
