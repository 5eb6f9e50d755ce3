import { dbosActs } from '../../../shared/rules/dbosActs'
import type { SourcePhase, SourceRun, SourceRunDetail, SourceStep } from '../../../shared/sourceRuns'
import type { DbosWorkflow } from './dbosQuery'

type Row = Readonly<Record<string, unknown>>

/** DBOS's words for the status of a workflow, and what they mean. */
export const dbosPhases: Readonly<Record<string, SourcePhase>> = {
  ENQUEUED: 'waiting',
  DELAYED: 'waiting',
  PENDING: 'running',
  SUCCESS: 'completed',
  ERROR: 'failed',
  CANCELLED: 'cancelled',
  MAX_RECOVERY_ATTEMPTS_EXCEEDED: 'dead-lettered',
}

/** What a row is read with. */
export interface RowContext {
  readonly sourceId: string
  /** Null where acts are possible, else why none is. */
  readonly readOnly: string | null
  /** The newest registered version of code of each application; `null` for workers without one. */
  readonly latest: ReadonlyMap<string | null, string>
  /** Names of all registered versions. */
  readonly versions: ReadonlySet<string>
  readonly nowMs: number
}

/** A workflow as sources tell of runs; its error comes beside it, because lists hold no payloads. */
export function toSourceRun(found: DbosWorkflow, context: RowContext, error: string | null): SourceRun {
  const { status, recoveryAttempts, completedAt } = found
  const executorId = found.executorId || null
  const applicationVersion = found.applicationVersion || null
  return {
    sourceId: context.sourceId,
    id: found.workflowID,
    workflowName: found.workflowName,
    status,
    phase: dbosPhases[status] ?? 'unknown',
    note: noteOf(found, context),
    createdAt: toTime(found.createdAt),
    startedAt: toTime(found.dequeuedAt ?? (startsAtOnce(found) ? found.createdAt : null)),
    completedAt: toTime(completedAt),
    updatedAt: toTime(found.updatedAt),
    error,
    queueName: found.queueName || null,
    executorId,
    applicationVersion,
    applicationName: found.applicationName || null,
    recoveryAttempts: recoveryAttempts ?? null,
    parentRunId: found.parentWorkflowID || null,
    forkedFrom: found.forkedFrom || null,
    wasForkedFrom: found.wasForkedFrom ?? false,
    version: runVersion({ status, updatedAt: found.updatedAt, executorId, recoveryAttempts }),
    acts: dbosActs({
      status,
      executorId,
      applicationVersion,
      completedAtMs: completedAt ?? null,
      readOnly: context.readOnly,
      nowMs: context.nowMs,
    }),
  }
}

/** What a person decided on: every change of a workflow's status row is another one. */
export function runVersion(parts: {
  readonly status: unknown
  readonly updatedAt: unknown
  readonly executorId: unknown
  readonly recoveryAttempts: unknown
}): string {
  const { status, updatedAt, executorId, recoveryAttempts } = parts
  return [status, updatedAt ?? '', recoveryAttempts ?? '', executorId || ''].join(' ')
}

/** The version of the row that the statement `locked` gave. */
export function lockedVersion(row: Row): string {
  const { status, updated_at: updatedAt, executor_id: executorId, recovery_attempts: recoveryAttempts } = row
  return runVersion({ status, updatedAt, executorId, recoveryAttempts })
}

/** With what else DBOS says of it. */
export function toSourceRunDetail(run: SourceRun, found: DbosWorkflow): SourceRunDetail {
  const facts = {
    class: found.workflowClassName,
    instance: found.workflowConfigName,
    schedule: found.scheduleName,
    user: found.authenticatedUser,
    role: found.assumedRole,
    priority: found.priority ? String(found.priority) : '',
    'deduplication id': found.deduplicationID,
    'queue partition': found.queuePartitionKey,
    timeout: found.timeoutMS ? `${found.timeoutMS / 1000} s` : '',
    deadline: toTime(found.deadlineEpochMS),
    'delayed until': toTime(found.delayUntilEpochMS),
    attributes: found.attributes ? JSON.stringify(found.attributes) : '',
  }
  return {
    ...run,
    facts: Object.entries(facts).flatMap(([name, value]) => (value ? [{ name, value: String(value) }] : [])),
  }
}

/** A row of the statement `steps`, with the message of its error. */
export function toSourceStep(row: Row, error: string | null): SourceStep {
  return {
    id: String(row.function_id),
    name: String(row.function_name),
    type: null,
    status: error === null ? 'SUCCESS' : 'ERROR',
    phase: error === null ? 'completed' : 'failed',
    error,
    startedAt: toTime(row.started_at_epoch_ms),
    completedAt: toTime(row.completed_at_epoch_ms),
    childRunId: typeof row.child_workflow_id === 'string' ? row.child_workflow_id : null,
    attempts: null,
    dependsOn: null,
  }
}

/** Epoch milliseconds, as a number or as the text of a big one. */
export function toTime(ms: unknown): string | null {
  if (ms === null || ms === undefined || ms === '') return null
  const date = new Date(Number(ms))
  return Number.isNaN(date.getTime()) ? null : date.toISOString()
}

/** Work that no queue holds is begun when it is made. Cancelling takes the queue away, so the rest cannot be told. */
function startsAtOnce({ status, queueName }: DbosWorkflow): boolean {
  return !queueName && ['PENDING', 'SUCCESS', 'ERROR', 'MAX_RECOVERY_ATTEMPTS_EXCEEDED'].includes(status)
}

function noteOf(found: DbosWorkflow, { latest, versions, nowMs }: RowContext): string | null {
  switch (found.status) {
    case 'PENDING':
      return `It may be running${found.executorId ? ` at executor ${found.executorId}` : ''}: DBOS does not tell whether that lives.`
    case 'DELAYED':
      return found.delayUntilEpochMS ? `It waits until ${toTime(found.delayUntilEpochMS)}.` : 'It waits.'
    case 'ENQUEUED':
      return waitNote(found, { latest, versions, nowMs })
    case 'MAX_RECOVERY_ATTEMPTS_EXCEEDED':
      return 'Its executors ended in the middle of it, again and again, so DBOS gave it up.'
    default:
      return null
  }
}

function waitNote(
  { applicationVersion, applicationName, createdAt }: DbosWorkflow,
  { latest, versions, nowMs }: Pick<RowContext, 'latest' | 'versions' | 'nowMs'>,
): string | null {
  const newest = latest.get(applicationName ?? null) ?? latest.get(null)
  if (applicationVersion && !versions.has(applicationVersion))
    return `It needs a worker of version ${applicationVersion}, and none of that version was ever seen.`
  if (applicationVersion && newest !== undefined && applicationVersion !== newest)
    return `It needs a worker of version ${applicationVersion}; the newest is ${newest}.`
  return nowMs - createdAt > 60_000 ? 'It waits for a worker, or for a place in its queue.' : null
}
