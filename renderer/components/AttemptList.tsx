import type { Attempt, Rollback, RunDetail, Step } from '../../shared/runs'
import controls from '../styles/controls.module.css'
import { runTexts } from '../texts/en/run'
import { nextAttempt, retryNote } from '../texts/stepNote'
import { ago, clock, duration, fullTime } from '../texts/times'
import { counted, statusWord } from '../texts/words'
import styles from './AttemptList.module.css'
import { ErrorText } from './ErrorText'
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
  const next = nextAttempt(step, run.retry)
  if (step.attempts.length === 0 && !next) {
    return (
      <p className={controls.secondary}>
        {step.waitingFor === 'slot' ? runTexts.itWaitsForAFree : runTexts.itWasNotTried}
      </p>
    )
  }
  return (
    <>
      <ol className={styles.attempts} aria-label={runTexts.attemptsOf(step.name)}>
        {step.attempts.map((attempt) => (
          <li key={attempt.number} value={attempt.number}>
            <StatusMark status={statusWord(attempt.status)} />{' '}
            <span className={controls.secondary} title={fullTime(attempt.startedAt)}>
              {tookWords(attempt, nowMs)}
            </span>
            {attempt.error && <ErrorText text={attempt.error} />}
          </li>
        ))}
        {next && (
          <li value={next.attempt}>
            <StatusMark status={statusWord('retrying')} />{' '}
            <span className={controls.secondary} title={fullTime(next.at)}>
              {runTexts.at(retryNote(next, nowMs), clock(next.at))}
            </span>
          </li>
        )}
      </ol>
      {step.attemptsExhausted && (
        <p className={styles.end}>{runTexts.itsAttemptsAreUsed(counted(step.attempts.length, runTexts.attempt))}</p>
      )}
      {step.critical && <p className={styles.end}>{runTexts.itFailedCriticallyWithThisExit}</p>}
      {step.rollback && <RollbackFacts rollback={step.rollback} nowMs={nowMs} />}
    </>
  )
}

/** How the rollback of a completed step went. */
function RollbackFacts({ rollback, nowMs }: { readonly rollback: Rollback; readonly nowMs: number }) {
  return (
    <section className={styles.end} aria-label={runTexts.rollback}>
      <h3>{runTexts.rollback}</h3>
      <StatusMark status={statusWord(rollback.status)} />{' '}
      <span className={controls.secondary} title={fullTime(rollback.startedAt)}>
        {tookWords(rollback, nowMs)}
        {rollback.attempts > 1 && runTexts.begunTimes(rollback.attempts)}
      </span>
      {rollback.error && <pre className={controls.code}>{rollback.error}</pre>}
    </section>
  )
}

function tookWords({ startedAt, completedAt }: Pick<Attempt, 'startedAt' | 'completedAt'>, nowMs: number): string {
  const took = startedAt && completedAt ? `, took ${duration(Date.parse(completedAt) - Date.parse(startedAt))}` : ''
  return `started ${ago(startedAt, nowMs)}${took}`
}
