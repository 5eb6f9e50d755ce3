import { useEffect, useRef, useState } from 'react'
import type { Client } from '../../shared/client'
import { type Failure, toFailure } from '../../shared/outcome'
import { useClient } from './client'

const pageSize = 100
/** Changes are taken together for this long before the rows are asked for again, in ms. */
const gatherMs = 120

/** A list of any size of which only the pages on the screen are held. */
export interface PagedWindow<Row, Page> {
  readonly rowAt: (index: number) => Row | undefined
  /** The rows that are held now, wherever they stand. */
  readonly held: () => readonly Row[]
  /** Where the first such row of those that are held stands; null when none is. */
  readonly placeOf: (is: (row: Row) => boolean) => number | null
  readonly total: number
  /** The newest answer, for what it tells besides its rows; null before the first. */
  readonly page: Page | null
  readonly failure: Failure | null
  /** Rows that came on top since the list was last brought to its newest. */
  readonly newRows: number
  /** Tells which rows are on the screen. */
  readonly show: (first: number, last: number) => void
  /** Brings the newest rows into the list. */
  readonly toNewest: () => void
  readonly retry: () => void
}

interface State<Row, Page> {
  readonly rows: ReadonlyMap<number, readonly Row[]>
  readonly page: Page | null
  readonly failure: Failure | null
}

/**
 * The rows of a list by pages of 100. `key` names what is asked: another key starts afresh. While `keepsPlace`
 * (somebody has scrolled down in a list that is newest first) new rows on top are announced instead of moving what is
 * shown.
 */
export function usePagedWindow<Row, Page extends { readonly total: number }>({
  key,
  ask,
  rowsOf,
  listen,
  keepsPlace,
}: {
  readonly key: string
  readonly ask: (client: Client, part: { readonly offset: number; readonly limit: number }) => Promise<Page>
  readonly rowsOf: (page: Page) => readonly Row[]
  /** Calls back when the answer may have changed; gives what stops it. */
  readonly listen: (client: Client, onChange: () => void) => () => void
  readonly keepsPlace: boolean
}): PagedWindow<Row, Page> {
  const client = useClient()
  const [state, setState] = useState<State<Row, Page>>({ rows: new Map(), page: null, failure: null })
  /** The total when the list was last at its newest: rows beyond it are new. */
  const [baseTotal, setBaseTotal] = useState<number | null>(null)
  const [range, setRange] = useState<readonly [number, number]>([0, 50])
  const [revision, setRevision] = useState(0)
  const asked = useRef(0)
  const total = state.page?.total ?? 0
  const shift = keepsPlace && baseTotal !== null ? Math.max(0, total - baseTotal) : 0

  // biome-ignore lint/correctness/useExhaustiveDependencies: the same key listens to the same
  useEffect(() => {
    let waiting: ReturnType<typeof setTimeout> | undefined
    const stop = listen(client, () => {
      waiting ??= setTimeout(() => {
        waiting = undefined
        setRevision((known) => known + 1)
      }, gatherMs)
    })
    return () => {
      stop()
      clearTimeout(waiting)
    }
  }, [client, key])

  // biome-ignore lint/correctness/useExhaustiveDependencies: another question starts afresh
  useEffect(() => {
    setState({ rows: new Map(), page: null, failure: null })
    setBaseTotal(null)
    setRange([0, 50])
  }, [key])

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new revision asks the same again
  useEffect(() => {
    const number = ++asked.current
    const first = Math.floor((range[0] + shift) / pageSize)
    const last = Math.floor((range[1] + shift) / pageSize)
    const wanted = Array.from({ length: last - first + 1 }, (_, index) => first + index)
    Promise.all(wanted.map((page) => ask(client, { offset: page * pageSize, limit: pageSize }))).then(
      (answers) => {
        const [one] = answers
        if (number !== asked.current || !one) return
        const rows = new Map(answers.map((answer, index) => [first + index, rowsOf(answer)]))
        setState({ rows, page: one, failure: null })
        setBaseTotal((known) => (known === null || !keepsPlace ? one.total : known))
      },
      (error: unknown) => {
        if (number === asked.current) setState((known) => ({ ...known, failure: toFailure(error) }))
      },
    )
  }, [client, key, range[0], range[1], revision, shift, keepsPlace])

  return {
    rowAt: (index) => state.rows.get(Math.floor((index + shift) / pageSize))?.[(index + shift) % pageSize],
    held: () => [...state.rows.values()].flat(),
    placeOf: (is) => {
      for (const [page, rows] of state.rows) {
        const at = rows.findIndex(is)
        if (at >= 0) return page * pageSize + at - shift
      }
      return null
    },
    total: total - shift,
    page: state.page,
    failure: state.failure,
    newRows: shift,
    show: (first, last) => {
      const from = Math.floor(first / pageSize) * pageSize
      const to = Math.floor(last / pageSize) * pageSize
      setRange((known) => (known[0] === from && known[1] === to ? known : [from, to]))
    },
    toNewest: () => setBaseTotal(total),
    retry: () => setRevision((known) => known + 1),
  }
}
