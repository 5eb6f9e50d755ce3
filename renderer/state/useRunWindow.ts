import { useEffect, useRef, useState } from 'react'
import type { Failure } from '../../shared/outcome'
import { toFailure } from '../../shared/outcome'
import type { RunAsk, RunPage } from '../../shared/runList'
import type { Run } from '../../shared/runs'
import { useClient } from './client'
import type { PagedWindow } from './usePagedWindow'

const pageSize = 100
/** Changes are taken together for so long, and for longer where an answer takes long, in ms. */
const gatherMs = 120
const answersPerPause = 4
/** So many pages on each side of those on the screen are kept and fetched, so that a scroll finds its rows there. */
const pagesBeside = 3

export interface RunWindow extends PagedWindow<Run, RunPage> {
  /** The question that the rows answer: while a new one is on its way, the rows of the last one stay. */
  readonly answered: string | null
  /** So many of the rows no longer fit. */
  readonly goneRows: number
  /** Is the answer to the present question still on its way? */
  readonly busy: boolean
}

interface State {
  readonly key: string | null
  readonly rows: ReadonlyMap<number, readonly Run[]>
  readonly page: RunPage | null
  readonly failure: Failure | null
  /** Of the rows: those of another revision may have changed since. */
  readonly revision: number
}

type Rows = ReadonlyMap<number, readonly Run[]>
const noRows: Rows = new Map()

/** What names a question. */
export function askKey(ask: RunAsk): string {
  return JSON.stringify(ask)
}

/**
 * The runs that fit, in their order, as far as they are on the screen. While it `holds` (somebody points at the list, has
 * scrolled or chosen in it) its rows stay where they are, each as it is now, and what is new is counted.
 */
export function useRunWindow(ask: RunAsk, holds: boolean): RunWindow {
  const client = useClient()
  const key = askKey(ask)
  const [state, setState] = useState<State>({
    ...{ key: null, rows: new Map(), page: null, failure: null, revision: 0 },
  })
  const [range, setRange] = useState<readonly [number, number]>([0, 50])
  const [revision, setRevision] = useState(0)
  const asked = useRef(0)
  const tookMs = useRef(0)
  const refreshes = useRef(false)
  const { workspaceId } = ask

  useEffect(() => {
    let waiting: ReturnType<typeof setTimeout> | undefined
    const stop = client.on('runs:changed', (event) => {
      if (workspaceId !== null && event.workspaceId !== workspaceId) return
      waiting ??= setTimeout(
        () => {
          waiting = undefined
          setRevision((known) => known + 1)
        },
        Math.max(gatherMs, answersPerPause * tookMs.current),
      )
    })
    return () => {
      stop()
      clearTimeout(waiting)
    }
  }, [client, workspaceId])

  // biome-ignore lint/correctness/useExhaustiveDependencies: another question begins at its top
  useEffect(() => {
    setRange([0, 50])
  }, [key])

  const [from, to] = state.key === key ? range : [0, 50]
  const order = holds && !refreshes.current && state.key === key && state.page?.total ? state.page.order : undefined
  const holding = order !== undefined
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new revision asks the same again; the order is that of the last answer
  useEffect(() => {
    const number = ++asked.current
    const first = Math.floor(from / pageSize)
    const last = Math.floor(to / pageSize)
    const get = (page: number, held: string | undefined): Promise<RunPage> =>
      client.request('runs:query', {
        ...ask,
        ...(held === undefined ? {} : { order: held }),
        offset: page * pageSize,
        limit: pageSize,
      })
    const getAll = async (): Promise<void> => {
      const beganMs = performance.now()
      const one = await get(first, order)
      const others = await Promise.all(
        Array.from({ length: last - first }, (_, index) => get(first + 1 + index, one.order)),
      )
      tookMs.current = performance.now() - beganMs
      if (number !== asked.current) return
      refreshes.current = false
      const pages = [one, ...others].filter((page) => page.order === one.order)
      const take = (rows: Rows): void =>
        setState((known) => ({
          ...{ key, page: one, failure: null, revision },
          rows: joined(isSame(known, { key, revision, page: one }) ? known.rows : noRows, rows, first, last),
        }))
      take(new Map(pages.map(({ rows }, index) => [first + index, rows])))
      if (!holding) return // Nobody scrolls in it, and it may change at any moment.
      const lastPage = Math.ceil(one.total / pageSize) - 1
      for (let away = 1; away <= pagesBeside; away++)
        for (const page of [last + away, first - away]) {
          if (page < 0 || page > lastPage || number !== asked.current) continue
          const { rows, order: now } = await get(page, one.order)
          if (number === asked.current && now === one.order) take(new Map([[page, rows]]))
        }
    }
    getAll().catch((error: unknown) => {
      if (number === asked.current) setState((known) => ({ ...known, failure: toFailure(error) }))
    })
  }, [client, key, from, to, revision, holding])

  return {
    busy: state.key !== key && state.failure === null,
    answered: state.key,
    rowAt: (index) => state.rows.get(Math.floor(index / pageSize))?.[index % pageSize],
    held: () => [...state.rows.values()].flat(),
    placeOf: (is) => {
      for (const [page, rows] of state.rows) {
        const at = rows.findIndex(is)
        if (at >= 0) return page * pageSize + at
      }
      return null
    },
    total: state.page?.total ?? 0,
    page: state.page,
    failure: state.failure,
    newRows: state.page?.newRows ?? 0,
    goneRows: state.page?.goneRows ?? 0,
    show: (first, last) => {
      const start = Math.floor(first / pageSize) * pageSize
      const end = Math.floor(last / pageSize) * pageSize
      setRange((known) => (known[0] === start && known[1] === end ? known : [start, end]))
    },
    toNewest: () => {
      refreshes.current = true
      setRange([0, 50])
      setRevision((known) => known + 1)
    },
    retry: () => setRevision((known) => known + 1),
  }
}

/** Do rows that are held belong to the same answer? */
function isSame(known: State, { key, revision, page }: Pick<State, 'key' | 'revision' | 'page'>): boolean {
  return known.key === key && known.revision === revision && known.page?.order === page?.order
}

/** Pages that are held and new ones, as far as they are near those on the screen. */
function joined(held: Rows, fresh: Rows, first: number, last: number): Rows {
  const isNear = ([page]: readonly [number, unknown]): boolean =>
    page >= first - pagesBeside && page <= last + pagesBeside
  return new Map([...held, ...fresh].filter(isNear))
}
