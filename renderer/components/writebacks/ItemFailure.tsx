import type { WritebackDetail, WritebackItem } from '../../../shared/writebacks'
import { useNow } from '../../state/useNow'
import controls from '../../styles/controls.module.css'
import { writebackTexts } from '../../texts/en/writeback'
import { folderName } from '../../texts/mountWords'
import { ago, fullTime, soon } from '../../texts/times'
import { counted, errorWord, sentenceCase, toSize } from '../../texts/words'
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
            {item.lastStatus === null
              ? sentenceCase(errorWord(item.class))
              : writebackTexts.httpLastStatusErrorWord(item.lastStatus, errorWord(item.class))}
          </strong>
          <br />
          {item.message}
        </p>
      ) : (
        <p className={controls.secondary}>{writebackTexts.noErrorIsRecorded}</p>
      )}
      {item.denied && (
        <p className={styles.message}>
          <strong>{sentenceCase(item.denied.kind)}</strong>{' '}
          <span title={fullTime(item.denied.at)}>{ago(item.denied.at, nowMs)}</span>
          {writebackTexts.theMountMayHavePut(item.denied.reason)}
        </p>
      )}
      <dl className={styles.facts}>
        <dt>{writebackTexts.next}</dt>
        <dd>{nextStep(item, nowMs)}</dd>
        <dt>{writebackTexts.attempts}</dt>
        <dd>
          {counted(item.attempts, writebackTexts.attempt)}
          {item.lastFailedAt && (
            <>
              {writebackTexts.last} <span title={fullTime(item.lastFailedAt)}>{ago(item.lastFailedAt, nowMs)}</span>
              {writebackTexts.first} <span title={fullTime(item.firstFailedAt)}>{ago(item.firstFailedAt, nowMs)}</span>
            </>
          )}
        </dd>
        <dt>{writebackTexts.mount}</dt>
        <dd title={item.mount}>
          {folderName(item.mount)} <span className={`mono ${controls.secondary}`}>{item.mount}</span>
        </dd>
        {file && (
          <>
            <dt>{writebackTexts.localFile}</dt>
            <dd>
              <span className="mono">{file.path}</span>
              {file.exists
                ? `, ${file.sizeBytes === null ? writebackTexts.ofUnknownSize : toSize(file.sizeBytes)}${file.sha256 ? writebackTexts.sha256(file.sha256.slice(0, 12)) : ''}`
                : writebackTexts.missingWithin}
            </dd>
          </>
        )}
        {item.conflictCopies.length > 0 && (
          <>
            <dt>{writebackTexts.savedCopies}</dt>
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

function nextStep(item: WritebackItem, nowMs: number): string {
  if (item.retry.kind === 'refused') return item.retry.reason
  if (item.state === 'retrying' && item.nextAttemptAt)
    return writebackTexts.theMountTriesAgain(soon(item.nextAttemptAt, nowMs))
  return writebackTexts.nothingUntilSomebodyRetries
}
