import type { WritebackAttempt } from '../../../shared/writebacks'
import { useNow } from '../../state/useNow'
import controls from '../../styles/controls.module.css'
import { ago, fullTime } from '../../texts/times'
import { errorWord, type StatusWord } from '../../texts/words'
import { LoadingRows } from '../ListStates'
import { StatusMark } from '../StatusMark'
import styles from './AttemptTable.module.css'

const marks: Readonly<Record<WritebackAttempt['outcome'], StatusWord>> = {
  failed: { word: 'Failed', shape: 'cross', tone: 'failed' },
  accepted: { word: 'Accepted', shape: 'dot', tone: 'running' },
  delivered: { word: 'Delivered', shape: 'check', tone: 'completed' },
}

const sources: Readonly<Record<WritebackAttempt['source'], string>> = {
  'dead-letter': 'dead letter',
  outbox: 'outbox',
  denied: 'permission log',
  history: 'kept by Rundesk, no longer on disk',
}

/** Every try that anything tells of, in the order in which they happened. */
export function AttemptTable({ attempts }: { readonly attempts: readonly WritebackAttempt[] | null }) {
  const nowMs = useNow()
  if (attempts === null) return <LoadingRows />
  if (attempts.length === 0) return <p className={controls.secondary}>No attempt is recorded.</p>
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">When</th>
          <th scope="col">Outcome</th>
          <th scope="col">Answer</th>
          <th scope="col">Told by</th>
        </tr>
      </thead>
      <tbody>
        {attempts.map((attempt, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: attempts have no identity but their place in time
          <tr key={index}>
            <td title={fullTime(attempt.at)} className={styles.time}>
              {attempt.at === null ? 'unknown' : ago(attempt.at, nowMs)}
            </td>
            <td>
              <StatusMark status={marks[attempt.outcome]} />
            </td>
            <td>
              {attempt.status !== null && <strong>HTTP {attempt.status} </strong>}
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
