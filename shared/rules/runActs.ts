import type { Liveness, Owner } from '../runs'

/** What the shared rules look at: the newest row and what is known of its owner. */
export interface RunFacts {
  readonly status: string
  readonly liveness: Liveness | null
  readonly owned: boolean
  readonly owner: Owner | null
  readonly completedAt: string | null
  readonly stepCounts: { readonly total: number; readonly completed: number }
  readonly source: { readonly kind: 'jsonl' | 'step-outputs' | 'trajectory' }
}

/** `allowed`, `confirm` (a person must say yes first: `--force` in the CLI) or `refused`, always with words a person understands. */
export type Permission =
  | { readonly kind: 'allowed' }
  | { readonly kind: 'confirm'; readonly question: string }
  | { readonly kind: 'refused'; readonly reason: string }

const allowed: Permission = { kind: 'allowed' }
const refuse = (reason: string): Permission => ({ kind: 'refused', reason })

const resumableStatuses: readonly string[] = ['failed', 'paused', 'needs_human']
const finalStatuses: readonly string[] = ['completed', 'cancelled']

/**
 * May this run be resumed? `failed`, `paused`, `needs_human`, or orphaned: at once when its owner is known to be dead,
 * after a confirmation when only its age says so. Not when nothing is left to run. The one rule for the button, the CLI
 * and the store.
 */
export function resumable(run: RunFacts): Permission {
  const { total, completed } = run.stepCounts
  const permission = rerunnableInPlace(run)
  if (permission.kind === 'allowed' && resumableStatuses.includes(run.status) && total > 0 && completed === total)
    return refuse('every step of it is completed, so nothing is left to run. Choose a step to run again')
  return permission
}

/** May completed steps of this run be run again as part of it? As `resumable`, also when nothing is left to run. */
export function rerunnableInPlace(run: RunFacts): Permission {
  if (run.source.kind !== 'jsonl') return refuse(leftOnly(run, 'there is no record to resume from'))
  if (resumableStatuses.includes(run.status)) {
    if (run.owner?.alive) return refuse(`it is still held by process ${run.owner.pid} on ${run.owner.host}`)
    return allowed
  }
  if (run.liveness === 'orphaned') {
    if (run.owner && run.owner.alive === false) return allowed
    return {
      kind: 'confirm',
      question: 'Nothing was heard of this run for a long time. Is the program that ran it really gone?',
    }
  }
  if (run.liveness === 'live' && run.owner)
    return refuse(`it is already being run by process ${run.owner.pid} on ${run.owner.host}`)
  if (run.liveness === 'unconfirmed') return refuse(`it is ${run.status}, and the program that runs it may be alive`)
  return refuse(run.completedAt ? `it ${wasWord(run.status)} at ${run.completedAt}` : `it is ${run.status}`)
}

/** May a new run take over what this one completed? When nobody may still be running it. */
export function rerunnable(run: RunFacts): Permission {
  if (run.source.kind !== 'jsonl') return refuse(leftOnly(run, 'there is no record to start from'))
  if (run.owner?.alive) return refuse(`it is still held by process ${run.owner.pid} on ${run.owner.host}`)
  if (run.liveness === 'live' || run.liveness === 'unconfirmed') return refuse(`it is still ${run.status}`)
  return allowed
}

/**
 * May this run be cancelled? Everything but `completed` and `cancelled`. A foreign run whose program may be alive needs
 * a confirmation that it is gone, because that program takes no lock and its memory would win over ours.
 */
export function cancellable(run: RunFacts): Permission {
  if (run.source.kind !== 'jsonl')
    return refuse(run.completedAt === null ? leftOnly(run, 'there is nothing to cancel') : nothingToCancel(run))
  if (finalStatuses.includes(run.status)) return refuse(nothingToCancel(run))
  if (run.liveness === 'unconfirmed') {
    return { kind: 'confirm', question: 'Another program runs this. Rundesk could not find its process: is it gone?' }
  }
  return allowed
}

/** May what this run completed be rolled back? When it ended badly, or its owner is gone. What a completed run did stays. */
export function rollbackable(run: RunFacts): Permission {
  if (run.source.kind !== 'jsonl') return refuse(leftOnly(run, 'there is no record of what it did'))
  if (run.owner?.alive) return refuse(`it is held by process ${run.owner.pid} on ${run.owner.host}`)
  if (run.status === 'cancelled') return allowed
  return run.status === 'completed' ? refuse('it completed') : rerunnableInPlace(run)
}

/** May this run be marked as failed by hand? Only while running or pending with nobody known to be alive. */
export function markable(run: RunFacts): Permission {
  if (run.source.kind !== 'jsonl') return refuse(leftOnly(run, 'there is no record to change'))
  if (run.liveness === 'unconfirmed' || run.liveness === 'orphaned') {
    return { kind: 'confirm', question: 'Mark this run as failed? Whoever runs it must be gone.' }
  }
  if (run.liveness === 'live') return refuse('it is running: cancel it instead')
  return refuse(`it is ${run.status} already`)
}

/** What is left of a run without rows, and what that tells of it. */
function leftOnly({ source, status, completedAt }: RunFacts, missing: string): string {
  if (source.kind !== 'trajectory') return `only its outputs are left: ${missing}`
  return `only its trajectory is left, which says that it ${becameWords({ status, completedAt })}: ${missing}`
}

/** "nothing to cancel: it completed at …" */
export function nothingToCancel(run: { readonly status: string; readonly completedAt: string | null }): string {
  return `nothing to cancel: it ${becameWords(run)}`
}

function becameWords({ status, completedAt }: Pick<RunFacts, 'status' | 'completedAt'>): string {
  return completedAt ? `${wasWord(status)} at ${completedAt}` : wasWord(status)
}

function wasWord(status: string): string {
  if (status === 'cancelled') return 'was cancelled'
  return status === 'completed' || status === 'failed' ? status : `is ${status}`
}
