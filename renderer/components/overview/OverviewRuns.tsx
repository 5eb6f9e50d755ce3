import type { ReactNode } from 'react'
import type { Run } from '../../../shared/runs'
import { linkToRun } from '../../state/overviewLinks'
import controls from '../../styles/controls.module.css'
import { overviewTexts } from '../../texts/en/overview'
import { ago, duration, fullTime, tookMs } from '../../texts/times'
import { runStatusWord } from '../../texts/words'
import { StatusMark } from '../StatusMark'
import styles from './Overview.module.css'

/** A few runs, newest first, with a way to all of them. */
export function OverviewRuns({
  title,
  runs,
  total,
  href,
  nowMs,
  empty,
}: {
  readonly title: string
  readonly runs: readonly Run[]
  readonly total: number
  /** The list that holds all of them. */
  readonly href: string
  readonly nowMs: number
  readonly empty: ReactNode
}) {
  return (
    <section className={styles.card} aria-label={title}>
      <div className={styles.head}>
        <h2>{title}</h2>
        <a href={href} aria-label={overviewTexts.all(title, total.toLocaleString('en'))}>
          {total.toLocaleString('en')}
        </a>
      </div>
      {runs.length === 0 ? (
        <p className={styles.quiet}>{empty}</p>
      ) : (
        <ul className={styles.rows}>
          {runs.map((run) => (
            <li key={`${run.workspaceId} ${run.id}`}>
              <OverviewRun run={run} nowMs={nowMs} />
            </li>
          ))}
        </ul>
      )}
      {total > runs.length && (
        <a className={styles.more} href={href}>
          {overviewTexts.more((total - runs.length).toLocaleString('en'))}
        </a>
      )}
    </section>
  )
}

function OverviewRun({ run, nowMs }: { readonly run: Run; readonly nowMs: number }) {
  const took = tookMs(run.startedAt, run.completedAt, nowMs)
  const said = (run.error ?? run.livenessReason ?? '').replace(/\s+/g, ' ')
  const goes = run.completedAt === null && run.liveness !== null && run.liveness !== 'orphaned'
  return (
    <a className={styles.row} href={linkToRun(run)} title={said}>
      <StatusMark status={runStatusWord(run)} wordless />
      <span className={styles.name}>
        <span className={controls.ellipsis}>{run.workflowName}</span>
        {!run.saved && <span className={styles.unsaved}> {overviewTexts.notSaved}</span>}
      </span>
      <span className={`${controls.secondary} ${controls.ellipsis} ${styles.said}`}>
        {goes ? overviewTexts.ofSteps(run.stepCounts.completed, run.stepCounts.total) : said}
      </span>
      <span className={`${controls.secondary} ${styles.when}`} title={fullTime(run.startedAt)}>
        {goes && took !== null ? duration(took) : ago(run.completedAt ?? run.startedAt, nowMs)}
      </span>
    </a>
  )
}
