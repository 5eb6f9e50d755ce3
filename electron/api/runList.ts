import { randomUUID } from 'node:crypto'
import { matchesFilter, type RunFilter, runFilters } from '../../shared/rules/runFilters'
import { createRunMatcher, misses, type RunWhere } from '../../shared/rules/runWhere'
import { newestFirst, type RunPage, type RunSort } from '../../shared/runList'
import { createBreath } from '../files/breath'
import type { LooseRun } from '../runs/looseRuns'
import { createFactReader, type ListContext, type ListedRun, type RunListFacts } from './runFacts'
import { compareKeys, createKeyReader, type RunOrders } from './runOrders'
import { createSearch } from './runSearch'
import type { Session } from './session'
import { mergeInTurns, sortInTurns } from './sortInTurns'

export interface RunListQuery {
  readonly filter: RunFilter
  readonly search?: string | undefined
  readonly where?: RunWhere | undefined
  readonly sort?: RunSort | undefined
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

/** So many workflows are counted by name: those with the most runs. */
const mostNames = 200

/** Matching runs of one session, in order. */
interface Block {
  readonly session: Session
  readonly runs: readonly ListedRun[]
}

/**
 * All runs of the sessions that match, in the order that is asked for, with exact counts. The thread is given up every
 * 6 ms: the rows are those that were there at the call.
 */
export async function listRuns(
  sessions: readonly Session[],
  query: RunListQuery,
  { orders, ...context }: ListContext & { readonly orders: RunOrders },
): Promise<RunList> {
  const tally = createTally(query, context)
  const sort = query.sort ?? newestFirst
  const breath = createBreath()
  const blocks: Block[] = []
  for (const session of sessions) {
    const { nodes, backwards } = await nodesOf(session, sort, { orders, context })
    const factsOf = createFactReader(session, context)
    const runs: ListedRun[] = []
    for (let step = 0; step < nodes.length; step++) {
      const pause = breath()
      if (pause) await pause
      const node = nodes[backwards ? nodes.length - 1 - step : step]
      if (node && tally.take(factsOf(node), node.id)) runs.push(node)
    }
    const loose = session.loose
      .list((id) => session.store.get(id) !== undefined)
      .filter((run) => tally.take(factsOf(run), run.id))
    if (runs.length > 0) blocks.push({ session, runs })
    if (loose.length > 0) blocks.push({ session, runs: await sortedLoose(session, loose, { sort, context }) })
  }
  return { id: randomUUID(), ...(await placed(blocks, { sort, context })), ...tally.result() }
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

function sortedLoose(session: Session, runs: readonly LooseRun[], { sort, context }: Order): Promise<LooseRun[]> {
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

/** Decides which runs are in the list, and counts. */
function createTally(
  query: RunListQuery,
  { nowMs }: ListContext,
): {
  readonly take: (facts: RunListFacts, id: string) => boolean
  readonly result: () => Pick<RunList, 'counts' | 'facets'>
} {
  const holds = createSearch(query.search ?? '')
  const missed = createRunMatcher(query.where ?? {}, { nowMs, todayMs: new Date(nowMs).setHours(0, 0, 0, 0) })
  const counts = { all: 0, running: 0, 'needs-you': 0, failed: 0, orphaned: 0 }
  const statuses = new Map<string, number>()
  const liveness = new Map<string, number>()
  const workflows = new Map<string, number>()
  const countFilters = (facts: RunListFacts): void => {
    for (const filter of runFilters) if (matchesFilter(facts, filter, nowMs)) counts[filter]++
  }
  return {
    take: (facts, id) => {
      if (!holds(facts.workflowName, id, facts.error)) return false
      const misfit = missed(facts)
      if (misfit === 0) countFilters(facts)
      if (query.filter !== 'all' && !matchesFilter(facts, query.filter, nowMs)) return false
      if ((misfit & ~misses.status) === 0) add(statuses, facts.status)
      if (facts.liveness !== null && (misfit & ~misses.liveness) === 0) add(liveness, facts.liveness)
      if ((misfit & ~misses.workflow) === 0) add(workflows, facts.workflowName)
      return misfit === 0
    },
    result: () => ({
      counts,
      facets: {
        statuses: Object.fromEntries(statuses),
        liveness: Object.fromEntries(liveness),
        workflows: Object.fromEntries([...workflows].sort((left, right) => right[1] - left[1]).slice(0, mostNames)),
      },
    }),
  }
}

function add(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}
