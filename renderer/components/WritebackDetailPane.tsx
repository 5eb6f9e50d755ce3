import type { WritebackItem } from '../../shared/writebacks'
import { useMirror } from '../state/useMirror'
import { useNow } from '../state/useNow'
import controls from '../styles/controls.module.css'
import { ago, fullTime } from '../texts/times'
import { counted, writebackWords } from '../texts/words'
import { StatusMark } from './StatusMark'
import styles from './WritebackDetailPane.module.css'

/** What failed, what would be sent, and the records as they stand. */
export function WritebackDetailPane({ item }: { readonly item: WritebackItem }) {
  const nowMs = useNow()
  const { value, failure } = useMirror(
    `writeback ${item.key} ${item.version}`,
    (client) => client.request('writebacks:get', { key: item.key }),
    ['writebacks:changed'],
  )
  return (
    <section className={styles.pane} aria-label="Writeback">
      <div className={styles.head}>
        <StatusMark status={writebackWords[item.state]} />
        <strong className="mono">{item.path ?? item.records[0]?.file}</strong>
      </div>
      {item.message && (
        <p>
          {item.lastStatus !== null && <strong>HTTP {item.lastStatus}: </strong>}
          {item.message}
        </p>
      )}
      <p className={controls.secondary}>
        {counted(item.attempts, 'attempt')}
        {item.lastFailedAt && (
          <span title={fullTime(item.lastFailedAt)}>
            , last failed {ago(item.lastFailedAt, nowMs)}, first {ago(item.firstFailedAt, nowMs)}
          </span>
        )}
        {item.nextAttemptAt && (
          <span title={fullTime(item.nextAttemptAt)}>, the mount tries again when its next cycle comes</span>
        )}
      </p>
      <p className={controls.secondary}>
        {item.retry.kind === 'allowed'
          ? 'Retry re-arms the outbox record; the mount sends it with its next cycle.'
          : item.retry.reason}
      </p>
      {failure && <p role="alert">{failure.message}</p>}
      {value?.localFile && (
        <p className={controls.secondary}>
          Local file <span className="mono">{value.localFile.path}</span>:{' '}
          {value.localFile.exists
            ? `${value.localFile.sizeBytes} bytes, sha256 ${value.localFile.sha256?.slice(0, 12)}…`
            : 'missing'}
        </p>
      )}
      {value?.outbox.map(({ folder, file, record }) => (
        <details key={`${folder} ${file}`}>
          <summary>
            Outbox record, {folder} <span className="mono">{file}</span>
          </summary>
          <pre className={controls.code}>{JSON.stringify(record, null, 2)}</pre>
        </details>
      ))}
      {value?.records.map((record) => (
        <details key={record.file} open={value.records.length === 1}>
          <summary>
            {record.status !== null ? `HTTP ${record.status}` : 'Refused'}{' '}
            <span title={fullTime(record.at)}>{ago(record.at, nowMs)}</span> <span className="mono">{record.file}</span>
          </summary>
          {record.body && <pre className={controls.code}>{record.body}</pre>}
          <pre className={controls.code}>{record.raw}</pre>
          {record.sidecar && <pre className={controls.code}>{record.sidecar}</pre>}
        </details>
      ))}
    </section>
  )
}
