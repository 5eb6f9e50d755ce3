import type { RunEvent } from '../../shared/runHistory'
import type { RunDetail } from '../../shared/runs'
import { toHash } from '../state/route'
import controls from '../styles/controls.module.css'
import { runTexts } from '../texts/en/run'
import { ago, fullTime, soon } from '../texts/times'
import { statusWord } from '../texts/words'
import styles from './RunHistory.module.css'
import { StatusMark } from './StatusMark'

const actWords: Readonly<Record<Exclude<RunEvent['act'], 'end'>, string>> = {
  start: runTexts.startedWord,
  resume: runTexts.resumed,
  cancel: runTexts.cancelled,
  'mark-failed': runTexts.markedAsFailed,
  rollback: runTexts.rolledBack,
}

/** A run that repeats a part of the shown one. */
export interface ShownRerun {
  readonly runId: string
  readonly from: string | null
  readonly status: string
  readonly startedAt: string | null
}

/** Who did what with a run, how it ended each time, and when; of which run it is a re-run, and which are its own. */
export function RunHistory({
  run,
  events,
  reruns,
  nowMs,
}: {
  readonly run: RunDetail
  /** Oldest first. */
  readonly events: readonly RunEvent[]
  readonly reruns: readonly ShownRerun[]
  readonly nowMs: number
}) {
  if (events.length === 0 && run.parent === null && reruns.length === 0)
    return <p className={styles.nothing}>{runTexts.nothingIsRecordedOfHow}</p>
  const link = (runId: string) => (
    <a
      className="mono"
      href={toHash({ screen: 'runs', workspaceId: run.workspaceId, filter: 'all', search: '', runId })}
    >
      {runId}
    </a>
  )
  return (
    <ol className={styles.history} aria-label={runTexts.history}>
      {run.parent && (
        <li>
          <strong>{runTexts.madeAsARerun}</strong> {runTexts.ofWord} {link(run.parent.runId)}
          {run.parent.from !== null && runTexts.fromFrom(run.parent.from)}
        </li>
      )}
      {events.map((event, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: what happened stays at its place
        <li key={index}>
          <EventWords event={event} /> <When at={event.at} nowMs={nowMs} />
          {event.reason && <div className={styles.reason}>{event.reason}</div>}
          {event.previousError && <div className={controls.secondary}>{runTexts.errorBefore(event.previousError)}</div>}
        </li>
      ))}
      {[...reruns].reverse().map(({ runId, from, status, startedAt }) => (
        <li key={runId}>
          <strong>{runTexts.reRunWord}</strong> {runTexts.as} {link(runId)}
          {from !== null && runTexts.fromFrom(from)}: <StatusMark status={statusWord(status)} />{' '}
          <When at={startedAt} nowMs={nowMs} />
        </li>
      ))}
    </ol>
  )
}

function EventWords({ event: { act, by, status, from, workflow } }: { readonly event: RunEvent }) {
  if (act === 'end') return <StatusMark status={statusWord(status ?? 'unknown')} />
  return (
    <>
      <strong>{actWords[act]}</strong>
      {from !== undefined && runTexts.fromFrom(from)}
      {workflow === 'file' && runTexts.withTheNewWorkflow} {runTexts.by}{' '}
      {by ?? <span className={controls.secondary}>{runTexts.anotherProgram}</span>}
    </>
  )
}

function When({ at, nowMs }: { readonly at: string | null; readonly nowMs: number }) {
  if (at === null) return null
  return (
    <time dateTime={at} className={controls.secondary} title={fullTime(at)}>
      {ago(at, nowMs)}, {soon(at, nowMs)}
    </time>
  )
}
