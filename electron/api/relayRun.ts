import {
  cancellable,
  markable,
  type Permission,
  rerunnable,
  rerunnableInPlace,
  resumable,
} from '../../shared/rules/runActs'
import type { Run, RunDetail, Step } from '../../shared/runs'
import type { SourceAct, SourcePhase, SourceRun, SourceRunDetail, SourceStep } from '../../shared/sourceRuns'

const phases: Readonly<Record<string, SourcePhase>> = {
  pending: 'waiting',
  running: 'running',
  paused: 'paused',
  needs_human: 'paused',
  completed: 'completed',
  failed: 'failed',
  cancelled: 'cancelled',
  skipped: 'cancelled',
}

/** What a status of a run or a step of a workspace means. */
export function relayPhase(status: string): SourcePhase {
  return (Object.hasOwn(phases, status) ? phases[status] : undefined) ?? 'unknown'
}

/** What the shared rules say of a run of a workspace: the same as its own buttons and commands. */
export function relayActs(run: Run): Record<SourceAct, Permission> {
  return {
    cancel: cancellable(run),
    resume: resumable(run),
    rerun: rerunnableInPlace(run),
    fork: rerunnable(run),
    rewind: {
      kind: 'refused',
      reason: 'its steps depend on each other and have no one order to go back in: run a step again instead',
    },
    'mark-failed': markable(run),
  }
}

/** A run of a workspace as a source shows it. */
export function toSourceRun(run: Run): SourceRun {
  const { id, workspaceId, workflowName, status, liveness, startedAt, completedAt, updatedAt, error, owner } = run
  const notes = [
    ...(run.saved ? [] : ['The disk refused its newest changes: not saved.']),
    ...(run.livenessReason === null ? [] : [`${liveness}: ${run.livenessReason}.`]),
    ...(run.source.kind === 'jsonl' ? [] : [`Only its ${run.source.kind} is left.`]),
    ...(run.retry ? [`Step ${run.retry.step}: attempt ${run.retry.attempt} begins at ${run.retry.at}.`] : []),
  ]
  return {
    ...{ sourceId: workspaceId, id, workflowName, status, startedAt, completedAt, updatedAt, error },
    phase: relayPhase(status),
    note: notes.length > 0 ? notes.join(' ') : null,
    createdAt: startedAt,
    queueName: null,
    executorId: owner ? `process ${owner.pid} on ${owner.host}` : null,
    applicationVersion: null,
    applicationName: null,
    recoveryAttempts: null,
    parentRunId: null,
    forkedFrom: null,
    wasForkedFrom: false,
    // A run that only went on is still what was seen.
    version: JSON.stringify([status, liveness === 'orphaned', startedAt, completedAt]),
    acts: relayActs(run),
  }
}

/** A run with all that its own rows say besides. */
export function toSourceRunDetail(run: RunDetail, reruns: readonly unknown[]): SourceRunDetail {
  const { stepCounts, source, owned, saved, state, history, parent, runner, workflowFile, retry } = run
  const facts = { stepCounts, source, owned, saved, state, history, parent, runner, workflowFile, retry }
  return {
    ...toSourceRun(run),
    forkedFrom: parent?.runId ?? null,
    wasForkedFrom: reruns.length > 0,
    facts: Object.entries(facts).flatMap(([name, value]) =>
      value === null ? [] : [{ name, value: typeof value === 'string' ? value : JSON.stringify(value) }],
    ),
  }
}

/** A step of a run of a workspace as a source shows it. */
export function toSourceStep(step: Step): SourceStep {
  const { id, name, type, status, error, startedAt, completedAt, attempts, dependsOn } = step
  return {
    ...{ id, name, type, status, error, startedAt, completedAt },
    phase: relayPhase(status),
    childRunId: null,
    attempts: attempts.map((attempt) => ({ ...attempt })),
    dependsOn: [...dependsOn],
  }
}
