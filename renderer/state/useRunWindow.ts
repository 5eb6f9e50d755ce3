import { useEffect, useRef, useState } from 'react'
import type { RunPage } from '../../shared/contract'
import { type Failure, toFailure } from '../../shared/outcome'
import type { RunFilter } from '../../shared/rules/runFilters'
import type { Run } from '../../shared/runs'
import { useClient } from './client'

const pageSize = 100

/** What is asked of the run list. */
export interface RunListQuestion {
  readonly workspaceId: string | null
  readonly filter: RunFilter
  readonly search: string
}

export interface RunWindow {
  readonly rowAt: (index: number) => Run | undefined
  readonly total: number
  readonly counts: RunPage['counts'] | null
  readonly loading: RunPage['loading']
  readonly failure: Failure | null
  /** False until the first answer. */
  readonly known: boolean
  /** Rows that came on top since the list was last brought to its newest. */
  readonly newRows: number
  /** Tells which rows are on the screen: only their pages are held. */
  readonly show: (first: number, last: number) => void
  /** Brings the newest rows into the list. */
  readonly toNewest: () => void
  readonly retry: () => void
}

interface State {
  readonly pages: ReadonlyMap<number, readonly Run[]>
  readonly total: number
  readonly counts: RunPage['counts'] | null
  readonly loading: RunPage['loading']
  readonly failure: Failure | null
  readonly known: boolean
}

const empty: State = { pages: new Map(), total: 0, counts: null, loading: null, failure: null, known: false }

/**
 * The rows of a list of any size, by pages of 100. While `held` (somebody has scrolled down) new rows on top are
 * announced instead of moving what is shown.
 */
export function useRunWindow(question: RunListQuestion, held: boolean): RunWindow {
  const client = useClient()
  const [state, setState] = useState(empty)
  /** The total when the list was last at its newest: rows beyond it are new. */
  const [baseTotal, setBaseTotal] = useState<number | null>(null)
  const [range, setRange] = useState<readonly [number, number]>([0, 50])
  const [revision, setRevision] = useState(0)
  const asked = useRef(0)
  const { workspaceId, filter, search } = question
  const newRows = held && baseTotal !== null ? Math.max(0, state.total - baseTotal) : 0
  const shift = newRows

  useEffect(() => {
    let waiting: ReturnType<typeof setTimeout> | undefined
    const stop = client.on('runs:changed', (event) => {
      if (workspaceId !== null && event.workspaceId !== workspaceId) return
      waiting ??= setTimeout(() => {
        waiting = undefined
        setRevision((known) => known + 1)
      }, 120)
    })
    return () => {
      stop()
      clearTimeout(waiting)
    }
  }, [client, workspaceId])

  // biome-ignore lint/correctness/useExhaustiveDependencies: another question starts afresh
  useEffect(() => {
    setState(empty)
    setBaseTotal(null)
    setRange([0, 50])
  }, [workspaceId, filter, search])

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new revision asks the same again
  useEffect(() => {
    const number = ++asked.current
    const first = Math.floor((range[0] + shift) / pageSize)
    const last = Math.floor((range[1] + shift) / pageSize)
    const wanted = Array.from({ length: last - first + 1 }, (_, index) => first + index)
    const ask = (page: number): Promise<RunPage> =>
      client.request('runs:query', { workspaceId, filter, search, offset: page * pageSize, limit: pageSize })
    Promise.all(wanted.map(ask)).then(
      (answers) => {
        const [one] = answers
        if (number !== asked.current || !one) return
        const pages = new Map(wanted.map((page, index) => [page, answers[index]?.rows ?? []]))
        setState({ pages, total: one.total, counts: one.counts, loading: one.loading, failure: null, known: true })
        setBaseTotal((known) => (known === null || !held ? one.total : known))
      },
      (error: unknown) => {
        if (number === asked.current) setState((known) => ({ ...known, failure: toFailure(error) }))
      },
    )
  }, [client, workspaceId, filter, search, range[0], range[1], revision, shift, held])

  return {
    rowAt: (index) => state.pages.get(Math.floor((index + shift) / pageSize))?.[(index + shift) % pageSize],
    total: state.total - shift,
    counts: state.counts,
    loading: state.loading,
    failure: state.failure,
    known: state.known,
    newRows,
    show: (first, last) => {
      const from = Math.floor(first / pageSize) * pageSize
      const to = Math.floor(last / pageSize) * pageSize
      setRange((known) => (known[0] === from && known[1] === to ? known : [from, to]))
    },
    toNewest: () => setBaseTotal(state.total),
    retry: () => setRevision((known) => known + 1),
  }
}
