import type { StepRow } from '../runs/rows'
import type { LogFacts } from './attemptLog'

/** An attempt as a row tells of it. */
export interface AttemptFacts {
  readonly number: number
  readonly startedAt: string
  readonly completedAt: string | null
  readonly status: 'running' | 'completed' | 'failed' | 'interrupted'
  readonly error: string | null
  /** As shells tell it; null when it did not end by itself. */
  readonly exitCode?: number | null
  readonly log: LogFacts | null
}

type Facts = Readonly<Record<string, unknown>>

/** The facts of a step that outlive its last try: all but what that try left. */
export function lastingFacts(facts: Facts | undefined): Facts {
  const {
    statePatch: _patch,
    stateConflicts: _conflicts,
    nextAttemptAt: _next,
    log: _log,
    commitSeq: _seq,
    attemptsExhausted: _exhausted,
    critical: _critical,
    waitingFor: _waiting,
    rollback: _rollback,
    keptFrom: _keptFrom,
    ...lasting
  } = facts ?? {}
  return lasting
}

export function attemptsOf(row: StepRow): readonly AttemptFacts[] {
  const attempts = row.rundesk?.attempts
  return Array.isArray(attempts) ? (attempts as readonly AttemptFacts[]) : []
}

/** Does any of these rows tell that a step of the run had begun? */
export function hasBegun(rows: readonly StepRow[]): boolean {
  return rows.some((row) => !isUntouched(row))
}

function isUntouched(row: StepRow): boolean {
  const waits = row.status === undefined || row.status === 'pending' || row.status === 'skipped'
  return waits && !row.startedAt && attemptsOf(row).length === 0
}

/** The row with what became of one of its attempts. */
export function withAttempt(row: StepRow, attempt: AttemptFacts): StepRow {
  const attempts = attemptsOf(row).map((earlier) => (earlier.number === attempt.number ? attempt : earlier))
  return { ...row, rundesk: { ...row.rundesk, attempts } }
}

/** What a row tells of where its output is whole. */
export type StdoutLog = Pick<LogFacts, 'file' | 'stdoutBytes'>

/** The log of the attempt that completed a step; null for none. */
export function stdoutLogOf(row: StepRow): StdoutLog | null {
  const log = row.rundesk?.log
  if (typeof log !== 'object' || log === null || !('file' in log) || !('stdoutBytes' in log)) return null
  const { file, stdoutBytes } = log
  if (typeof file !== 'string' || typeof stdoutBytes !== 'number') return null
  return { file, stdoutBytes }
}
