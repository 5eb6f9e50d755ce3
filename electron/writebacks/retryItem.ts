import type { DeliveryWay } from '../../shared/operations'
import { RundeskError } from '../../shared/outcome'
import { deliveryWays } from '../../shared/rules/deliveryWays'
import { toError } from '../files/toError'
import { knownOperation } from './beginOperation'
import { refusedOpId } from './deliveryFacts'
import { deliverDirectly } from './directWay'
import type { FoldedItem } from './foldItem'
import type { LedgerItem } from './ledgerMemory'
import { wayOf } from './ledgerMemory'
import type { MountContext } from './mountContext'
import { toLocalPath } from './mountPaths'
import { type Outcome, writeOutcome } from './outcomes'
import { deliverByRearming } from './rearmWay'
import { deliverByReplay } from './replayWay'
import type { Slots } from './slots'

/** Why an operation stops without having ended: what it has not come to stays open. */
export const interrupted = 'interrupted'

export interface RetryJob {
  readonly id: string
  readonly key: string
  readonly slots: Slots
  /** Nothing new is begun after this. */
  readonly stop: AbortSignal
  /** Cuts requests off that are under way. */
  readonly signal: AbortSignal
  /** The way to take although an earlier one was tried; else the first that is possible. */
  readonly way?: DeliveryWay | undefined
}

/**
 * Works on one item of an operation until something came of it, and writes that down. What an earlier life of the
 * operation has claimed is looked at before it is done again, and done under the same identity. Throws only when the
 * ledger cannot be written.
 */
export async function retryItem(context: MountContext, job: RetryJob): Promise<void> {
  const item = knownOperation(context, job.id).item(job.key)
  if (!item || job.stop.aborted) return
  const view = context.view()
  const folded = view ? view.byKey(job.key) : undefined
  const outcome = await attempt(context, { job, item, folded }).catch((error: unknown) => unexpected(error, item))
  if (outcome.outcome === 'skipped' && job.stop.reason === interrupted) return
  await writeOutcome(context, job.id, job.key, outcome)
}

/** A trouble with one item, such as a backup that cannot be written, does not keep the others from being worked on. */
function unexpected(error: unknown, { claim }: LedgerItem): Outcome {
  if (error instanceof RundeskError && error.code === 'unreadable') throw error
  const { message } = toError(error)
  if (claim?.kind === 'sending' || claim?.kind === 'replaying')
    return { outcome: 'sent', detail: `Sent, not confirmed: ${message} It is looked at again.` }
  return { outcome: 'refused', detail: message }
}

interface Attempt {
  readonly job: RetryJob
  readonly item: LedgerItem
  readonly folded: FoldedItem | undefined
}

async function attempt(context: MountContext, { job, item, folded }: Attempt): Promise<Outcome> {
  const claimed = wayOf(item.claim)
  if (claimed === null && job.way === undefined) {
    if (!folded)
      return {
        outcome: 'changed',
        detail: 'It is no longer in the list: it was delivered or put aside in the meantime.',
      }
    if (folded.item.version !== item.version)
      return { outcome: 'changed', detail: 'It changed since it was shown. Look at it again.' }
  }
  const plan = folded ? deliveryWays(folded.facts) : null
  const way = job.way ?? claimed ?? plan?.ways[0]
  if (way === undefined)
    return { outcome: 'refused', detail: plan?.reason ?? 'Nothing tells how it could be delivered.' }
  const outcome = await take(context, { job, item, folded }, way)
  if (outcome.next !== undefined) return take(context, { job, item, folded }, outcome.next, outcome.opId)
  return outcome
}

async function take(
  context: MountContext,
  { job, item, folded }: Attempt,
  way: DeliveryWay,
  knownOpId?: string,
): Promise<Outcome> {
  const { id, key, slots, stop, signal } = job
  const { claim } = item
  switch (way) {
    case 're-arm':
      if (!folded) return { outcome: 'changed', detail: 'It is no longer in the list.' }
      return deliverByRearming(context, { id, folded })
    case 'direct': {
      const scan = context.view()?.scan
      const localPath = item.path === null || !scan ? null : toLocalPath(scan.localDir, scan.remoteRoot, item.path)
      if (item.path === null || localPath === null)
        return { outcome: 'refused', detail: 'Its path leads outside of the mount, so it is not used.' }
      const sending = claim?.kind === 'sending' ? claim : null
      return deliverDirectly(context, {
        id,
        key,
        path: item.path,
        localPath,
        folded,
        claim: sending,
        slots,
        stop,
        signal,
      })
    }
    case 'replay': {
      const replaying = claim?.kind === 'replaying' ? claim : null
      const opId = knownOpId ?? replaying?.opId ?? (folded ? refusedOpId(folded) : null)
      if (opId === null) return { outcome: 'changed', detail: 'The refused operation is no longer recorded here.' }
      return deliverByReplay(context, {
        id,
        key,
        opId,
        localPath: folded?.localPath ?? null,
        claim: replaying,
        slots,
        stop,
        signal,
      })
    }
  }
}
