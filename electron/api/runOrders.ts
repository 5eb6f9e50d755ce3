import { dropOldest } from '../../shared/rules/dropOldest'
import type { RunSort } from '../../shared/runList'
import { createBreath } from '../files/breath'
import type { RunNode } from '../runs/runIndex'
import { createFactReader, isNode, type ListContext, type ListedRun, startedMsOf, workflowNameOf } from './runFacts'
import type { Session } from './session'
import { mergeInTurns, sortInTurns } from './sortInTurns'

/** What a run is ordered by; null stands last whatever the direction. */
export type SortKey = number | string | null

/** Gives the function that tells what a run is ordered by. */
export function createKeyReader(session: Session, { by }: RunSort, context: ListContext): (run: ListedRun) => SortKey {
  const factsOf = createFactReader(session, context)
  const lower = new Map<string, string>()
  const lowerOf = (name: string): string => {
    const known = lower.get(name) ?? name.toLowerCase()
    lower.set(name, known)
    return known
  }
  switch (by) {
    case 'started':
      return startedMsOf
    case 'duration':
      return (run) => factsOf(run).durationMs()
    case 'workflow':
      return (run) => lowerOf(workflowNameOf(run))
    case 'status':
      return (run) => {
        const { liveness, status } = factsOf(run)
        return liveness === 'orphaned' ? liveness : status
      }
    case 'steps':
      return (run) => (isNode(run) ? run.counts.total : run.outputs.length)
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
  /** By the number of the run: its node, what was known of it, and its key. */
  readonly seen: readonly (RunNode | undefined)[]
  readonly views: readonly (RunNode['view'] | undefined)[]
  readonly keys: readonly SortKey[]
}

const nothing: Kept = { nodes: [], seen: [], views: [], keys: [] }

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
    const all = session.store.runs().toReversed()
    // Lists that grow from their end would be slow.
    const size = all.reduce((most, { number }) => Math.max(most, number + 1), 0)
    const seen = new Array<RunNode | undefined>(size)
    const views = new Array<RunNode['view'] | undefined>(size)
    const keys = new Array<SortKey>(size)
    const hasMoved = new Uint8Array(size)
    const moved: RunNode[] = []
    for (const node of all) {
      const pause = breath()
      if (pause) await pause
      const { number, view } = node
      const isKnown = before.seen[number] === node
      const same = isKnown && before.views[number] === view && sort.by !== 'steps' && !isGoing(node)
      const key = same ? (before.keys[number] ?? null) : keyOfRun(node)
      seen[number] = node
      views[number] = view
      keys[number] = key
      if (isKnown && before.keys[number] === key) continue
      hasMoved[number] = 1
      moved.push(node)
    }
    const compare = (left: RunNode, right: RunNode): number =>
      compareKeys(keys[left.number] ?? null, keys[right.number] ?? null, sort.ascending) ||
      right.startedMs - left.startedMs
    const stayed: RunNode[] = []
    for (const node of before.nodes) {
      const pause = breath()
      if (pause) await pause
      if (seen[node.number] === node && !hasMoved[node.number]) stayed.push(node)
    }
    if (moved.length === 0 && stayed.length === before.nodes.length) return { nodes: before.nodes, seen, views, keys }
    const nodes = await mergeInTurns(stayed, await sortInTurns(moved, compare), compare)
    return { nodes, seen, views, keys }
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
      dropOldest(orders, keptOrders)
      return (await next).nodes
    },
  }
}

/** Only what is known of such a run changes by itself. */
function isGoing({ view }: RunNode): boolean {
  return view.status === 'running' || view.status === 'pending'
}
