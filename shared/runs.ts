import { z } from 'zod'
import { workflowRunnerSchema } from './workflows'

export const livenesses = ['live', 'unconfirmed', 'orphaned'] as const
export type Liveness = (typeof livenesses)[number]

/** `interrupted`: the attempt's end was never recorded. */
export const attemptStatuses = ['running', 'completed', 'failed', 'interrupted'] as const

const time = z.string().nullable()

export const problemSchema = z.object({
  code: z.string(),
  path: z.string(),
  line: z.number().int().nullable(),
  message: z.string(),
  workspaceId: z.string().nullable().optional(),
  /** What a safe repair would do; without one there is none. */
  repair: z.string().optional(),
})
/** Something unreadable, damaged or contradictory. `line` counts from 1. */
export type Problem = z.infer<typeof problemSchema>

export const attemptSchema = z.object({
  number: z.number().int(),
  startedAt: time,
  completedAt: time,
  status: z.enum(attemptStatuses),
  error: z.string().nullable(),
})
export type Attempt = z.infer<typeof attemptSchema>

export const stepCountsSchema = z.object({
  total: z.number().int(),
  pending: z.number().int(),
  running: z.number().int(),
  completed: z.number().int(),
  failed: z.number().int(),
  skipped: z.number().int(),
})
export type StepCounts = z.infer<typeof stepCountsSchema>

export const runSourceSchema = z.object({ kind: z.enum(['jsonl', 'step-outputs', 'trajectory']), path: z.string() })

export const ownerSchema = z.object({ pid: z.number().int(), host: z.string(), alive: z.boolean().nullable() })
/** Who holds or held the run's lease. `alive` is null when this machine cannot tell. */
export type Owner = z.infer<typeof ownerSchema>

export const runSchema = z.object({
  id: z.string(),
  workspaceId: z.string(),
  workflowName: z.string(),
  status: z.string(),
  liveness: z.enum(livenesses).nullable(),
  livenessReason: z.string().nullable(),
  owned: z.boolean(),
  owner: ownerSchema.nullable(),
  startedAt: time,
  completedAt: time,
  updatedAt: time,
  error: z.string().nullable(),
  saved: z.boolean(),
  stepCounts: stepCountsSchema,
  source: runSourceSchema,
  retry: z.object({ step: z.string(), attempt: z.number().int(), of: z.number().int(), at: z.string() }).nullable(),
})
/** The statuses that tools are known to write; `unknown` is that of a run that left only outputs. */
export const knownStatuses = [
  'pending',
  'running',
  'completed',
  'failed',
  'cancelled',
  'paused',
  'needs_human',
  'unknown',
] as const

/** A run as lists show it. `status` is the last line's own word: one of `knownStatuses`, or any other text. */
export type Run = z.infer<typeof runSchema>

export const rollbackStatuses = ['running', 'completed', 'failed'] as const

/** How the rollback of a completed step went. A `running` one of a runner that died is run again. */
export const rollbackSchema = z.object({
  status: z.enum(rollbackStatuses),
  startedAt: z.string(),
  completedAt: time,
  error: z.string().nullable(),
  /** How often it was begun. */
  attempts: z.number().int(),
})
export type Rollback = z.infer<typeof rollbackSchema>

export const stepSchema = z.object({
  id: z.string(),
  name: z.string(),
  type: z.string(),
  status: z.string(),
  attempts: z.array(attemptSchema),
  dependsOn: z.array(z.string()),
  output: z.string().nullable(),
  outputBytes: z.number().int().nullable(),
  error: z.string().nullable(),
  startedAt: time,
  completedAt: time,
  saved: z.boolean(),
  /** When the next attempt of a step that waits for it starts. */
  nextAttemptAt: time.optional(),
  /** Did every attempt that it may have fail? */
  attemptsExhausted: z.boolean().optional(),
  /** Did it end with an exit code after which the whole run fails at once? */
  critical: z.boolean().optional(),
  /** What a pending step waits for that could start: a free place on this machine. */
  waitingFor: z.enum(['slot']).nullable().optional(),
  /** Keys of the state that it and steps beside it changed; this one's value counts. `with` names the other step. */
  stateConflicts: z.array(z.object({ key: z.string(), with: z.string() })).optional(),
  rollback: rollbackSchema.nullable().optional(),
})
/** A step. `output` is null in windows' run details (fetched when opened) and where the file has none. */
export type Step = z.infer<typeof stepSchema>

export const rollbackPlanSchema = z.object({
  /** What is left to roll back, in that order. */
  steps: z.array(z.object({ name: z.string(), command: z.string() })),
  /** Why it cannot be done now; null when it can. */
  refused: z.string().nullable(),
  /** What a person must confirm first; null when nothing. */
  question: z.string().nullable(),
})
/** What rolling a run back would do: shown before it is done. */
export type RollbackPlan = z.infer<typeof rollbackPlanSchema>

const state = z.record(z.string(), z.unknown())

/** The state before and after a step's commit. `patch` null: it committed no change, and both are what it found. */
export const stepStateSchema = z.object({
  before: state,
  after: state,
  patch: z.object({ seq: z.number(), set: state, unset: z.array(z.string()) }).nullable(),
})
export type StepState = z.infer<typeof stepStateSchema>

export const historyEntrySchema = z.object({
  at: z.string(),
  act: z.enum(['start', 'resume', 'cancel', 'mark-failed', 'rollback']),
  by: z.string(),
  reason: z.string().nullable(),
  previousError: z.string().nullable(),
  /** The step that was chosen to run again, and whether the workflow file was read anew for it. */
  from: z.string().optional(),
  workflow: z.literal('file').optional(),
})
export type HistoryEntry = z.infer<typeof historyEntrySchema>

export const runDetailSchema = runSchema.extend({
  state: z.record(z.string(), z.unknown()),
  steps: z.array(stepSchema),
  history: z.array(historyEntrySchema),
  /** The run of which this one repeats a part, and from which step. */
  parent: z.object({ runId: z.string(), from: z.string().nullable() }).nullable(),
  /** Which runner ran it, null when Rundesk did not start it. */
  runner: z.enum(['built-in', 'published']).nullable(),
  /** Where its workflow file lies; null for runs of others. */
  workflowFile: z.string().nullable(),
})
export type RunDetail = z.infer<typeof runDetailSchema>

export const resumePlanSchema = z.object({
  steps: z.array(z.object({ name: z.string(), will: z.enum(['run', 'keep']), reason: z.string() })),
  /** Why this cannot be done now; null when it can. */
  refused: z.string().nullable(),
  /** What a person must confirm first; null when nothing. */
  question: z.string().nullable(),
  /** Which runner can run the chosen workflow; null where that cannot be told. */
  runner: workflowRunnerSchema.nullable(),
  /** What became of the workflow file since; null when the run does not name one. */
  file: z
    .object({
      path: z.string(),
      changed: z.boolean(),
      /** Why the file cannot be run now; null when it can. */
      trouble: z.string().nullable(),
      /** The lines around what changed, of what a run makes of the file. */
      diff: z.array(z.object({ kind: z.enum(['same', 'add', 'remove', 'gap']), text: z.string() })),
    })
    .nullable(),
})
/** What a resume would do: shown before it is done. */
export type ResumePlan = z.infer<typeof resumePlanSchema>
