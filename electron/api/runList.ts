import type { RunPage } from '../../shared/contract'
import { livenessOf } from '../../shared/rules/liveness'
import { matchesFilter, type RunFilter, type RunFilterFacts, runFilters } from '../../shared/rules/runFilters'
import type { Run } from '../../shared/runs'
import { type LooseRun, looseRunDetail } from '../runs/looseRuns'
import type { RunNode } from '../runs/rowTable'
import { isSaved, toRun } from '../runs/runView'
import type { Session } from './session'

/** One run of a list, whole only when it is shown. */
interface Candidate {
  readonly startedAt: string
  readonly facts: RunFilterFacts
  readonly matches: (search: string) => boolean
  readonly toRun: () => Run
}

export interface RunListQuery {
  readonly filter: RunFilter
  readonly status?: string | undefined
  readonly search?: string | undefined
}

export interface RunList {
  /** Newest first. */
  readonly matching: readonly Candidate[]
  readonly counts: RunPage['counts']
}

/** All runs of the sessions that match, newest first, with the exact count of every filter under the same search. */
export function listRuns(
  sessions: readonly Session[],
  query: RunListQuery,
  { nowMs, staleAfterMs }: { readonly nowMs: number; readonly staleAfterMs: number },
): RunList {
  const search = query.search?.trim().toLowerCase() ?? ''
  const counts = { all: 0, running: 0, 'needs-you': 0, failed: 0, orphaned: 0 }
  const matching: Candidate[] = []
  for (const candidate of newestFirst(sessions, { nowMs, staleAfterMs })) {
    if (query.status !== undefined && candidate.facts.status !== query.status) continue
    if (search !== '' && !candidate.matches(search)) continue
    for (const filter of runFilters) if (matchesFilter(candidate.facts, filter, nowMs)) counts[filter]++
    if (matchesFilter(candidate.facts, query.filter, nowMs)) matching.push(candidate)
  }
  return { matching, counts }
}

function newestFirst(
  sessions: readonly Session[],
  context: { readonly nowMs: number; readonly staleAfterMs: number },
): readonly Candidate[] {
  const all: Candidate[] = []
  let sorted = true
  for (const session of sessions) {
    const nodes = session.store.runs()
    const isKnown = (id: string): boolean => session.store.get(id) !== undefined
    const loose = session.loose.list(isKnown)
    if (all.length > 0 || (loose.length > 0 && nodes.length > 0)) sorted = false
    for (let index = nodes.length - 1; index >= 0; index--) {
      const node = nodes[index]
      if (node) all.push(fromNode(session, node, context))
    }
    for (const run of loose) all.push(fromLoose(session, run))
  }
  if (sorted) return all
  return all.sort((left, right) => (left.startedAt === right.startedAt ? 0 : left.startedAt < right.startedAt ? 1 : -1))
}

function fromNode(
  session: Session,
  node: RunNode,
  context: { readonly nowMs: number; readonly staleAfterMs: number },
): Candidate {
  const { view } = node
  const owner = session.store.owners.ownerOf(node.id)
  const { liveness } = livenessOf({ status: view.status, owner, lastActivityMs: node.lastActivityMs }, context)
  const saved = session.store.degraded() === null || isSaved(node)
  return {
    startedAt: view.startedAt ?? '',
    facts: {
      status: view.status,
      liveness,
      saved,
      completedAt: view.completedAt,
      updatedAt: view.updatedAt,
      startedAt: view.startedAt,
    },
    matches: (search) =>
      view.workflowName.toLowerCase().includes(search) ||
      node.id.toLowerCase().includes(search) ||
      (view.error?.toLowerCase().includes(search) ?? false),
    toRun: () =>
      toRun(node, session.store.owners, { ...context, file: session.store.file, workspaceId: session.folder.id }),
  }
}

function fromLoose(session: Session, run: LooseRun): Candidate {
  const { state: _state, steps: _steps, history: _history, ...shown } = looseRunDetail(run, session.folder.id, [])
  return {
    startedAt: run.startedAt ?? '',
    facts: shown,
    matches: (search) => run.workflowName.toLowerCase().includes(search) || run.id.toLowerCase().includes(search),
    toRun: () => ({ ...shown, stepCounts: { ...shown.stepCounts } }),
  }
}
