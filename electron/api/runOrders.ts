import type { RunSort } from '../../shared/runList'
import { createBreath } from '../files/breath'
import type { RunNode } from '../runs/runIndex'
import { createFactReader, isNode, type ListContext, type ListedRun, type RunListFacts } from './runFacts'
import type { Session } from './session'
import { mergeInTurns, sortInTurns } from './sortInTurns'

/** What a run is ordered by; null stands last whatever the direction. */
export type SortKey = number | string | null

/** Gives the function that tells what a run is ordered by. */
export function createKeyReader(session: Session, { by }: RunSort, context: ListContext): (run: ListedRun) => SortKey {
  const factsOf = createFactReader(session, context)
  return (run) => keyOf(run, factsOf(run), by)
}

function keyOf(run: ListedRun, facts: RunListFacts, by: RunSort['by']): SortKey {
  switch (by) {
    case 'started':
      return facts.startedMs
    case 'duration':
      return facts.durationMs()
    case 'workflow':
      return facts.workflowName.toLowerCase()
    case 'status':
      return facts.liveness === 'orphaned' ? 'orphaned' : facts.status
    case 'steps':
      return isNode(run) ? run.counts.total : run.outputs.length
  }
}

/** Compares two keys; 0 for equal ones, which stand newest first. */
export function compareKeys(left: SortKey, right: SortKey, ascending: boolean): number {
  if (left === right) return 0
  if (left === null || right === null) return left === null ? 1 : -1
  const less = left < right ? -1 : 1
  return ascending ? less : -less
}

/** The orders of the runs of a session that were asked for, kept and brought up to date when asked again. */
export interface RunOrders {
  /** Every run with rows. The list is nobody's to change. */
  readonly ordered: (session: Session, sort: RunSort, context: ListContext) => Promise<readonly RunNode[]>
}

interface Kept {
  readonly nodes: readonly RunNode[]
  readonly keys: ReadonlyMap<RunNode, SortKey>
}

const nothing: Kept = { nodes: [], keys: new Map() }

/** So many orders of a session are kept. */
const keptOrders = 2

/**
 * An order is made once: n log n comparisons in pieces. Later only the runs whose key has changed are sorted anew and
 * merged into the others, so that it costs one look at each run.
 */
export function createRunOrders(): RunOrders {
  const kept = new WeakMap<Session, Map<string, Promise<Kept>>>()

  const update = async (before: Kept, session: Session, sort: RunSort, context: ListContext): Promise<Kept> => {
    const breath = createBreath()
    const keyOfRun = createKeyReader(session, sort, context)
    const keys = new Map<RunNode, SortKey>()
    const moved: RunNode[] = []
    for (const node of session.store.runs().toReversed()) {
      const pause = breath()
      if (pause) await pause
      const key = keyOfRun(node)
      keys.set(node, key)
      if (!before.keys.has(node) || before.keys.get(node) !== key) moved.push(node)
    }
    const compare = (left: RunNode, right: RunNode): number =>
      compareKeys(keys.get(left) ?? null, keys.get(right) ?? null, sort.ascending) || right.startedMs - left.startedMs
    const movedSet = new Set(moved)
    const stayed: RunNode[] = []
    for (const node of before.nodes) {
      const pause = breath()
      if (pause) await pause
      if (keys.has(node) && !movedSet.has(node)) stayed.push(node)
    }
    const nodes = await mergeInTurns(stayed, await sortInTurns(moved, compare), compare)
    return { nodes, keys }
  }

  return {
    ordered: async (session, sort, context) => {
      const orders = kept.get(session) ?? new Map<string, Promise<Kept>>()
      kept.set(session, orders)
      const name = `${sort.by} ${sort.ascending}`
      const before = orders.get(name)?.catch(() => undefined)
      const next = Promise.resolve(before).then((known) => update(known ?? nothing, session, sort, context))
      orders.delete(name)
      orders.set(name, next)
      for (const oldest of orders.keys()) if (orders.size > keptOrders) orders.delete(oldest)
      return (await next).nodes
    },
  }
}
