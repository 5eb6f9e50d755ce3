import { stuckAfterAttempts } from '../../shared/rules/writebackState'
import { type DeadLetter, toMs } from './deadLetters'
import type { MountScan } from './mountStore'
import type { Outcome } from './outcomes'

/** What has become of a re-armed record: only the outbox tells (docs/formats-writebacks.md, "Outbox"). */
export function watchedOutcome(
  scan: MountScan,
  {
    commandFile,
    path,
    armedAt,
    letters,
  }: {
    readonly commandFile: string
    readonly path: string | null
    readonly armedAt: string
    readonly letters: readonly DeadLetter[]
  },
): Outcome {
  const acked = scan.outboxFile('acked', commandFile)?.value
  if (acked) {
    if (acked.dispatchStatus === 'succeeded') {
      if (acked.opId) return { outcome: 'delivered', detail: 'The server confirmed it.' }
      const detail = 'Not confirmed: the mount put it aside as done, but no answer of the server names it.'
      return { outcome: 'sent', detail }
    }
    return {
      outcome: 'changed',
      detail: `The mount put it aside as ${acked.dispatchStatus ?? 'done'}: newer content of the file is sent instead.`,
    }
  }
  const failed = scan.outboxFile('failed', commandFile)?.value
  if (failed)
    return {
      outcome: 'failed',
      detail: `Refused: ${failed.lastError ?? failed.dispatchStatus ?? 'no reason was recorded'}`,
    }
  const pending = scan.outboxFile('pending', commandFile)?.value
  if (!pending)
    return { outcome: 'sent', detail: `The outbox no longer shows ${path ?? 'it'}, and nothing confirms it yet.` }
  if (pending.opId)
    return { outcome: 'sent', detail: 'Sent, not confirmed: the server accepted it, its receipt is awaited.' }
  if (pending.attemptCount === 0)
    return { outcome: 'sent', detail: 'Not confirmed: re-armed, the mount sends it with its next cycle.' }
  const newer = letters.filter((letter) => (letter.atMs ?? 0) >= Math.floor((toMs(armedAt) ?? 0) / 1000) * 1000).at(-1)
  const status = newer?.record.lastStatus === undefined ? '' : ` with HTTP ${newer.record.lastStatus}`
  const more =
    pending.needsAttention || pending.attemptCount >= stuckAfterAttempts
      ? ''
      : ` (attempt ${pending.attemptCount} of ${stuckAfterAttempts}, the mount goes on trying)`
  return { outcome: 'failed', detail: `Failed again${status}: ${pending.lastError ?? 'no reason was recorded'}${more}` }
}
