import { tellingDurationMs } from '../../../shared/rules/runWhere'
import type { Run } from '../../../shared/runs'
import type { ColumnId } from '../../state/runColumns'
import controls from '../../styles/controls.module.css'
import { runsTexts } from '../../texts/en/runs'
import { ago, duration, fullTime } from '../../texts/times'
import { runStatusWord } from '../../texts/words'
import { StatusMark } from '../StatusMark'
import styles from './RunCell.module.css'

/** What a column shows of a run. */
export function RunCell({
  column,
  run,
  fits,
  workspace,
  nowMs,
}: {
  readonly column: ColumnId
  readonly run: Run
  /** Is the column as wide as a time or a number needs? Nothing is cut then, which costs much in a long list. */
  readonly fits: boolean
  readonly workspace: string
  readonly nowMs: number
}) {
  const short = `${fits ? styles.whole : controls.ellipsis} ${styles.quiet}`
  switch (column) {
    case 'status':
      return (
        <span className={styles.status}>
          <StatusMark status={runStatusWord(run)} />
        </span>
      )
    case 'workflow':
      return (
        <span className={`${controls.ellipsis} ${styles.name}`} title={run.workflowName}>
          {!run.saved && <span className={styles.unsaved}>{runsTexts.notSaved} </span>}
          {run.workflowName}
        </span>
      )
    case 'workspace':
      return <span className={`${controls.ellipsis} ${styles.quiet}`}>{workspace}</span>
    case 'id':
      return (
        <span className={`mono ${short}`} title={run.id}>
          {run.id.slice(0, 8)}
        </span>
      )
    case 'started':
      return <Moment at={run.startedAt} nowMs={nowMs} className={short} />
    case 'ended':
      return run.completedAt === null ? <span /> : <Moment at={run.completedAt} nowMs={nowMs} className={short} />
    case 'steps':
      return <StepBar run={run} />
    case 'duration':
      return <span className={short}>{durationWords(run, nowMs)}</span>
    case 'error': {
      const said = whatHappened(run, nowMs)
      if (said === '') return <span />
      return (
        <span className={`${controls.ellipsis} ${styles.quiet}`} title={said}>
          {said.replace(/\s+/g, ' ')}
        </span>
      )
    }
  }
}

function Moment({
  at,
  nowMs,
  className,
}: {
  readonly at: string | null
  readonly nowMs: number
  readonly className: string
}) {
  return (
    <span className={className} title={fullTime(at)}>
      {ago(at, nowMs)}
    </span>
  )
}

function StepBar({ run }: { readonly run: Run }) {
  const { total, completed } = run.stepCounts
  return (
    <span className={`${styles.steps} ${styles.quiet}`}>
      <span className={styles.track} aria-hidden="true">
        <span className={styles.done} style={{ width: `${total === 0 ? 0 : (100 * completed) / total}%` }} />
      </span>
      {completed}/{total}
    </span>
  )
}

function durationWords({ status, startedAt, completedAt, liveness }: Run, nowMs: number): string {
  const startedMs = Date.parse(startedAt ?? '')
  const completedMs = completedAt === null ? null : Date.parse(completedAt)
  const took = tellingDurationMs({ status, liveness, startedMs: startedMs || 0, completedMs }, nowMs)
  return took === null ? '' : duration(took)
}

function whatHappened(run: Run, nowMs: number): string {
  if (run.retry) {
    const inMs = Math.max(0, Date.parse(run.retry.at) - nowMs)
    return `attempt ${run.retry.attempt} of ${run.retry.of} of ${run.retry.step} in ${duration(inMs)}`
  }
  return run.liveness === 'orphaned' ? (run.livenessReason ?? '') : (run.error ?? '')
}
