import { memo } from 'react'
import type { SourceRun } from '../../../shared/sourceRuns'
import controls from '../../styles/controls.module.css'
import rowStyles from '../../styles/rows.module.css'
import { sourceRunWord } from '../../texts/sourceWords'
import { ago, duration, fullTime, tookMs } from '../../texts/times'
import { StatusMark } from '../StatusMark'
import styles from './SourceRunList.module.css'

/** A row of the list of remote runs. */
export const SourceRunRow = memo(function SourceRunRow({
  index,
  top,
  run,
  open,
  active,
  nowMs,
}: {
  readonly index: number
  /** Where it stands, in px. */
  readonly top: number
  /** Undefined while it is on its way. */
  readonly run: SourceRun | undefined
  readonly open: boolean
  readonly active: boolean
  readonly nowMs: number
}) {
  if (!run) return <div className={rowStyles.awaited} style={{ top }} aria-hidden="true" />
  const { id, workflowName, createdAt, startedAt, completedAt, queueName, applicationVersion } = run
  const took = completedAt === null ? null : tookMs(startedAt ?? createdAt, completedAt, nowMs)
  const said = run.note ?? run.error
  return (
    <div
      id={`source-run-${index}`}
      role="option"
      aria-selected={open}
      tabIndex={-1}
      className={`${rowStyles.row} ${styles.row} ${styles.grid} ${open ? rowStyles.selected : ''} ${active ? rowStyles.active : ''}`}
      style={{ top }}
      data-row={index}
    >
      <StatusMark status={sourceRunWord(run)} wordless />
      <span className={`${controls.ellipsis} ${styles.name}`} title={workflowName}>
        {workflowName}
      </span>
      <span className={`${controls.ellipsis} mono`} title={id}>
        {id}
      </span>
      <span
        className={`${controls.ellipsis} ${run.note === null ? styles.error : controls.secondary}`}
        title={said ?? undefined}
      >
        {said}
      </span>
      <span className={`${controls.ellipsis} ${controls.secondary} ${styles.queue}`} title={queueName ?? undefined}>
        {queueName}
      </span>
      <span
        className={`${controls.ellipsis} ${controls.secondary} ${styles.version}`}
        title={applicationVersion ?? undefined}
      >
        {applicationVersion}
      </span>
      <span className={controls.secondary} title={fullTime(createdAt)}>
        {createdAt === null ? '' : ago(createdAt, nowMs)}
      </span>
      <span className={`${controls.secondary} ${styles.took}`}>{took === null ? '' : duration(took)}</span>
    </div>
  )
})
