import type { Client } from '../../shared/client'
import { type Failure, toFailure } from '../../shared/outcome'
import { mostGlances, type RunAsk, type RunPage } from '../../shared/runList'
import type { Run } from '../../shared/runs'
import { createGlanceTable, type Glance, type GlanceTable } from './runGlances'
import { sharing } from './sharing'

const pageSize = 50
/** Asked anew only so long after the last time, and longer where an answer takes long, in ms: changes are taken together. */
const gatherMs = 120
const answersPerPause = 4
/** So many pages on each side of those on the screen are fetched and kept, so that a scroll finds its rows there. */
const pagesBeside = 4
/** Who jumps over so many rows twice within this time flies through the list: rows are fetched when that ends. */
const [flightRows, flightMs] = [50, 80]
/** A list that did not change for so long is looked at once, for whoever begins to scroll in it. */
const quietMs = 400

/** What a list of runs shows. Another object whenever something of it changed. */
export interface RunRows {
  /** The question that the rows answer: while a new one is on its way, the rows of the last one stay. */
  readonly key: string | null
  /** The newest answer, for what it tells besides its rows. */
  readonly page: RunPage | null
  readonly failure: Failure | null
}

/** The rows of a list of runs, of which only those near the screen are held. */
export interface RunPages {
  readonly state: () => RunRows
  readonly subscribe: (listener: () => void) => () => void
  /** Asks for other runs; while it `holds`, rows stay where they are, each as it is now, and what is new is counted. */
  readonly want: (ask: RunAsk, holds: boolean) => void
  /** Listens for changes until the returned function is called. */
  readonly listen: () => () => void
  /** Tells which rows are on the screen. */
  readonly show: (first: number, last: number) => void
  readonly rowAt: (index: number) => Run | undefined
  readonly glanceAt: (index: number) => Glance | undefined
  readonly toNewest: () => void
  readonly refresh: () => void
}

/** What names a question. */
export function askKey(ask: RunAsk): string {
  return JSON.stringify(ask)
}

export function createRunPages(client: Client): RunPages {
  const asker = crypto.randomUUID()
  const listeners = new Set<() => void>()
  let state: RunRows = { key: null, page: null, failure: null }
  let rows: ReadonlyMap<number, readonly Run[]> = new Map()
  let glances: GlanceTable | undefined
  let question: { readonly ask: RunAsk; readonly key: string } | undefined
  let holds = false
  let shown: readonly [number, number] = [0, 0]
  /** Counts the times that the list was asked for anew; which of them was answered. */
  let [asked, answered] = [0, 0]
  let toTop = false
  let [askedAtMs, tookMs] = [Number.NEGATIVE_INFINITY, 0]
  let isFetching = false
  const flight = { row: 0, atMs: Number.NEGATIVE_INFINITY, goes: false }
  const timers: Record<'change' | 'rest' | 'quiet', ReturnType<typeof setTimeout> | undefined> = {
    change: undefined,
    rest: undefined,
    quiet: undefined,
  }
  const after = (name: keyof typeof timers, ms: number, act: () => void): void => {
    timers[name] ??= setTimeout(() => {
      timers[name] = undefined
      act()
    }, ms)
  }
  const tell = (change: Partial<RunRows> = {}): void => {
    state = { ...state, ...change }
    for (const listener of listeners) listener()
  }

  const isSettled = (): boolean => asked === answered && state.key === question?.key
  const heldOrder = (): string | undefined =>
    holds && !toTop && state.key === question?.key && state.page?.total ? state.page.order : undefined
  const get = (ask: RunAsk, page: number, order: string | undefined): Promise<RunPage> =>
    client.request('runs:query', {
      ...ask,
      asker,
      ...(order === undefined ? {} : { order }),
      offset: page * pageSize,
      limit: pageSize,
    })

  /** Asks for the rows on the screen, as they are now. */
  const refresh = async (): Promise<void> => {
    if (!question) return
    const { ask, key } = question
    const number = ++asked
    clearTimeout(timers.quiet)
    timers.quiet = undefined
    const beganMs = performance.now()
    askedAtMs = beganMs
    const [first, last] = shown
    try {
      const one = await get(ask, first, heldOrder())
      const others = await Promise.all(
        Array.from({ length: last - first }, (_, index) => get(ask, first + 1 + index, one.order)),
      )
      tookMs = performance.now() - beganMs
      if (number !== asked) return
      const pages = [one, ...others].filter((page) => page.order === one.order)
      rows = new Map(pages.map((page, index) => [first + index, sharing(rows.get(first + index), page.rows)]))
      if (glances?.order !== one.order) glances = createGlanceTable(one.order, one.total)
      answered = number
      toTop = false
      tell({ key, page: one, failure: null })
      if (holds) void fetchMore()
      else after('quiet', quietMs, () => void fetchMore())
    } catch (error) {
      if (number === asked) tell({ failure: toFailure(error) })
    }
  }

  /** What is to be fetched next, and how: what is on the screen first. */
  const nextToFetch = (): (() => Promise<void>) | undefined => {
    const { page } = state
    if (!question || !page || !isSettled() || page.total === 0) return undefined
    const [first, last] = shown
    const lastPage = Math.ceil(page.total / pageSize) - 1
    const missing = (wanted: number): boolean => wanted >= 0 && wanted <= lastPage && !rows.has(wanted)
    const { ask } = question
    const flies = flight.goes && performance.now() - flight.atMs < flightMs
    if (flies) after('rest', flightMs, () => void fetchMore())
    if (!flies)
      for (let wanted = first; wanted <= last; wanted++)
        if (missing(wanted)) return () => fetchPage(ask, wanted, page.order)
    const chunk = glances?.nextBeside(first * pageSize)
    const isHere = chunk !== undefined && chunk <= last * pageSize && chunk + mostGlances > first * pageSize
    if (isHere) return () => fetchGlances(chunk)
    if (!holds) return undefined
    for (let away = 1; away <= pagesBeside && !flies; away++)
      for (const wanted of [last + away, first - away])
        if (missing(wanted)) return () => fetchPage(ask, wanted, page.order)
    return chunk === undefined ? undefined : () => fetchGlances(chunk)
  }
  const fetchPage = async (ask: RunAsk, page: number, order: string): Promise<void> => {
    const number = asked
    const answer = await get(ask, page, order)
    if (number !== asked) return
    if (answer.order !== order) return void refresh()
    const [first, last] = shown
    const isNear = ([at]: readonly [number, unknown]): boolean => at >= first - pagesBeside && at <= last + pagesBeside
    rows = new Map([...rows, [page, answer.rows] as const].filter(isNear))
    if (page >= first && page <= last) tell()
  }
  const fetchGlances = async (offset: number): Promise<void> => {
    const table = glances
    if (!table) return
    try {
      table.take(offset, await client.request('runs:glance', { order: table.order, offset, limit: mostGlances }))
    } catch {
      if (glances === table) glances = undefined // Nothing but a place holder is shown instead.
      return
    }
    const [first, last] = shown
    const isShown = offset <= (last + 1) * pageSize && offset + mostGlances > first * pageSize
    if (glances === table && isShown) tell()
  }
  /** One after the other, so that there is never more on its way than can be shown. */
  const fetchMore = async (): Promise<void> => {
    if (isFetching) return
    isFetching = true
    try {
      for (let fetch = nextToFetch(); fetch; fetch = nextToFetch()) await fetch()
    } catch (error) {
      tell({ failure: toFailure(error) })
    } finally {
      isFetching = false
    }
  }

  return {
    state: () => state,
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    want: (ask, nowHolds) => {
      const key = askKey(ask)
      const isNew = key !== question?.key
      const begins = nowHolds && !holds
      const ends = holds && !nowHolds
      question = { ask, key }
      holds = nowHolds
      if (isNew) shown = [0, 0]
      if (isNew || ends) void refresh()
      else if (begins) void fetchMore()
    },
    listen: () => {
      const stop = client.on('runs:changed', ({ workspaceId }) => {
        if (question && question.ask.workspaceId !== null && workspaceId !== question.ask.workspaceId) return
        // Who sees no run yet waits for the first ones.
        const pauseMs = state.page?.total ? Math.max(gatherMs, answersPerPause * tookMs) : gatherMs
        after('change', Math.max(0, askedAtMs + pauseMs - performance.now()), () => void refresh())
      })
      return () => {
        stop()
        for (const timer of Object.values(timers)) clearTimeout(timer)
        Object.assign(timers, { change: undefined, rest: undefined, quiet: undefined })
      }
    },
    show: (first, last) => {
      const nowMs = performance.now()
      if (Math.abs(first - flight.row) > flightRows) {
        flight.goes = nowMs - flight.atMs < flightMs
        flight.atMs = nowMs
      }
      flight.row = first
      shown = [Math.floor(first / pageSize), Math.floor(last / pageSize)]
      void fetchMore()
    },
    rowAt: (index) => rows.get(Math.floor(index / pageSize))?.[index % pageSize],
    glanceAt: (index) => glances?.at(index),
    toNewest: () => {
      toTop = true
      shown = [0, 0]
      void refresh()
    },
    refresh: () => void refresh(),
  }
}
