import type { WritebackAttempt } from '../../../shared/writebacks'
import { useNow } from '../../state/useNow'
import controls from '../../styles/controls.module.css'
import { writebackTexts } from '../../texts/en/writeback'
import { ago, fullTime } from '../../texts/times'
import { errorWord, type StatusWord } from '../../texts/words'
import { LoadingRows } from '../ListStates'
import { StatusMark } from '../StatusMark'
import styles from './AttemptTable.module.css'

const marks: Readonly<Record<WritebackAttempt['outcome'], StatusWord>> = {
  failed: { word: writebackTexts.failed, shape: 'cross', tone: 'failed' },
  accepted: { word: writebackTexts.accepted, shape: 'dot', tone: 'running' },
  delivered: { word: writebackTexts.delivered, shape: 'check', tone: 'completed' },
}

const sources: Readonly<Record<WritebackAttempt['source'], string>> = {
  'dead-letter': writebackTexts.deadLetter,
  outbox: 'outbox',
  denied: writebackTexts.permissionLog,
  history: writebackTexts.keptByRundeskNoLonger,
}

/** Every try that anything tells of, in the order in which they happened. */
export function AttemptTable({ attempts }: { readonly attempts: readonly WritebackAttempt[] | null }) {
  const nowMs = useNow()
  if (attempts === null) return <LoadingRows />
  if (attempts.length === 0) return <p className={controls.secondary}>{writebackTexts.noAttemptIsRecorded}</p>
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">{writebackTexts.when}</th>
          <th scope="col">{writebackTexts.outcome}</th>
          <th scope="col">{writebackTexts.answer}</th>
          <th scope="col">{writebackTexts.toldBy}</th>
        </tr>
      </thead>
      <tbody>
        {attempts.map((attempt, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: attempts have no identity but their place in time
          <tr key={index}>
            <td title={fullTime(attempt.at)} className={styles.time}>
              {attempt.at === null ? writebackTexts.unknown : ago(attempt.at, nowMs)}
            </td>
            <td>
              <StatusMark status={marks[attempt.outcome]} />
            </td>
            <td>
              {attempt.status !== null && <strong>{writebackTexts.http(attempt.status)} </strong>}
              {attempt.status === null && attempt.class !== null && <strong>{errorWord(attempt.class)} </strong>}
              {attempt.message}
            </td>
            <td className={controls.secondary}>
              {sources[attempt.source]}
              {attempt.opId && <div className="mono">{attempt.opId}</div>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
