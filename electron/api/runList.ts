import type { RunPage } from '../../shared/contract'
import { livenessOf } from '../../shared/rules/liveness'
import { matchesFilter, type RunFilter, type RunFilterFacts, runFilters } from '../../shared/rules/runFilters'
import type { Run } from '../../shared/runs'
import { type LooseRun, looseRunDetail } from '../runs/looseRuns'
import type { RunNode } from '../runs/rowTable'
import { isSaved, toRun } from '../runs/runView'
import type { Session } from './session'

/** One run of a list: a row of a store, or a run without rows. It is made whole only when it is shown. */
type Listed =
  | { readonly kind: 'row'; readonly session: Session; readonly node: RunNode }
  | { readonly kind: 'loose'; readonly session: Session; readonly run: LooseRun }

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
  readonly rows: (from: number, to: number) => Run[]
}

interface Context {
  readonly nowMs: number
  readonly staleAfterMs: number
}

/** All runs of the sessions that match, newest first, with the exact count of every filter under the same search. */
export function listRuns(sessions: readonly Session[], query: RunListQuery, context: Context): RunList {
  const search = query.search?.trim().toLowerCase() ?? ''
  const counts = { all: 0, running: 0, 'needs-you': 0, failed: 0, orphaned: 0 }
  const matching: Listed[] = []
  const take = (facts: RunFilterFacts, listed: Listed): void => {
    for (const filter of runFilters) {
      if (!matchesFilter(facts, filter, context.nowMs)) continue
      counts[filter]++
      if (filter === query.filter) matching.push(listed)
    }
  }
  for (const session of sessions) {
    const nodes = session.store.runs()
    const degraded = session.store.degraded() !== null
    for (let index = nodes.length - 1; index >= 0; index--) {
      const node = nodes[index]
      if (!node || (query.status !== undefined && node.view.status !== query.status)) continue
      if (search !== '' && !holds(search, node.view.workflowName, node.id, node.view.error)) continue
      take(factsOf(session, node, { ...context, degraded }), { kind: 'row', session, node })
    }
    for (const run of session.loose.list((id) => session.store.get(id) !== undefined)) {
      if (query.status !== undefined && run.status !== query.status) continue
      if (search !== '' && !holds(search, run.workflowName, run.id, null)) continue
      take(looseRunDetail(run, session.folder.id, []), { kind: 'loose', session, run })
    }
  }
  const mixed = sessions.length > 1 || matching.some((listed) => listed.kind === 'loose')
  if (mixed) matching.sort((left, right) => compareNewest(startOf(left), startOf(right)))
  return {
    total: matching.length,
    counts,
    rows: (from, to) => matching.slice(from, to).map((listed) => show(listed, context)),
  }
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
  { nowMs, staleAfterMs, degraded }: Context & { readonly degraded: boolean },
): RunFilterFacts {
  const { status, completedAt, updatedAt, startedAt } = node.view
  const saved = !degraded || isSaved(node)
  if (status !== 'running' && status !== 'pending')
    return { status, liveness: null, saved, completedAt, updatedAt, startedAt }
  const owner = session.store.owners.ownerOf(node.id)
  const { liveness } = livenessOf({ status, owner, lastActivityMs: node.lastActivityMs }, { nowMs, staleAfterMs })
  return { status, liveness, saved, completedAt, updatedAt, startedAt }
}

function startOf(listed: Listed): string {
  return (listed.kind === 'row' ? listed.node.view.startedAt : listed.run.startedAt) ?? ''
}

function compareNewest(left: string, right: string): number {
  if (left === right) return 0
  return left < right ? 1 : -1
}

function show(listed: Listed, context: Context): Run {
  const { session } = listed
  if (listed.kind === 'row')
    return toRun(listed.node, session.store.owners, {
      ...context,
      file: session.store.file,
      workspaceId: session.folder.id,
    })
  const { state: _state, steps: _steps, history: _history, ...run } = looseRunDetail(listed.run, session.folder.id, [])
  return run
}
