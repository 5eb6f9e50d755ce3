import type { WritebackState } from '../writebacks'

/** What local files can tell of one path of a mount. Times are ms since 1970; null where unknown. */
export interface WritebackEvidence {
  /** Newest dead letter of the path. */
  readonly deadLetterMs: number | null
  readonly deadLetterOpIds: readonly string[]
  readonly localExists: boolean
  /** Sha256 of the local file; null when it is missing or cannot be read. */
  readonly localHash: string | null
  readonly pending: readonly OutboxFacts[]
  readonly failed: readonly OutboxFacts[]
  readonly acked: readonly OutboxFacts[]
  /** When the newest copy of this path was put into conflicts/, outside resolved/. */
  readonly conflictCopyMs: number | null
  /** The private state's entry of the path. */
  readonly privateState: {
    readonly hash: string | null
    readonly dirty: boolean
    readonly deletePending: boolean
  } | null
  /** The status that state.json gives the path. */
  readonly publicStatus: string | null
  /** The local file has been missing for longer than a cycle of the mount takes. */
  readonly missingLong: boolean
  /** When the mount's permission log last told of a refused or reverted write that still counts. */
  readonly deniedMs: number | null
  /** An act of ours on this path was verified after its newest dead letter. */
  readonly verified: boolean
}

export interface OutboxFacts {
  readonly opId: string | null
  readonly hash: string | null
  readonly attemptCount: number
  readonly needsAttention: boolean
  readonly dispatchStatus: string | null
  readonly lastError: string | null
  /** Newest of firstSeenAt and lastAttemptAt. */
  readonly lastMs: number | null
  readonly ackedMs: number | null
}

/** After so many refused attempts a mount never sends a record again. */
export const stuckAfterAttempts = 5

/**
 * The state of a path by the first rule that holds (docs/formats-writebacks.md), or null when its evidence makes it no
 * item: acked entries with no dead letter.
 */
export function writebackState(evidence: WritebackEvidence): WritebackState | null {
  const hasDeadLetter = evidence.deadLetterMs !== null || evidence.deadLetterOpIds.length > 0
  if (evidence.verified)
    return hasDeadLetter || evidence.acked.length + evidence.pending.length > 0 ? 'delivered' : null
  const inOutbox = pendingState(evidence)
  if (inOutbox) return inOutbox
  const failed = evidence.failed.filter((record) => counts(record, evidence))
  if (failed.length > 0) return failedState(evidence, failed)
  if (evidence.privateState?.deletePending) return 'rejected'
  if (isRefusedDelete(evidence)) return 'rejected'
  if (evidence.deniedMs !== null && !ackedAfter(evidence, evidence.deniedMs)) return 'rejected'
  if (!hasDeadLetter) return hasLoneCopy(evidence) ? 'conflict' : null
  if (isStale(evidence)) return 'stale'
  return evidence.localExists ? 'unknown' : 'gone'
}

/** A version that lost against the server's and that nothing else tells of any more. */
function hasLoneCopy(evidence: WritebackEvidence): boolean {
  return evidence.conflictCopyMs !== null && !ackedAfter(evidence, evidence.conflictCopyMs)
}

function ackedAfter({ acked }: WritebackEvidence, thanMs: number | null): boolean {
  return acked.some((ack) => ack.dispatchStatus === 'succeeded' && ms(ack.ackedMs ?? ack.lastMs) > ms(thanMs))
}

function pendingState({ pending }: WritebackEvidence): WritebackState | null {
  if (pending.length === 0) return null
  const unsent = pending.filter((record) => record.opId === null)
  if (unsent.length === 0) return 'accepted'
  if (unsent.some((record) => record.needsAttention || record.attemptCount >= stuckAfterAttempts)) return 'stuck'
  return unsent.some((record) => record.attemptCount > 0) ? 'retrying' : 'waiting'
}

/** A failed record counts when it belongs to a dead letter, is not older than the newest, or there is none, and nothing newer was acked. */
function counts(record: OutboxFacts, evidence: WritebackEvidence): boolean {
  if (ackedAfter(evidence, record.lastMs)) return false
  if (record.opId !== null && evidence.deadLetterOpIds.includes(record.opId)) return true
  return evidence.deadLetterMs === null || ms(record.lastMs) >= evidence.deadLetterMs
}

function failedState(evidence: WritebackEvidence, failed: readonly OutboxFacts[]): WritebackState {
  if (evidence.conflictCopyMs !== null) return 'conflict'
  if (!failed.every((record) => isConflict(record.lastError))) return 'rejected'
  const clean =
    evidence.localHash !== null &&
    evidence.privateState !== null &&
    !evidence.privateState.dirty &&
    evidence.privateState.hash === evidence.localHash
  return evidence.publicStatus === 'ready' || clean ? 'stale' : 'unknown'
}

/** A mount says `conflict`, or only which revision it expected. */
function isConflict(said: string | null): boolean {
  return /conflict|\bexpected revision\b/i.test(said ?? '')
}

/** state.json says that a write is pending while the file is missing and the outbox holds nothing for it. */
function isRefusedDelete({ publicStatus, localExists, missingLong, pending }: WritebackEvidence): boolean {
  return publicStatus === 'writeback-pending' && !localExists && missingLong && pending.length === 0
}

function isStale({ acked, deadLetterMs, localExists, localHash, privateState }: WritebackEvidence): boolean {
  const delivered = acked.some(
    (record) =>
      record.dispatchStatus === 'succeeded' &&
      ms(record.ackedMs ?? record.lastMs) > ms(deadLetterMs) &&
      (!localExists || record.hash === localHash),
  )
  return (
    delivered || (privateState !== null && !privateState.dirty && localHash !== null && privateState.hash === localHash)
  )
}

function ms(value: number | null): number {
  return value ?? Number.NEGATIVE_INFINITY
}
