import { livenessOf } from '../../shared/rules/liveness'
import type { RunFilterFacts } from '../../shared/rules/runFilters'
import { type RunWhereFacts, tellingDurationMs } from '../../shared/rules/runWhere'
import type { Liveness } from '../../shared/runs'
import { toMs } from '../runs/isoTime'
import type { LooseRun } from '../runs/looseRuns'
import type { RunNode } from '../runs/runIndex'
import { type Cause, causeOf } from './runCauses'
import type { Session } from './session'

/** When a list is asked for, and what the settings say. */
export interface ListContext {
  readonly nowMs: number
  readonly staleAfterMs: number
}

/** A run of a list: the store's own node, so that a long list costs no objects, or one without rows. */
export type ListedRun = RunNode | LooseRun

export function isNode(run: ListedRun): run is RunNode {
  return 'view' in run
}

export function workflowNameOf(run: ListedRun): string {
  return isNode(run) ? run.view.workflowName : run.workflowName
}

/** When a run began, in ms; 0 when unknown. */
export function startedMsOf(run: ListedRun): number {
  return isNode(run) ? run.startedMs : (msOrNull(run.startedAt) ?? 0)
}

/** What the rules look at. */
export type RunListFacts = RunFilterFacts & RunWhereFacts

/**
 * Gives the function that tells the facts of one run after the other of a session: always in the same object, which the
 * next call changes, because lists have hundreds of thousands.
 */
export function createFactReader(session: Session, context: ListContext): (run: ListedRun) => RunListFacts {
  const unsavedIds = session.store.unsavedIds()
  const facts = {
    status: '',
    liveness: null as Liveness | null,
    saved: true,
    completedAt: null as string | null,
    updatedAt: null as string | null,
    startedAt: null as string | null,
    workflowName: '',
    startedMs: 0,
    error: null as string | null,
    durationMs: (): number | null => {
      const { status, liveness, startedMs, completedAt } = facts
      return tellingDurationMs({ status, liveness, startedMs, completedMs: msOrNull(completedAt) }, context.nowMs)
    },
    cause: (): string | null => failureOf(facts)?.key ?? null,
  }
  return (run) => {
    const { status, completedAt, startedAt, workflowName } = isNode(run) ? run.view : run
    facts.status = status
    facts.completedAt = completedAt
    facts.startedAt = startedAt
    facts.workflowName = workflowName
    facts.updatedAt = isNode(run) ? run.view.updatedAt : (completedAt ?? startedAt)
    facts.error = isNode(run) ? run.view.error : null
    facts.startedMs = startedMsOf(run)
    facts.saved = !isNode(run) || unsavedIds.size === 0 || !unsavedIds.has(run.id)
    facts.liveness = isNode(run) ? liveness(session, run, context) : null
    return facts
  }
}

function liveness(session: Session, node: RunNode, { nowMs, staleAfterMs }: ListContext): Liveness | null {
  const { status } = node.view
  if (status !== 'running' && status !== 'pending') return null
  const owner = session.store.owners.ownerOf(node.id)
  return livenessOf({ status, owner, lastActivityMs: node.lastActivityMs }, { nowMs, staleAfterMs }).liveness
}

/** The group of equal failures that a run belongs to. What somebody cancelled did not fail, whatever its error says. */
export function failureOf({ status, error }: { readonly status: string; readonly error: string | null }): Cause | null {
  return status === 'cancelled' ? null : causeOf(error)
}

function msOrNull(at: string | null): number | null {
  if (at === null) return null
  const ms = toMs(at)
  return Number.isNaN(ms) ? null : ms
}
