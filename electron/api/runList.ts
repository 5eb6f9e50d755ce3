import { randomUUID } from 'node:crypto'
import { type RunFilter, runFilters } from '../../shared/rules/runFilters'
import type { RunWhere } from '../../shared/rules/runWhere'
import { newestFirst, type RunPage, type RunSort } from '../../shared/runList'
import { createBreath } from '../files/breath'
import { createRunClasses, type RunClass } from './runClasses'
import { createFactReader, isNode, type ListContext, type ListedRun } from './runFacts'
import { compareKeys, createKeyReader, type RunOrders } from './runOrders'
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

/** A run of a list, with the number of its class. */
interface ClassedRun extends PlacedRun {
  readonly kind: number
}

/** The runs that match, in their order, and exact counts. */
export interface RunList {
  readonly id: string
  readonly total: number
  readonly at: (index: number) => ClassedRun | undefined
  readonly classes: readonly RunClass[]
  readonly counts: RunPage['counts']
  readonly facets: RunPage['facets']
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
 */
export async function listRuns(
  sessions: readonly Session[],
  question: RunListQuestion,
  { orders, ...context }: ListContext & { readonly orders: RunOrders },
): Promise<RunLists> {
  const tally = createTally(question, context)
  const classes = createRunClasses(context.nowMs)
  const sort = question.sort ?? newestFirst
  const breath = createBreath()
  const blocks = perFilter((): Block[] => [])
  for (const session of sessions) {
    const factsOf = createFactReader(session, context)
    const begin = (): ((run: ListedRun) => void) => {
      const own = perFilter((): Block => ({ session, runs: [], kinds: [] }))
      for (const filter of runFilters) blocks[filter].push(own[filter])
      return (run) => {
        const facts = factsOf(run)
        const kind = classes.of(facts)
        if (!tally.take(kind, { id: run.id, error: facts.error }, facts)) return
        for (const filter of kind.filters) {
          own[filter].runs.push(run)
          own[filter].kinds.push(kind.number)
        }
      }
    }
    const { nodes, backwards } = await nodesOf(session, sort, { orders, context })
    const take = begin()
    for (let step = 0; step < nodes.length; step++) {
      const pause = breath()
      if (pause) await pause
      const node = nodes[backwards ? nodes.length - 1 - step : step]
      if (node) take(node)
    }
    const loose = session.loose.list((id) => session.store.get(id) !== undefined)
    if (loose.length > 0) (await sortedLoose(session, loose, { sort, context })).forEach(begin())
  }
  const places = perFilter(() => noPlaces)
  for (const filter of runFilters) places[filter] = await placed(blocks[filter], { sort, context })
  return toLists(tally, classes.all, (filter) => places[filter])
}

/**
 * The lists of a question that asks for a part of what an earlier one gave, in the same order: only that is looked at.
 * Neither may be narrowed by more than a search.
 */
export async function narrowLists(all: RunList, question: RunListQuestion, context: ListContext): Promise<RunLists> {
  const tally = createTally(question, context)
  const breath = createBreath()
  const runs = perFilter((): ClassedRun[] => [])
  for (let index = 0; index < all.total; index++) {
    const pause = breath()
    if (pause) await pause
    const place = all.at(index)
    const kind = place && all.classes[place.kind]
    if (!place || !kind) continue
    const { run } = place
    if (!tally.take(kind, { id: run.id, error: isNode(run) ? run.view.error : null }, null)) continue
    for (const filter of kind.filters) runs[filter].push(place)
  }
  return toLists(tally, all.classes, (filter) => toPlaces(runs[filter]))
}

type Places = Pick<RunList, 'total' | 'at'>

const noPlaces: Places = { total: 0, at: () => undefined }

function toPlaces(runs: readonly ClassedRun[]): Places {
  return { total: runs.length, at: (index) => runs[index] }
}

function toLists(tally: RunTally, classes: readonly RunClass[], placesOf: (filter: RunFilter) => Places): RunLists {
  const { counts, facets } = tally.counted()
  const toList = (filter: RunFilter): RunList => ({
    ...{ id: randomUUID(), ...placesOf(filter) },
    ...{ classes, counts, facets: facets(filter) },
  })
  return Object.fromEntries(runFilters.map((filter) => [filter, toList(filter)])) as RunLists
}

function perFilter<T>(make: () => T): Record<RunFilter, T> {
  return { all: make(), running: make(), 'needs-you': make(), failed: make(), orphaned: make() }
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

/** The blocks as one list. */
async function placed(blocks: readonly Block[], { sort, context }: Order): Promise<Places> {
  const [only, ...others] = blocks.filter(({ runs }) => runs.length > 0)
  if (!only) return noPlaces
  if (others.length === 0) {
    const { session, runs, kinds } = only
    const at: RunList['at'] = (index) => {
      const run = runs[index]
      return run && { session, run, kind: kinds[index] ?? 0 }
    }
    return { total: runs.length, at }
  }
  const readers = new Map(blocks.map(({ session }) => [session, createKeyReader(session, sort, context)]))
  const starts = new Map(blocks.map(({ session }) => [session, createKeyReader(session, newestFirst, context)]))
  const compare = (left: PlacedRun, right: PlacedRun): number =>
    compareKeys(
      readers.get(left.session)?.(left.run) ?? null,
      readers.get(right.session)?.(right.run) ?? null,
      sort.ascending,
    ) ||
    compareKeys(starts.get(left.session)?.(left.run) ?? null, starts.get(right.session)?.(right.run) ?? null, false)
  let all: ClassedRun[] = []
  for (const { session, runs, kinds } of blocks)
    all = await mergeInTurns(
      all,
      runs.map((run, index) => ({ session, run, kind: kinds[index] ?? 0 })),
      compare,
    )
  return toPlaces(all)
}
