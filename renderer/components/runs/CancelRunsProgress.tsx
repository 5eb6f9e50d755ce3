import type { BulkOutcome } from '../../../shared/runBulk'
import { useMirror } from '../../state/useMirror'
import controls from '../../styles/controls.module.css'
import { BulkItems } from './BulkItems'
import styles from './CancelRunsDialog.module.css'

const outcomeWords: Readonly<Record<BulkOutcome, string>> = {
  cancelled: 'Cancelled',
  changed: 'Changed since',
  refused: 'Left alone',
  failed: 'Not cancelled',
  skipped: 'Skipped',
}

/** How far the cancelling of a set came, and what came of each run: those that were not cancelled first. */
export function CancelRunsProgress({
  setId,
  onStop,
  onClose,
}: {
  readonly setId: string
  readonly onStop: () => void
  readonly onClose: () => void
}) {
  const { value } = useMirror(`bulk ${setId}`, (client) => client.request('runs:bulk', { setId }), ['runs:bulkChanged'])
  if (!value) return null
  const { total, done, isGoing, counts } = value.bulk
  const told = (Object.keys(outcomeWords) as BulkOutcome[]).filter((outcome) => counts[outcome] > 0)
  return (
    <>
      <p role="status" aria-label="Cancelling">
        {isGoing ? `${done.toLocaleString('en')} of ${total.toLocaleString('en')} looked after` : 'Done'}
        {told.length > 0 && ': '}
        {told
          .map((outcome) => `${counts[outcome].toLocaleString('en')} ${outcomeWords[outcome].toLowerCase()}`)
          .join(', ')}
      </p>
      <progress className={styles.progress} max={total} value={done} aria-label="Runs that were looked after" />
      <BulkItems
        label="What came of each"
        items={value.items.map((item) => ({
          ...item,
          word: item.outcome === null ? 'Waits' : outcomeWords[item.outcome],
          tone:
            item.outcome === 'failed'
              ? 'failed'
              : item.outcome === null || item.outcome === 'cancelled'
                ? 'plain'
                : 'waiting',
        }))}
      />
      <div className={controls.actions}>
        {isGoing && (
          <button type="button" className={controls.button} onClick={onStop}>
            Stop
          </button>
        )}
        <button type="button" className={controls.button} onClick={onClose}>
          {isGoing ? 'Close, and let it go on' : 'Close'}
        </button>
      </div>
    </>
  )
}
