import type { OutboxFacts } from '../../shared/rules/writebackState'
import { toMs } from './deadLetters'
import type { LocalFile } from './localFiles'
import type { CachedFile } from './recordFolder'
import type { OutboxRecord } from './recordSchemas'

/** What the rule about states wants to know of a record of the outbox. */
export function toOutboxFacts({ value }: CachedFile<OutboxRecord>): OutboxFacts {
  return {
    opId: value?.opId || null,
    hash: value?.hash ?? null,
    attemptCount: value?.attemptCount ?? 0,
    needsAttention: value?.needsAttention ?? false,
    dispatchStatus: value?.dispatchStatus ?? null,
    lastError: value?.lastError ?? null,
    lastMs: newest([toMs(value?.firstSeenAt), toMs(value?.lastAttemptAt)]),
    ackedMs: toMs(value?.ackedAt),
  }
}

/** A record of exactly what was verified, which the mount has not taken out of its outbox yet. */
export function isVerified(
  { opId, hash: recordHash, lastMs }: OutboxFacts,
  { local, verifiedMs }: { readonly local: LocalFile; readonly verifiedMs: number },
): boolean {
  return opId === null && recordHash !== null && recordHash === local.sha256 && (lastMs ?? 0) <= verifiedMs
}

/** The latest of some times, in ms; null when there is none. */
export function newest(times: readonly (number | null)[]): number | null {
  let found: number | null = null
  for (const time of times) if (time !== null && (found === null || time > found)) found = time
  return found
}
