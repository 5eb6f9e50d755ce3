import type { DeliveryWay } from '../operations'
import type { WritebackState } from '../writebacks'

/** What decides how an item can be delivered. */
export interface DeliveryFacts {
  readonly state: WritebackState
  readonly daemonAlive: boolean
  readonly localExists: boolean
  /** Is there a pending outbox record without an operation at the server? */
  readonly hasUnsentRecord: boolean
  /** Does the local file still have the content of that record? */
  readonly localMatchesRecord: boolean
  /** Credentials of the item's own workspace. */
  readonly credentials: 'usable' | 'expired' | 'none'
  /** Did the server accept it, and refuse it after that? */
  readonly hasRefusedOperation: boolean
  /** Does the local file still have the content that the server refused? */
  readonly localMatchesRefused: boolean
}

export interface DeliveryPlan {
  /** To be tried in this order, the next one when the one before failed. */
  readonly ways: readonly DeliveryWay[]
  /** Why there is none; null when there is one. */
  readonly reason: string | null
}

const refuse = (reason: string): DeliveryPlan => ({ ways: [], reason })
const withCredentials = ({ credentials }: DeliveryFacts): string =>
  credentials === 'expired'
    ? 'The credentials of its workspace have expired: log in to relayfile again.'
    : 'There are no credentials of its workspace, so Rundesk cannot send it by itself.'

/** In which ways this item can be delivered (docs/formats-writebacks.md, "Ways of delivery"). */
export function deliveryWays(facts: DeliveryFacts): DeliveryPlan {
  const canSend = facts.credentials === 'usable'
  switch (facts.state) {
    case 'accepted':
      return refuse('The server has accepted it already; its receipt is awaited.')
    case 'delivered':
    case 'stale':
      return refuse('It is delivered: only the old evidence is left. Dismiss it.')
    case 'waiting':
      if (facts.daemonAlive || !canSend) return refuse('It was not sent yet: the mount sends it with its next cycle.')
      break
    case 'conflict':
      return refuse(
        'The server has a newer version. Your version lies in the conflicts folder; decide which one counts.',
      )
    case 'rejected':
      return rejected(facts)
    case 'unreadable':
      return refuse('Its record cannot be read, so nobody knows what would be sent.')
    case 'stuck':
    case 'retrying':
    case 'gone':
    case 'unknown':
      break
  }
  if (facts.hasRefusedOperation && !facts.hasUnsentRecord) return rejected(facts)
  if (!facts.localExists) return refuse('The local file is gone: there is nothing to send.')
  if (facts.hasUnsentRecord && !facts.localMatchesRecord)
    return refuse('The local file changed since: the mount sends the new content by itself.')
  const ways: DeliveryWay[] = []
  if (facts.hasUnsentRecord && facts.daemonAlive) ways.push('re-arm')
  if (canSend) ways.push('direct')
  if (ways.length > 0) return { ways, reason: null }
  if (!facts.hasUnsentRecord)
    return refuse(
      `The mount has no record of it in its outbox, so it cannot be re-armed. ${withCredentials(facts)} Save the file again to send it.`,
    )
  return refuse(`No mount daemon is alive to send it. ${withCredentials(facts)} Start the mount, then retry.`)
}

function rejected(facts: DeliveryFacts): DeliveryPlan {
  if (facts.hasRefusedOperation)
    return facts.credentials === 'usable'
      ? { ways: ['replay'], reason: null }
      : refuse(`The server refused it after accepting it, and can be asked to try again. ${withCredentials(facts)}`)
  if (!facts.localMatchesRefused)
    return refuse('The server refused it, and the local file has other content by now. Edit it to send it again.')
  return facts.credentials === 'usable'
    ? { ways: ['direct'], reason: null }
    : refuse(`The server refused it. ${withCredentials(facts)} Save the file again to send it.`)
}
