import type { WritebackState } from '../writebacks'

/** What the retry rule looks at. */
export interface RetryFacts {
  readonly state: WritebackState
  readonly daemonAlive: boolean
  readonly localExists: boolean
  /** Is there a pending outbox record without an operation at the server? */
  readonly hasUnsentRecord: boolean
  /** Does the local file still have the content of that record? */
  readonly localMatchesRecord: boolean
}

export type RetryPermission = { readonly kind: 'allowed' } | { readonly kind: 'refused'; readonly reason: string }

const refuse = (reason: string): RetryPermission => ({ kind: 'refused', reason })

/** May this item be retried by re-arming its outbox record? The one rule for the button, the CLI and the desk. */
export function retryable(facts: RetryFacts): RetryPermission {
  switch (facts.state) {
    case 'accepted':
      return refuse('The server has accepted it already; its receipt is awaited.')
    case 'delivered':
    case 'stale':
      return refuse('It is delivered: only the old evidence is left. Dismiss it.')
    case 'waiting':
      return refuse('It was not sent yet: the mount sends it with its next cycle.')
    case 'conflict':
      return refuse(
        'The server has a newer version. Your version lies in the conflicts folder; decide which one counts.',
      )
    case 'rejected':
      return refuse('The server refused it after accepting it. Sending the same again changes nothing.')
    case 'unreadable':
      return refuse('Its record cannot be read, so nobody knows what would be sent.')
    case 'stuck':
    case 'retrying':
    case 'gone':
    case 'unknown':
      break
  }
  if (!facts.localExists) return refuse('The local file is gone: there is nothing to send.')
  if (!facts.hasUnsentRecord)
    return refuse(
      'The mount has no record of it in its outbox, so it cannot be re-armed. Save the file again to send it.',
    )
  if (!facts.localMatchesRecord)
    return refuse('The local file changed since: the mount sends the new content by itself.')
  if (!facts.daemonAlive) return refuse('No mount daemon is alive to send it. Start the mount, then retry.')
  return { kind: 'allowed' }
}
