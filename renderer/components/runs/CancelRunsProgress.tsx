import type { BulkOutcome } from '../../../shared/runBulk'
import { useMirror } from '../../state/useMirror'
import controls from '../../styles/controls.module.css'
import { runsTexts } from '../../texts/en/runs'
import { BulkItems } from './BulkItems'
import styles from './CancelRunsDialog.module.css'

const outcomeWords: Readonly<Record<BulkOutcome, string>> = {
  cancelled: runsTexts.cancelled,
  changed: runsTexts.changedSince,
  refused: runsTexts.leftAloneWord,
  failed: runsTexts.notCancelled,
  skipped: runsTexts.skipped,
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
      <p role="status" aria-label={runsTexts.cancelling}>
        {isGoing ? runsTexts.ofLookedAfter(done.toLocaleString('en'), total.toLocaleString('en')) : runsTexts.done}
        {told.length > 0 && ': '}
        {told
          .map((outcome) => `${counts[outcome].toLocaleString('en')} ${outcomeWords[outcome].toLowerCase()}`)
          .join(', ')}
      </p>
      <progress className={styles.progress} max={total} value={done} aria-label={runsTexts.runsThatWereLooked} />
      <BulkItems
        label={runsTexts.whatCameOfEach}
        items={value.items.map((item) => ({
          ...item,
          word: item.outcome === null ? runsTexts.waits : outcomeWords[item.outcome],
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
            {runsTexts.stop}
          </button>
        )}
        <button type="button" className={controls.button} onClick={onClose}>
          {isGoing ? runsTexts.closeAndLetItGo : runsTexts.close}
        </button>
      </div>
    </>
  )
}
