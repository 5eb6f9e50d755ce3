import type { WritebackDetail, WritebackItem } from '../../../shared/writebacks'
import { useNow } from '../../state/useNow'
import controls from '../../styles/controls.module.css'
import { folderName } from '../../texts/mountWords'
import { ago, fullTime } from '../../texts/times'
import { counted, errorWord, toSize } from '../../texts/words'
import styles from './ItemFailure.module.css'

/** Why an item is what it is: the newest error, since when, and what would happen next. */
export function ItemFailure({
  item,
  detail,
}: {
  readonly item: WritebackItem
  readonly detail: WritebackDetail | null
}) {
  const nowMs = useNow()
  const file = detail?.localFile
  return (
    <>
      {item.message ? (
        <p className={styles.message}>
          <strong className={styles.kind}>
            {item.lastStatus === null ? errorWord(item.class) : `HTTP ${item.lastStatus}, ${errorWord(item.class)}`}
          </strong>
          <br />
          {item.message}
        </p>
      ) : (
        <p className={controls.secondary}>No error is recorded.</p>
      )}
      {item.denied && (
        <p className={styles.message}>
          <strong>{item.denied.kind.toLowerCase().replaceAll('_', ' ')}</strong>{' '}
          <span title={fullTime(item.denied.at)}>{ago(item.denied.at, nowMs)}</span>: {item.denied.reason}. The mount
          may have put the file back as it was; edits that it took back are not kept anywhere.
        </p>
      )}
      <dl className={styles.facts}>
        <dt>Next</dt>
        <dd>{nextStep(item)}</dd>
        <dt>Attempts</dt>
        <dd>
          {counted(item.attempts, 'attempt')}
          {item.lastFailedAt && (
            <>
              , last <span title={fullTime(item.lastFailedAt)}>{ago(item.lastFailedAt, nowMs)}</span>, first{' '}
              <span title={fullTime(item.firstFailedAt)}>{ago(item.firstFailedAt, nowMs)}</span>
            </>
          )}
        </dd>
        <dt>Mount</dt>
        <dd title={item.mount}>
          {folderName(item.mount)} <span className={`mono ${controls.secondary}`}>{item.mount}</span>
        </dd>
        {file && (
          <>
            <dt>Local file</dt>
            <dd>
              <span className="mono">{file.path}</span>
              {file.exists
                ? `, ${file.sizeBytes === null ? 'of unknown size' : toSize(file.sizeBytes)}${file.sha256 ? `, sha256 ${file.sha256.slice(0, 12)}…` : ''}`
                : ', missing'}
            </dd>
          </>
        )}
        {item.conflictCopies.length > 0 && (
          <>
            <dt>Saved copies</dt>
            <dd>
              {item.conflictCopies.map((copy) => (
                <div key={copy} className="mono">
                  {copy}
                </div>
              ))}
            </dd>
          </>
        )}
      </dl>
    </>
  )
}

function nextStep(item: WritebackItem): string {
  if (item.retry.kind === 'refused') return item.retry.reason
  if (item.state === 'retrying' && item.nextAttemptAt)
    return `The mount tries again with its first cycle after ${fullTime(item.nextAttemptAt)}. Retry does it now.`
  return 'Nothing, until somebody retries it.'
}
