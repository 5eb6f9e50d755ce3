import type { HistoryEntry, RunDetail } from '../../shared/runs'
import { toHash } from '../state/route'
import controls from '../styles/controls.module.css'
import { ago, fullTime } from '../texts/times'
import { statusWord } from '../texts/words'
import styles from './RunHistory.module.css'
import { StatusMark } from './StatusMark'

const actWords: Readonly<Record<HistoryEntry['act'], string>> = {
  start: 'Started',
  resume: 'Resumed',
  cancel: 'Cancelled',
  'mark-failed': 'Marked as failed',
  rollback: 'Rolled back',
}

/** A run that repeats a part of the shown one. */
export interface ShownRerun {
  readonly runId: string
  readonly from: string | null
  readonly status: string
  readonly startedAt: string | null
}

/** Who did what with a run, and when; of which run it is a re-run, and which are its own. */
export function RunHistory({
  run,
  reruns,
  nowMs,
}: {
  readonly run: RunDetail
  readonly reruns: readonly ShownRerun[]
  readonly nowMs: number
}) {
  if (run.history.length === 0 && run.parent === null && reruns.length === 0)
    return <p className={styles.nothing}>No act of Rundesk is recorded for this run.</p>
  const link = (runId: string) => (
    <a
      className="mono"
      href={toHash({ screen: 'runs', workspaceId: run.workspaceId, filter: 'all', search: '', runId })}
    >
      {runId}
    </a>
  )
  return (
    <ol className={styles.history} aria-label="History">
      {run.parent && (
        <li>
          <strong>Made as a re-run</strong> of {link(run.parent.runId)}
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
      {[...reruns].reverse().map(({ runId, from, status, startedAt }) => (
        <li key={runId}>
          <strong>Re-run</strong> as {link(runId)}
          {from !== null && ` from “${from}”`}: <StatusMark status={statusWord(status)} />{' '}
          <span className={controls.secondary} title={fullTime(startedAt)}>
            {ago(startedAt, nowMs)}
          </span>
        </li>
      ))}
    </ol>
  )
}
