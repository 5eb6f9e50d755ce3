import type { DeliveryFacts } from '../../shared/rules/deliveryWays'
import { type RetryPermission, retryable } from '../../shared/rules/retryable'
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
  return once({
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
  })
}

const known = new Map<WritebackState, DeliveryFacts[]>()
const permissions = new WeakMap<DeliveryFacts, RetryPermission>()

/** Few facts differ, however many items there are: equal ones are one record. */
function once(facts: DeliveryFacts): DeliveryFacts {
  const ofState = known.get(facts.state) ?? []
  const same = ofState.find((one) => isSame(one, facts))
  if (same) return same
  known.set(facts.state, [...ofState, facts])
  return facts
}

function isSame(one: DeliveryFacts, other: DeliveryFacts): boolean {
  return (
    one.state === other.state &&
    one.daemonAlive === other.daemonAlive &&
    one.localExists === other.localExists &&
    one.hasUnsentRecord === other.hasUnsentRecord &&
    one.localMatchesRecord === other.localMatchesRecord &&
    one.credentials === other.credentials &&
    one.hasRefusedOperation === other.hasRefusedOperation &&
    one.localMatchesRefused === other.localMatchesRefused
  )
}

/** May an item with these facts be retried? */
export function permissionOf(facts: DeliveryFacts): RetryPermission {
  const given = permissions.get(facts) ?? retryable(facts)
  permissions.set(facts, given)
  return given
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
