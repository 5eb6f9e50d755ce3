import { toMs } from './deadLetters'
import type { FoldedItem } from './foldItem'
import type { Outcome } from './outcomes'

/** What has become of a local file that Rundesk wrote and the mount is to send: the newest outbox record with its content tells. */
export function watchedWrite(
  outbox: FoldedItem['outbox'] | undefined,
  { path, hash, writtenAt }: { readonly path: string | null; readonly hash: string; readonly writtenAt: string },
): Outcome {
  const since = Math.floor((toMs(writtenAt) ?? 0) / 1000) * 1000
  const own = (folder: 'pending' | 'failed' | 'acked') =>
    outbox?.[folder].findLast(
      ({ value }) => value?.remotePath === path && value.hash === hash && (toMs(value.firstSeenAt) ?? 0) >= since,
    )?.value
  const acked = own('acked')
  if (acked?.dispatchStatus === 'succeeded') return { outcome: 'delivered', detail: 'The server confirmed it.' }
  const failed = own('failed')
  if (failed)
    return {
      outcome: 'failed',
      detail: `Refused: ${failed.lastError ?? failed.dispatchStatus ?? 'no reason was recorded'}`,
    }
  const pending = own('pending')
  if (pending?.opId)
    return { outcome: 'sent', detail: 'Sent, not confirmed: the server accepted it, its receipt is awaited.' }
  if (pending && pending.attemptCount > 0)
    return { outcome: 'failed', detail: `Failed again: ${pending.lastError ?? 'no reason was recorded'}` }
  return { outcome: 'sent', detail: 'Not confirmed: the local file has this content now, and the mount sends it.' }
}
