import type { RunPage } from '../../shared/contract'
import { RundeskError } from '../../shared/outcome'
import { livenessOf } from '../../shared/rules/liveness'
import { matchesFilter, type RunFilter, type RunFilterFacts, runFilters } from '../../shared/rules/runFilters'
import { knownStatuses, type Run } from '../../shared/runs'
import { createBreath } from '../files/breath'
import { didYouMean } from '../runner/nearestName'
import { type LooseRun, looseRunDetail } from '../runs/looseRuns'
import type { RunNode } from '../runs/runIndex'
import { toRun } from '../runs/runView'
import type { Session } from './session'

/** Matching runs of one kind of one session, newest first: the store's own nodes, so that a long list costs no objects. */
type Block =
  | {
      readonly kind: 'rows'
      readonly session: Session
      readonly items: readonly RunNode[]
      readonly unsavedIds: ReadonlySet<string>
    }
  | { readonly kind: 'loose'; readonly session: Session; readonly items: readonly LooseRun[] }

export interface RunListQuery {
  readonly filter: RunFilter
  readonly status?: string | undefined
  readonly search?: string | undefined
}

export interface RunList {
  /** How many match; their rows come from `rows`. */
  readonly total: number
  readonly counts: RunPage['counts']
  /** A window of the matching runs, newest first. */
  readonly rows: (from: number, to: number) => Promise<Run[]>
}

interface Context {
  readonly nowMs: number
  readonly staleAfterMs: number
}

/**
 * All runs of the sessions that match, newest first, with the exact count of every filter under the same search. The
 * thread is given up every 12 ms: the rows are those that were there at the call, as they are when their turn comes.
 */
export async function listRuns(sessions: readonly Session[], query: RunListQuery, context: Context): Promise<RunList> {
  const search = query.search?.trim().toLowerCase() ?? ''
  const counts = { all: 0, running: 0, 'needs-you': 0, failed: 0, orphaned: 0 }
  const count = (facts: RunFilterFacts): boolean => {
    let wanted = false
    for (const filter of runFilters) {
      if (!matchesFilter(facts, filter, context.nowMs)) continue
      counts[filter]++
      if (filter === query.filter) wanted = true
    }
    return wanted
  }
  const blocks: Block[] = []
  const breath = createBreath()
  for (const session of sessions) {
    const nodes = session.store.runs().slice()
    const unsavedIds = session.store.unsavedIds()
    const rows: RunNode[] = []
    for (let index = nodes.length - 1; index >= 0; index--) {
      const pause = breath()
      if (pause) await pause
      const node = nodes[index]
      if (!node || (query.status !== undefined && node.view.status !== query.status)) continue
      if (search !== '' && !holds(search, node.view.workflowName, node.id, node.view.error)) continue
      if (count(factsOf(session, node, { ...context, unsavedIds }))) rows.push(node)
    }
    const loose = session.loose
      .list((id) => session.store.get(id) !== undefined)
      .filter((run) => {
        if (query.status !== undefined && run.status !== query.status) return false
        if (search !== '' && !holds(search, run.workflowName, run.id, null)) return false
        return count(looseRunDetail(run, session.folder.id, []))
      })
    blocks.push({ kind: 'rows', session, items: rows, unsavedIds }, { kind: 'loose', session, items: loose })
  }
  return {
    total: blocks.reduce((sum, block) => sum + block.items.length, 0),
    counts,
    rows: (from, to) => mergeRows(blocks, { from, to, context }),
  }
}

/** Any tool may write any status: one that is neither known nor in any run is a mistake. Throws `usage` for it. */
export function checkStatus(sessions: readonly Session[], wanted: string): void {
  const known = new Set<string>(knownStatuses)
  for (const { store, loose } of sessions) {
    for (const { view } of store.runs()) known.add(view.status)
    for (const { status } of loose.list((id) => store.get(id) !== undefined)) known.add(status)
  }
  if (known.has(wanted)) return
  const names = [...known].toSorted()
  throw new RundeskError(
    'usage',
    `No run has the status ${JSON.stringify(wanted)}${didYouMean(wanted, names) || '.'} Known are ${names.join(', ')}.`,
  )
}

/** The window of all blocks together, newest first. */
async function mergeRows(
  blocks: readonly Block[],
  { from, to, context }: { readonly from: number; readonly to: number; readonly context: Context },
): Promise<Run[]> {
  const [only, ...others] = blocks.filter((block) => block.items.length > 0)
  if (!only) return []
  if (others.length === 0) {
    const last = Math.min(to, only.items.length)
    return inTurns(
      range(from, last).map((index) => ({ block: only, index })),
      context,
    )
  }
  const heads = [only, ...others].map((block) => ({ block, next: 0 }))
  const places: Place[] = []
  for (let place = 0; place < to; place++) {
    let best: (typeof heads)[number] | undefined
    for (const head of heads) {
      if (head.next >= head.block.items.length) continue
      if (!best || startOf(head.block, head.next) > startOf(best.block, best.next)) best = head
    }
    if (!best) break
    if (place >= from) places.push({ block: best.block, index: best.next })
    best.next++
  }
  return inTurns(places, context)
}

interface Place {
  readonly block: Block
  readonly index: number
}

async function inTurns(places: readonly Place[], context: Context): Promise<Run[]> {
  const rows: Run[] = []
  const breath = createBreath(1)
  for (const place of places) {
    rows.push(await show(place, context))
    await breath()
  }
  return rows
}

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index)
}

function holds(search: string, name: string, id: string, error: string | null): boolean {
  return (
    name.toLowerCase().includes(search) ||
    id.toLowerCase().includes(search) ||
    (error?.toLowerCase().includes(search) ?? false)
  )
}

function factsOf(
  session: Session,
  node: RunNode,
  { nowMs, staleAfterMs, unsavedIds }: Context & { readonly unsavedIds: ReadonlySet<string> },
): RunFilterFacts {
  const { status, completedAt, updatedAt, startedAt } = node.view
  const saved = !unsavedIds.has(node.id)
  if (status !== 'running' && status !== 'pending')
    return { status, liveness: null, saved, completedAt, updatedAt, startedAt }
  const owner = session.store.owners.ownerOf(node.id)
  const { liveness } = livenessOf({ status, owner, lastActivityMs: node.lastActivityMs }, { nowMs, staleAfterMs })
  return { status, liveness, saved, completedAt, updatedAt, startedAt }
}

function startOf(block: Block, index: number): string {
  if (block.kind === 'rows') return block.items[index]?.view.startedAt ?? ''
  return block.items[index]?.startedAt ?? ''
}

async function show({ block, index }: Place, context: Context): Promise<Run> {
  const { session } = block
  if (block.kind === 'rows') {
    const node = block.items[index]
    if (!node) throw new Error(`There is no row ${index}`)
    const { store } = session
    // Only a living owner of ours tells of a retry to come; to say so the run's steps are needed.
    const steps = store.owners.ownerOf(node.id)?.alive ? await store.stepsOf(node) : undefined
    return toRun(node, store.owners, {
      ...context,
      file: store.file,
      workspaceId: session.folder.id,
      unsavedIds: block.unsavedIds,
      steps,
    })
  }
  const run = block.items[index]
  if (!run) throw new Error(`There is no run ${index}`)
  const { state: _state, steps: _steps, history: _history, ...shown } = looseRunDetail(run, session.folder.id, [])
  return shown
}
