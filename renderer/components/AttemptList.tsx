import type { Attempt, RunDetail, Step } from '../../shared/runs'
import controls from '../styles/controls.module.css'
import { retryNote } from '../texts/stepNote'
import { ago, clock, duration, fullTime } from '../texts/times'
import { statusWord } from '../texts/words'
import styles from './AttemptList.module.css'
import { StatusMark } from './StatusMark'

/** Every try of a step, and when the next one comes. */
export function AttemptList({
  run,
  step,
  nowMs,
}: {
  readonly run: RunDetail
  readonly step: Step
  readonly nowMs: number
}) {
  const retry = run.retry?.step === step.name ? run.retry : null
  if (step.attempts.length === 0 && !retry) return <p className={controls.secondary}>It was not tried yet.</p>
  return (
    <ol className={styles.attempts} aria-label={`Attempts of ${step.name}`}>
      {step.attempts.map((attempt) => (
        <li key={attempt.number} value={attempt.number}>
          <StatusMark status={statusWord(attempt.status)} />{' '}
          <span className={controls.secondary} title={fullTime(attempt.startedAt)}>
            {tookWords(attempt, nowMs)}
          </span>
          {attempt.error && <pre className={controls.code}>{attempt.error}</pre>}
        </li>
      ))}
      {retry && (
        <li value={retry.attempt}>
          <StatusMark status={statusWord('retrying')} />{' '}
          <span className={controls.secondary} title={fullTime(retry.at)}>
            {retryNote(retry, nowMs)}, at {clock(retry.at)}
          </span>
        </li>
      )}
    </ol>
  )
}

function tookWords({ startedAt, completedAt }: Attempt, nowMs: number): string {
  const took = startedAt && completedAt ? `, took ${duration(Date.parse(completedAt) - Date.parse(startedAt))}` : ''
  return `started ${ago(startedAt, nowMs)}${took}`
}
