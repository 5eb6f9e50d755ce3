import type { Run, Step } from '../../shared/runs'
import { duration } from './times'
import { counted, statusWord } from './words'

/** What stands beside a step: how often it was tried, how long it took, when it is tried again. */
export function stepNote(step: Step, retry: Run['retry'], nowMs: number): string {
  if (retry !== null && retry.step === step.name) return retryNote(retry, nowMs)
  if (step.attempts.length > 1) return counted(step.attempts.length, 'attempt')
  const [attempt] = step.attempts
  if (!attempt?.startedAt) return statusWord(step.status).word.toLowerCase()
  if (attempt.status === 'interrupted') return 'interrupted'
  if (attempt.completedAt === null && step.status !== 'running') return statusWord(step.status).word.toLowerCase()
  return duration(
    (attempt.completedAt === null ? nowMs : Date.parse(attempt.completedAt)) - Date.parse(attempt.startedAt),
  )
}

/** "attempt 2 of 3 in 4 s" */
export function retryNote(retry: NonNullable<Run['retry']>, nowMs: number): string {
  const ms = Date.parse(retry.at) - nowMs
  const of = `attempt ${retry.attempt} of ${retry.of}`
  if (Number.isNaN(ms)) return of
  return ms <= 0 ? `${of} now` : `${of} in ${wholeSeconds(ms)}`
}

/** Whole seconds, so that a countdown does not flicker: "4 s", "2m 5s". */
function wholeSeconds(ms: number): string {
  return ms < 60_000 ? `${Math.ceil(ms / 1000)} s` : duration(ms)
}
