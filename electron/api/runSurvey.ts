import { livenessOf } from '../../shared/rules/liveness'
import { matchesFilter, type RunFilterFacts } from '../../shared/rules/runFilters'
import { outcomeOf, type RunOutcome, runOutcomes } from '../../shared/rules/runOutcome'
import { stretchAt, stretchEdges } from '../../shared/rules/timeStretches'
import { createBreath } from '../files/breath'
import { looseRunDetail } from '../runs/looseRuns'
import type { RunNode } from '../runs/runIndex'
import type { Session } from './session'

/** How many runs came to what in each of some stretches of time, oldest first. */
export interface OutcomeRow {
  /** One more than there are stretches, in ms. */
  readonly edges: readonly number[]
  readonly counts: readonly Readonly<Record<RunOutcome, number>>[]
}

/** What one look at all runs of a workspace found. */
export interface RunSurvey {
  readonly counts: Record<'all' | 'running' | 'needsYou' | 'failedLastDay' | 'orphaned' | 'waiting', number>
  /** The newest ones, at most `listed` each. */
  readonly needs: readonly RunNode[]
  readonly running: readonly RunNode[]
  readonly hours: OutcomeRow
  readonly days: OutcomeRow
}

/** How many runs of a kind a survey names. */
export const listed = 8

const dayMs = 24 * 3_600_000

/** Looks at every run of the workspace once, newest first; the thread is given up every few milliseconds. */
export async function surveyRuns(
  session: Session,
  { nowMs, staleAfterMs }: { readonly nowMs: number; readonly staleAfterMs: number },
): Promise<RunSurvey> {
  const { store } = session
  const counts = { all: 0, running: 0, needsYou: 0, failedLastDay: 0, orphaned: 0, waiting: 0 }
  const needs: RunNode[] = []
  const running: RunNode[] = []
  const hours = emptyRow(stretchEdges('hour', { count: 24, nowMs }))
  const days = emptyRow(stretchEdges('day', { count: 30, nowMs }))
  const count = (facts: RunFilterFacts, startedMs: number): { readonly needsYou: boolean; readonly goes: boolean } => {
    const outcome = outcomeOf(facts)
    const needsYou = matchesFilter(facts, 'needs-you', nowMs)
    counts.all++
    if (needsYou) counts.needsYou++
    if (outcome === 'running') counts.running++
    if (outcome === 'orphaned') counts.orphaned++
    if (outcome === 'waiting') counts.waiting++
    if (outcome === 'failed' && nowMs - startedMs <= dayMs) counts.failedLastDay++
    for (const row of [hours, days]) {
      const at = row.counts[stretchAt(row.edges, startedMs)]
      if (at) at[outcome]++
    }
    return { needsYou, goes: outcome === 'running' }
  }

  const nodes = store.runs().slice()
  const unsavedIds = store.unsavedIds()
  const breath = createBreath()
  for (let index = nodes.length - 1; index >= 0; index--) {
    const pause = breath()
    if (pause) await pause
    const node = nodes[index]
    if (!node) continue
    const { status, completedAt, updatedAt, startedAt } = node.view
    const going = status === 'running' || status === 'pending'
    const facts = { status, owner: going ? store.owners.ownerOf(node.id) : null, lastActivityMs: node.lastActivityMs }
    const { liveness } = livenessOf(facts, { nowMs, staleAfterMs })
    const saved = !unsavedIds.has(node.id)
    const { needsYou, goes } = count({ status, liveness, saved, completedAt, updatedAt, startedAt }, node.startedMs)
    if (needsYou && needs.length < listed) needs.push(node)
    if (goes && running.length < listed) running.push(node)
  }
  for (const run of session.loose.list((id) => store.get(id) !== undefined))
    count(looseRunDetail(run, session.folder.id, []), Date.parse(run.startedAt ?? ''))
  return { counts, needs, running, hours, days }
}

function emptyRow(edges: readonly number[]) {
  const counts = edges.slice(1).map(() => none())
  return { edges, counts }
}

function none(): Record<RunOutcome, number> {
  return { completed: 0, failed: 0, orphaned: 0, waiting: 0, running: 0, cancelled: 0, other: 0 }
}

/** The stretches of several workspaces together; all have the same edges. */
export function sumRows(rows: readonly OutcomeRow[]): OutcomeRow {
  const edges = rows[0]?.edges ?? []
  const counts = edges.slice(1).map((_, index) => {
    const sum = none()
    for (const row of rows) for (const outcome of runOutcomes) sum[outcome] += row.counts[index]?.[outcome] ?? 0
    return sum
  })
  return { edges, counts }
}
