import { randomUUID } from 'node:crypto'
import { matchesFilter, type RunFilter, runFilters } from '../../shared/rules/runFilters'
import { createRunMatcher, misses, type RunWhere } from '../../shared/rules/runWhere'
import { newestFirst, type RunPage, type RunSort } from '../../shared/runList'
import { createBreath } from '../files/breath'
import { createFactReader, type ListContext, type ListedRun, type RunListFacts } from './runFacts'
import { compareKeys, createKeyReader, type RunOrders } from './runOrders'
import { createSearch } from './runSearch'
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

/** A run of a list, and where it is. */
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
}

/** So many names are told with their counts: those with the most runs. */
const mostNames = 200

/** A list for each filter. */
export type RunLists = Readonly<Record<RunFilter, RunList>>

/** Matching runs of one session, in order. */
interface Block {
  readonly session: Session
  readonly runs: readonly ListedRun[]
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
  const sort = question.sort ?? newestFirst
  const breath = createBreath()
  const blocks = perFilter((): Block[] => [])
  for (const session of sessions) {
    const { nodes, backwards } = await nodesOf(session, sort, { orders, context })
    const factsOf = createFactReader(session, context)
    const runs = perFilter((): ListedRun[] => [])
    const take = (run: ListedRun, into: Readonly<Record<RunFilter, ListedRun[]>>): void => {
      for (const filter of tally.take(factsOf(run), run.id)) into[filter].push(run)
    }
    for (let step = 0; step < nodes.length; step++) {
      const pause = breath()
      if (pause) await pause
      const node = nodes[backwards ? nodes.length - 1 - step : step]
      if (node) take(node, runs)
    }
    const loose = perFilter((): ListedRun[] => [])
    for (const run of session.loose.list((id) => session.store.get(id) !== undefined)) take(run, loose)
    for (const filter of runFilters) {
      if (runs[filter].length > 0) blocks[filter].push({ session, runs: runs[filter] })
      if (loose[filter].length > 0)
        blocks[filter].push({ session, runs: await sortedLoose(session, loose[filter], { sort, context }) })
    }
  }
  const counts = tally.counts()
  const lists: { filter: RunFilter; list: RunList }[] = []
  for (const filter of runFilters) {
    const places = await placed(blocks[filter], { sort, context })
    lists.push({ filter, list: { id: randomUUID(), ...places, counts, facets: tally.facets(filter) } })
  }
  return Object.fromEntries(lists.map(({ filter, list }) => [filter, list])) as RunLists
}

/**
 * The lists of a question that asks for a part of what an earlier one gave, in the same order: only that is looked at.
 * Neither may be narrowed by more than a search.
 */
export async function narrowLists(all: RunList, question: RunListQuestion, context: ListContext): Promise<RunLists> {
  const tally = createTally(question, context)
  const breath = createBreath()
  const readers = new Map<Session, ReturnType<typeof createFactReader>>()
  const runs = perFilter((): PlacedRun[] => [])
  for (let index = 0; index < all.total; index++) {
    const pause = breath()
    if (pause) await pause
    const place = all.at(index)
    if (!place) continue
    const factsOf = readers.get(place.session) ?? createFactReader(place.session, context)
    readers.set(place.session, factsOf)
    for (const filter of tally.take(factsOf(place.run), place.run.id)) runs[filter].push(place)
  }
  const counts = tally.counts()
  const toList = (filter: RunFilter): RunList => ({
    id: randomUUID(),
    total: runs[filter].length,
    at: (index) => runs[filter][index],
    counts,
    facets: tally.facets(filter),
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
async function placed(
  blocks: readonly Block[],
  { sort, context }: Order,
): Promise<{ readonly total: number; readonly at: RunList['at'] }> {
  const [only, ...others] = blocks
  if (others.length === 0) {
    const at: RunList['at'] = (index) => {
      const run = only?.runs[index]
      return only && run ? { session: only.session, run } : undefined
    }
    return { total: only?.runs.length ?? 0, at }
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
  let all: PlacedRun[] = []
  for (const { session, runs } of blocks)
    all = await mergeInTurns(
      all,
      runs.map((run) => ({ session, run })),
      compare,
    )
  return { total: all.length, at: (index) => all[index] }
}

/** Counts by name. */
type Cells = Map<string, { count: number }>

const none: readonly RunFilter[] = []
const onlyAll: readonly RunFilter[] = ['all']

/** Decides in which lists a run is, and counts. */
function createTally(
  question: RunListQuestion,
  { nowMs }: ListContext,
): {
  readonly take: (facts: RunListFacts, id: string) => readonly RunFilter[]
  readonly counts: () => RunList['counts']
  readonly facets: (filter: RunFilter) => RunList['facets']
} {
  const holds = createSearch(question.search ?? '')
  const missed = createRunMatcher(question.where ?? {}, { nowMs, todayMs: new Date(nowMs).setHours(0, 0, 0, 0) })
  const counts = { all: 0, running: 0, 'needs-you': 0, failed: 0, orphaned: 0 }
  const cells = perFilter(() => ({
    statuses: new Map() as Cells,
    liveness: new Map() as Cells,
    workflows: new Map() as Cells,
  }))
  const filtersOf = (facts: RunListFacts): readonly RunFilter[] => {
    if (facts.status === 'completed' && facts.saved) return onlyAll // As most are.
    return runFilters.filter((filter) => matchesFilter(facts, filter, nowMs))
  }
  return {
    take: (facts, id) => {
      if (!holds(facts.workflowName, id, facts.error)) return none
      const misfit = missed(facts)
      if (misfit & misses.other) return none
      const filters = filtersOf(facts)
      for (const filter of filters) {
        const { statuses, liveness, workflows } = cells[filter]
        if (misfit === 0) counts[filter]++
        if ((misfit & ~misses.status) === 0) add(statuses, facts.status)
        if (facts.liveness !== null && (misfit & ~misses.liveness) === 0) add(liveness, facts.liveness)
        if ((misfit & ~misses.workflow) === 0) add(workflows, facts.workflowName)
      }
      return misfit === 0 ? filters : none
    },
    counts: () => ({ ...counts }),
    facets: (filter) => {
      const { statuses, liveness, workflows } = cells[filter]
      return { statuses: counted(statuses), liveness: counted(liveness), workflows: counted(workflows) }
    },
  }
}

function add(cells: Cells, name: string): void {
  const cell = cells.get(name)
  if (cell) cell.count++
  else cells.set(name, { count: 1 })
}

function counted(cells: Cells): Record<string, number> {
  const most = [...cells].sort((left, right) => right[1].count - left[1].count).slice(0, mostNames)
  return Object.fromEntries(most.map(([name, { count }]) => [name, count]))
}
