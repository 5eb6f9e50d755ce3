import type { DeliveryFacts } from '../../shared/rules/deliveryWays'
import type { WritebackState } from '../../shared/writebacks'
import type { FoldContext, FoldedItem } from './foldItem'
import type { CachedFile } from './recordFolder'
import type { OutboxRecord } from './recordSchemas'

/** What the shared rule wants to know of an item before it says how it can be delivered. */
export function deliveryFacts(
  {
    state,
    letters,
    outbox,
    local,
  }: Pick<FoldedItem, 'letters' | 'outbox' | 'local'> & { readonly state: WritebackState },
  { daemonAlive, credentials }: Pick<FoldContext, 'daemonAlive' | 'credentials'>,
): DeliveryFacts {
  const unsent = unsentRecord(outbox)?.value
  return {
    state,
    daemonAlive,
    localExists: local.exists,
    hasUnsentRecord: unsent !== undefined,
    localMatchesRecord: unsent?.hash !== undefined && unsent.hash === local.sha256,
    credentials,
    hasRefusedOperation: refusedOpId({ letters, outbox }) !== null,
    localMatchesRefused: outbox.failed.some(
      ({ value }) => value?.hash !== undefined && value.hash === local.sha256 && !value.opId,
    ),
  }
}

/** The record that waits in the outbox and that the server has not accepted. */
export function unsentRecord(outbox: FoldedItem['outbox']): CachedFile<OutboxRecord> | undefined {
  return outbox.pending.find((file) => file.value && !file.value.opId)
}

/** The server's operation that was refused after it was accepted; null when there is none. */
export function refusedOpId({ letters, outbox }: Pick<FoldedItem, 'letters' | 'outbox'>): string | null {
  const failed = outbox.failed.findLast((file) => file.value?.opId)?.value?.opId
  if (failed) return failed
  return letters.find(({ record }) => record.replayUrl !== undefined)?.opId ?? null
}
