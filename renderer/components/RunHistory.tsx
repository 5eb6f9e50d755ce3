import type { HistoryEntry, RunDetail } from '../../shared/runs'
import { toHash } from '../state/route'
import controls from '../styles/controls.module.css'
import { ago, fullTime } from '../texts/times'
import styles from './RunHistory.module.css'

const actWords: Readonly<Record<HistoryEntry['act'], string>> = {
  start: 'Started',
  resume: 'Resumed',
  cancel: 'Cancelled',
  'mark-failed': 'Marked as failed',
  rollback: 'Rolled back',
}

/** Who did what with a run, and when. */
export function RunHistory({ run, nowMs }: { readonly run: RunDetail; readonly nowMs: number }) {
  if (run.history.length === 0 && run.parent === null)
    return <p className={styles.nothing}>No act of Rundesk is recorded for this run.</p>
  return (
    <ol className={styles.history} aria-label="History">
      {run.parent && (
        <li>
          <strong>Made as a re-run</strong> of{' '}
          <a
            className="mono"
            href={toHash({
              screen: 'runs',
              workspaceId: run.workspaceId,
              filter: 'all',
              search: '',
              runId: run.parent.runId,
            })}
          >
            {run.parent.runId}
          </a>
          {run.parent.from !== null && ` from “${run.parent.from}”`}
        </li>
      )}
      {run.history.map((entry) => (
        <li key={`${entry.at} ${entry.act}`}>
          <strong>{actWords[entry.act]}</strong>
          {entry.from !== undefined && ` from “${entry.from}”`}
          {entry.workflow === 'file' && ' with the new workflow file'} by {entry.by}{' '}
          <span className={controls.secondary} title={fullTime(entry.at)}>
            {ago(entry.at, nowMs)}
          </span>
          {entry.reason && <div>{entry.reason}</div>}
          {entry.previousError && <div className={controls.secondary}>error before: {entry.previousError}</div>}
        </li>
      ))}
    </ol>
  )
}
