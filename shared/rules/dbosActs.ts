import type { SourceAct } from '../sourceRuns'
import type { Permission } from './runActs'

/** What the rules look at: the newest row of a DBOS workflow, and what the connection may do. */
export interface DbosRunFacts {
  readonly status: string
  readonly executorId: string | null
  readonly applicationVersion: string | null
  readonly completedAtMs: number | null
  /** Null where acts are possible, else why none is. */
  readonly readOnly: string | null
  readonly nowMs: number
}

/** So long after a cancel the execution that had the run may not have noticed: it looks only between two steps. */
export const mayGoOnMs = 10 * 60_000

const allowed: Permission = { kind: 'allowed' }
const refuse = (reason: string): Permission => ({ kind: 'refused', reason })
const ask = (question: string): Permission => ({ kind: 'confirm', question })

/** Statuses with which a worker may have the run, or may take it. */
export const goingStatuses = ['PENDING', 'ENQUEUED', 'DELAYED'] as const

/**
 * What DBOS does with a workflow, as permissions: the one rule for the button, the command and the source. They say more
 * than the engine, which takes back nothing and ignores silently what it does not do (docs/scaling.md).
 */
export function dbosActs(run: DbosRunFacts): Record<SourceAct, Permission> {
  const unlessReadOnly = (permission: Permission): Permission =>
    run.readOnly === null ? permission : refuse(run.readOnly)
  return {
    cancel: unlessReadOnly(cancellable(run)),
    resume: unlessReadOnly(resumable(run)),
    fork: unlessReadOnly(forkable(run)),
    rewind: unlessReadOnly(rewindable(run)),
    rerun: refuse('DBOS does not know which steps depend on which: rewind it, or fork it, from a step'),
    'mark-failed': refuse('DBOS alone decides what failed: cancel it instead'),
  }
}

/** DBOS cancels all but what succeeded or failed; a second cancel would only change the time of the first. */
function cancellable({ status }: DbosRunFacts): Permission {
  if (status === 'SUCCESS' || status === 'ERROR' || status === 'CANCELLED') return refuse(was(status))
  return isGoing(status) || status === 'MAX_RECOVERY_ATTEMPTS_EXCEEDED' ? allowed : refuse(unknownStatus(status))
}

/** DBOS ignores a resume of what succeeded or failed, and hands a living run to a second execution. */
function resumable(run: DbosRunFacts): Permission {
  switch (run.status) {
    case 'CANCELLED':
      return whileItMayGoOn(run) ?? allowed
    case 'MAX_RECOVERY_ATTEMPTS_EXCEEDED':
      return allowed
    case 'PENDING':
      return ask(
        `It may be running: DBOS cannot tell. If ${executorOf(run)} lives, its steps run twice at the same time. Is that executor gone?`,
      )
    case 'ERROR':
      return refuse('DBOS does not resume a run that failed: rewind it, or fork it, from the step that failed')
    case 'SUCCESS':
      return refuse('it succeeded, so nothing is left to run: rewind it, or fork it, from a step')
    case 'ENQUEUED':
    case 'DELAYED':
      return refuse('it waits for a worker already')
    default:
      return refuse(unknownStatus(run.status))
  }
}

function forkable(run: DbosRunFacts): Permission {
  if (!isGoing(run.status)) return isEnded(run.status) ? allowed : refuse(unknownStatus(run.status))
  return ask('It has not ended. The fork does the same work once more beside it. Fork it all the same?')
}

/** DBOS rewinds what ended; what the steps from there on recorded is deleted. */
function rewindable(run: DbosRunFacts): Permission {
  if (isGoing(run.status)) return refuse(`it ${is(run.status)}: cancel it first, or fork it`)
  if (!isEnded(run.status)) return refuse(unknownStatus(run.status))
  return (
    whileItMayGoOn(run) ??
    ask('What the steps from there on recorded is deleted, and cannot be brought back. A fork keeps it. Rewind?')
  )
}

/** A cancel ends no body of a step and no sleep. What goes on after it runs beside its own repetition. */
function whileItMayGoOn({ status, executorId, completedAtMs, nowMs }: DbosRunFacts): Permission | null {
  if (status !== 'CANCELLED' || executorId === null || completedAtMs === null) return null
  if (nowMs - completedAtMs > mayGoOnMs) return null
  return ask(
    `It was cancelled a short time ago, and executor ${executorId} may not have noticed: what it is in the middle of, a step or a wait, goes on, and steps may run twice. Has it ended there?`,
  )
}

function executorOf({ executorId, applicationVersion }: DbosRunFacts): string {
  const version = applicationVersion === null ? '' : ` (version ${applicationVersion})`
  return executorId === null ? 'the executor that has it' : `its executor ${executorId}${version}`
}

const isGoing = (status: string): boolean => goingStatuses.some((each) => each === status)
const isEnded = (status: string): boolean =>
  ['SUCCESS', 'ERROR', 'CANCELLED', 'MAX_RECOVERY_ATTEMPTS_EXCEEDED'].includes(status)

function was(status: string): string {
  if (status === 'CANCELLED') return 'it was cancelled'
  return status === 'SUCCESS' ? 'it succeeded' : 'it failed'
}

function is(status: string): string {
  return status === 'PENDING' ? 'may be running' : 'waits for a worker'
}

function unknownStatus(status: string): string {
  return `Rundesk does not know what the status ${status} allows`
}
