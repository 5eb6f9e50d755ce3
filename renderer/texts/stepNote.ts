import type { Rollback, Run, Step } from '../../shared/runs'
import { duration } from './times'
import { counted, statusWord } from './words'

/** When a step is tried again, and which attempt that is. */
export interface NextAttempt {
  readonly attempt: number
  /** How many it may have; null where that is not known. */
  readonly of: number | null
  readonly at: string
}

/** The attempt that a step waits for; null when it waits for none. */
export function nextAttempt(step: Step, retry: Run['retry']): NextAttempt | null {
  if (retry !== null && retry.step === step.name) return retry
  if (!step.nextAttemptAt) return null
  return { attempt: (step.attempts.at(-1)?.number ?? 0) + 1, of: null, at: step.nextAttemptAt }
}

/** What stands beside a step: how often it was tried, how long it took, when it is tried again, what it waits for. */
export function stepNote(step: Step, retry: Run['retry'], nowMs: number): string {
  const next = nextAttempt(step, retry)
  if (next) return retryNote(next, nowMs)
  if (step.waitingFor === 'slot') return 'waits for a place'
  if (step.rollback) return rollbackWords[step.rollback.status]
  const [attempt] = step.attempts
  if (step.attempts.length > 1) return counted(step.attempts.length, 'attempt')
  if (!attempt?.startedAt) return statusWord(step.status).word.toLowerCase()
  if (attempt.status === 'interrupted') return 'interrupted'
  if (attempt.completedAt === null && step.status !== 'running') return statusWord(step.status).word.toLowerCase()
  return duration(
    (attempt.completedAt === null ? nowMs : Date.parse(attempt.completedAt)) - Date.parse(attempt.startedAt),
  )
}

const rollbackWords: Readonly<Record<Rollback['status'], string>> = {
  running: 'rolling back',
  completed: 'rolled back',
  failed: 'rollback failed',
}

/** "attempt 2 of 3 in 4 s" */
export function retryNote({ attempt, of, at }: NextAttempt, nowMs: number): string {
  const ms = Date.parse(at) - nowMs
  const which = `attempt ${attempt}${of === null ? '' : ` of ${of}`}`
  if (Number.isNaN(ms)) return which
  return ms <= 0 ? `${which} now` : `${which} in ${wholeSeconds(ms)}`
}

/** Whole seconds, so that a countdown does not flicker: "4 s", "2m 5s". */
function wholeSeconds(ms: number): string {
  return ms < 60_000 ? `${Math.ceil(ms / 1000)} s` : duration(ms)
}
