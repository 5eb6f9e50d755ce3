import { type Attempt, attemptSchema, type Step, stepSchema } from '../../shared/runs'
import type { RunRow, StepRow } from './rows'

/** A step as memory keeps it: every list field, not its output and task, which are read by offset. */
export interface StepEntry {
  readonly id: string
  readonly runId: string
  readonly name: string
  readonly type: string
  readonly status: string
  readonly dependsOn: readonly string[]
  readonly error: string | null
  readonly startedAt: string | null
  readonly completedAt: string | null
  readonly updatedAt: string | null
  readonly retryCount: number
  readonly outputBytes: number | null
  readonly nextAttemptAt: string | null
  readonly maxAttempts: number | null
  /** What the step committed to the run's state, as its line has it. */
  readonly statePatch: unknown
  readonly attempts: readonly Attempt[]
  /** What Rundesk's own runner tells of it besides. */
  readonly own: OwnStepFacts
}

type OwnStepFacts = Pick<Step, 'attemptsExhausted' | 'critical' | 'waitingFor' | 'stateConflicts' | 'rollback'>

/** A run as memory keeps it: every list field, not its configuration. */
export interface RunEntry {
  readonly workflowName: string
  readonly status: string
  readonly error: string | null
  readonly startedAt: string | null
  readonly completedAt: string | null
  readonly updatedAt: string | null
}

const textOr = (value: unknown, fallback: string): string => (typeof value === 'string' ? value : fallback)
const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null)

const names = new Map<string, string>()
const keptNames = 10_000
/** The same text, held once however many rows carry it. */
export function once(text: string): string {
  const known = names.get(text)
  if (known !== undefined) return known
  if (names.size < keptNames) names.set(text, text)
  return text
}

/** The newest line of a run wins, whole. A completed run's stale error is not its error. */
export function foldRun(row: RunRow): RunEntry {
  const status = textOr(row.status, 'unknown')
  const going = status === 'running' || status === 'pending'
  return {
    workflowName: once(textOr(row.workflowName, '(unnamed)')),
    status: once(status),
    error: status === 'completed' ? null : textOrNull(row.error),
    startedAt: textOrNull(row.startedAt),
    completedAt: going ? null : textOrNull(row.completedAt),
    updatedAt: textOrNull(row.updatedAt),
  }
}

/** The newest line of a step wins, whole; its attempts are read off the sequence of lines. */
export function foldStep(previous: StepEntry | undefined, row: StepRow): StepEntry {
  const status = textOr(row.status, 'unknown')
  const retryCount = typeof row.retryCount === 'number' ? row.retryCount : 0
  const facts = row.rundesk ?? {}
  return {
    id: row.id,
    runId: row.runId,
    name: textOr(row.stepName, '(unnamed)'),
    type: textOr(row.stepType, 'unknown'),
    status,
    dependsOn: [...(row.dependsOn ?? [])],
    error: textOrNull(row.error),
    startedAt: textOrNull(row.startedAt),
    completedAt: status === 'running' || status === 'pending' ? null : textOrNull(row.completedAt),
    updatedAt: textOrNull(row.updatedAt),
    retryCount,
    outputBytes: typeof row.output === 'string' ? Buffer.byteLength(row.output) : null,
    nextAttemptAt: status === 'running' ? textOrNull(facts.nextAttemptAt) : null,
    maxAttempts: typeof facts.maxAttempts === 'number' ? facts.maxAttempts : null,
    statePatch: status === 'completed' && facts.statePatch ? structuredClone(facts.statePatch) : undefined,
    attempts: foldAttempts(previous, { ...row, status, retryCount }),
    own: ownFacts(row, status),
  }
}

const ownFactsSchema = stepSchema.pick({
  attemptsExhausted: true,
  critical: true,
  stateConflicts: true,
  rollback: true,
  waitingFor: true,
})

/** Most rows have none, and are not looked at twice. */
function ownFacts({ rundesk }: StepRow, status: string): OwnStepFacts {
  if (!rundesk) return {}
  const { attemptsExhausted, critical, stateConflicts, rollback, waitingFor } = rundesk
  if (!attemptsExhausted && !critical && !stateConflicts && !rollback && !waitingFor) return {}
  const facts = {
    attemptsExhausted,
    critical,
    stateConflicts,
    rollback,
    ...(status === 'pending' ? { waitingFor } : {}),
  }
  return ownFactsSchema.safeParse(facts).data ?? {}
}

const attemptsSchema = attemptSchema.array()

/**
 * The first line of a compacted store brings the attempts with it. Else every `running` line starts an attempt, but one that only raises `retryCount` (same `startedAt`) ends one. An attempt
 * whose end no line tells is `interrupted`. Source: docs/formats.md, "Run store", line sequence.
 */
function foldAttempts(
  previous: StepEntry | undefined,
  row: StepRow & { readonly status: string; readonly retryCount: number },
): readonly Attempt[] {
  const told = previous ? undefined : row.rundesk?.attempts
  const kept = told === undefined ? undefined : attemptsSchema.safeParse(told)
  if (kept?.success) return kept.data
  const attempts = previous?.attempts ?? []
  const last = attempts.at(-1)
  const open = last?.status === 'running'
  const end = (status: Attempt['status']): readonly Attempt[] => {
    if (!last || !open) return attempts
    const completedAt = textOrNull(row.completedAt) ?? textOrNull(row.updatedAt)
    const error = status === 'failed' ? textOrNull(row.error) : null
    return [
      ...attempts.slice(0, -1),
      { ...last, status, completedAt: status === 'interrupted' ? null : completedAt, error },
    ]
  }
  if (row.status !== 'running') {
    return end(row.status === 'completed' || row.status === 'failed' ? row.status : 'interrupted')
  }
  const startedAt = textOrNull(row.startedAt)
  if (previous?.status === 'running' && previous.startedAt === startedAt) {
    return row.retryCount > previous.retryCount ? end('failed') : attempts
  }
  const ended = end('interrupted')
  return [...ended, { number: ended.length + 1, startedAt, completedAt: null, status: 'running', error: null }]
}
