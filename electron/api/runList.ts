import { randomUUID } from 'node:crypto'
import { type RunFilter, runFilters } from '../../shared/rules/runFilters'
import type { RunWhere } from '../../shared/rules/runWhere'
import { newestFirst, type RunPage, type RunSort } from '../../shared/runList'
import { createBreath } from '../files/breath'
import type { HexIds } from '../runs/hexIds'
import { createRunClasses, type RunClass } from './runClasses'
import { createFactReader, isNode, type ListContext, type ListedRun } from './runFacts'
import { compareKeys, createKeyReader, type RunOrders } from './runOrders'
import { filterBits, heldMarks, placesFrom, specialFilters, takeHeld, takeSpecial, valuesAt } from './runPlaces'
import { createTally, type RunTally } from './runTally'
import type { Session } from './session'
import { mergeInTurns, sortInTurns } from './sortInTurns'

/** What is asked of runs besides the filter. */
export interface RunListQuestion {
  readonly search?: string | undefined
  readonly where?: RunWhere | undefined
  readonly sort?: RunSort | undefined
}

export interface RunListQuery extends RunListQuestion {
  readonly filter: RunFilter
}

/** A run, and where it is. */
export interface PlacedRun {
  readonly session: Session
  readonly run: ListedRun
}

/** The runs that match, in their order, and exact counts. */
export interface RunList {
  readonly id: string
  readonly total: number
  readonly at: (index: number) => PlacedRun | undefined
  readonly counts: RunPage['counts']
  readonly facets: RunPage['facets']
  /** Where the runs of the list stand in `rows`; null: they are all of them. */
  readonly places: Uint32Array | null
  readonly rows: Rows
}

/** Runs in an order, without an object for each, because there are hundreds of thousands. */
interface Rows {
  readonly runs: readonly ListedRun[]
  /** The numbers of their classes. */
  readonly kinds: Uint32Array
  readonly classes: readonly RunClass[]
  /** Are their ids all made of hex digits, in small letters? */
  readonly idsAreHex: boolean
  /** Those ids by the numbers of their runs, where all of them are of one store; else null. */
  readonly hexIds: HexIds | null
  /** The numbers of the runs in their store; 0 of one that has none. */
  readonly numbers: Uint32Array
  readonly sessionAt: (place: number) => Session | undefined
}

/** A list for each filter. */
export type RunLists = Readonly<Record<RunFilter, RunList>>

/** Matching runs of one session, in order, with the numbers of their classes. */
interface Block {
  readonly session: Session
  readonly runs: ListedRun[]
  readonly kinds: number[]
}

/**
 * All runs of the sessions that match, in the order that is asked for, with exact counts: a list for each filter, because
 * one look at the runs tells them all. The thread is given up every 6 ms: the rows are those that were there at the call.
 * Throws the reason of `signal` soon after it is aborted.
 */
export async function listRuns(
  sessions: readonly Session[],
  question: RunListQuestion,
  { orders, signal, ...context }: ListContext & { readonly orders: RunOrders; readonly signal?: AbortSignal },
): Promise<RunLists> {
  signal?.throwIfAborted()
  const tally = createTally(question, { ...context, idsAreHex: false })
  const classes = createRunClasses(context.nowMs)
  const sort = question.sort ?? newestFirst
  const breath = createBreath(undefined, signal)
  const blocks: Block[] = []
  let idsAreHex = true
  let hexIds: HexIds | null = null
  for (const session of sessions) {
    const factsOf = createFactReader(session, context)
    const begin = (): ((run: ListedRun) => void) => {
      const block: Block = { session, runs: [], kinds: [] }
      blocks.push(block)
      return (run) => {
        const facts = factsOf(run)
        const kind = classes.of(facts)
        if (!tally.take(kind, run.id, facts)) return
        block.runs.push(run)
        block.kinds.push(kind.number)
      }
    }
    const ids = session.store.hexIds()
    const { nodes, backwards } = await nodesOf(session, sort, { orders, context })
    // Another object after the wait is another table, with other numbers.
    hexIds = sessions.length === 1 && session.store.hexIds() === ids ? ids : null
    const take = begin()
    for (let step = 0; step < nodes.length; step++) {
      const pause = breath()
      if (pause) await pause
      const node = nodes[backwards ? nodes.length - 1 - step : step]
      if (node) take(node)
    }
    const loose = session.loose.list((id) => session.store.get(id) !== undefined)
    if (loose.length > 0 || !ids) idsAreHex = false
    if (loose.length > 0) (await sortedLoose(session, loose, { sort, context })).forEach(begin())
  }
  const order = await merged(blocks, { sort, context })
  const numbers = Uint32Array.from(order.runs, (run) => (isNode(run) ? run.number : 0))
  const rows = { ...order, classes: classes.all, idsAreHex, hexIds: idsAreHex ? hexIds : null, numbers }
  return toLists(tally, rows, await placesByFilter(rows, null, createBreath(1, signal)))
}

/** So many runs are looked at between two looks at the clock. */
const narrowedAtOnce = 2_048
/** A key waits for the answer, and in Electron longer for each turn of the thread than for what is done in it. */
const narrowedTurnMs = 16

/**
 * The lists of a question that asks for a part of what an earlier one gave, in the same order: only that is looked at.
 * Neither may be narrowed by more than a search.
 */
export async function narrowLists(
  all: RunList,
  question: RunListQuestion,
  { signal, ...context }: ListContext & { readonly signal: AbortSignal },
): Promise<RunLists> {
  const breath = createBreath(1, signal, narrowedTurnMs)
  const { rows, total } = all
  const { runs, kinds, classes, idsAreHex, hexIds, numbers } = rows
  const tally = createTally(question, { ...context, idsAreHex })
  const idHolds = tally.mayBeId ? hexIds?.holding((question.search ?? '').trim().toLowerCase()) : undefined
  const markOf = (kind: RunClass): number => {
    const held = tally.heldByClass(kind)
    if (held !== null) return held ? heldMarks.all : heldMarks.none
    return idHolds && kind.error !== undefined ? heldMarks.byId : heldMarks.byRun
  }
  const marks = Uint8Array.from(classes, markOf)
  const sought = { kinds, marks, looks: (place: number) => tally.holds(runs[place]) }
  const found = { places: new Uint32Array(total), counts: new Uint32Array(classes.length), total: 0 }
  const noIds = new Uint8Array(narrowedAtOnce)
  for (let start = 0; start < total; start += narrowedAtOnce) {
    const pause = breath()
    if (pause) await pause
    const places = placesFrom(all.places, start, Math.min(narrowedAtOnce, total - start))
    takeHeld(places, idHolds?.(valuesAt(places, numbers)) ?? noIds, sought, found)
  }
  for (const kind of classes) tally.count(kind, found.counts[kind.number] ?? 0)
  return toLists(tally, rows, await placesByFilter(rows, found.places.slice(0, found.total), breath))
}

/** Where the runs of each filter stand, of those at `all`; null: of all. */
async function placesByFilter(
  { kinds, classes }: Rows,
  all: Uint32Array | null,
  breath: () => Promise<void> | undefined,
): Promise<Readonly<Record<RunFilter, Uint32Array | null>>> {
  const bits = filterBits(classes)
  const lists = specialFilters.map((): number[] => [])
  const total = all?.length ?? kinds.length
  for (let start = 0; start < total && bits.some((mine) => mine !== 0); start += narrowedAtOnce) {
    const pause = breath()
    if (pause) await pause
    takeSpecial(placesFrom(all, start, Math.min(narrowedAtOnce, total - start)), { kinds, bits }, lists)
  }
  const special = specialFilters.map((filter, at) => [filter, Uint32Array.from(lists[at] ?? [])])
  return { ...Object.fromEntries(special), all }
}

function toLists(tally: RunTally, rows: Rows, placesOf: Readonly<Record<RunFilter, Uint32Array | null>>): RunLists {
  const { counts, facets } = tally.counted()
  const toList = (filter: RunFilter): RunList => {
    const places = placesOf[filter]
    const at: RunList['at'] = (index) => {
      const place = places ? places[index] : index
      if (place === undefined) return undefined
      const [session, run] = [rows.sessionAt(place), rows.runs[place]]
      return session && run ? { session, run } : undefined
    }
    const total = places?.length ?? rows.runs.length
    return { id: randomUUID(), total, at, counts, facets: facets(filter), places, rows }
  }
  return Object.fromEntries(runFilters.map((filter) => [filter, toList(filter)])) as RunLists
}

interface Order {
  readonly sort: RunSort
  readonly context: ListContext
}

async function nodesOf(
  session: Session,
  sort: RunSort,
  { orders, context }: { readonly orders: RunOrders; readonly context: ListContext },
): Promise<{ readonly nodes: readonly ListedRun[]; readonly backwards: boolean }> {
  if (sort.by === 'started') return { nodes: session.store.runs().slice(), backwards: !sort.ascending }
  return { nodes: await orders.ordered(session, sort, context), backwards: false }
}

function sortedLoose(session: Session, runs: readonly ListedRun[], { sort, context }: Order): Promise<ListedRun[]> {
  const keyOf = createKeyReader(session, sort, context)
  const keys = new Map(runs.map((run) => [run, keyOf(run)]))
  return sortInTurns(runs, (left, right) =>
    compareKeys(keys.get(left) ?? null, keys.get(right) ?? null, sort.ascending),
  )
}

/** The blocks in one order. */
async function merged(
  blocks: readonly Block[],
  { sort, context }: Order,
): Promise<Pick<Rows, 'runs' | 'kinds' | 'sessionAt'>> {
  const [only, ...others] = blocks.filter(({ runs }) => runs.length > 0)
  if (!only) return { runs: [], kinds: new Uint32Array(), sessionAt: () => undefined }
  if (others.length === 0)
    return { runs: only.runs, kinds: Uint32Array.from(only.kinds), sessionAt: () => only.session }
  const readers = new Map(blocks.map(({ session }) => [session, createKeyReader(session, sort, context)]))
  const starts = new Map(blocks.map(({ session }) => [session, createKeyReader(session, newestFirst, context)]))
  const compare = (left: PlacedRun, right: PlacedRun): number =>
    compareKeys(
      readers.get(left.session)?.(left.run) ?? null,
      readers.get(right.session)?.(right.run) ?? null,
      sort.ascending,
    ) ||
    compareKeys(starts.get(left.session)?.(left.run) ?? null, starts.get(right.session)?.(right.run) ?? null, false)
  let all: (PlacedRun & { readonly kind: number })[] = []
  for (const { session, runs, kinds } of [only, ...others])
    all = await mergeInTurns(
      all,
      runs.map((run, index) => ({ session, run, kind: kinds[index] ?? 0 })),
      compare,
    )
  return {
    runs: all.map(({ run }) => run),
    kinds: Uint32Array.from(all, ({ kind }) => kind),
    sessionAt: (place) => all[place]?.session,
  }
}
