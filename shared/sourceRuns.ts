import { z } from 'zod'
import { attemptSchema } from './runs'
import { sourceViews, sourceWhereSchema } from './sourceFilters'
import { sourceIdSchema } from './sourceId'

const time = z.string().nullable()
const text = z.string().nullable()

/** What may be asked of a run. Which of them an engine offers for a run is told by each run's `acts`. */
export const sourceActs = ['cancel', 'resume', 'rerun', 'fork', 'rewind', 'mark-failed'] as const
/**
 * `rerun`: a step, and all that depend on it, run again in the same run. `rewind`: the run goes back to a step and forgets
 * all after it. `fork`: a new run takes over what stands before a step and goes on from there.
 */
export type SourceAct = (typeof sourceActs)[number]

export const permissionSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('allowed') }),
  z.object({ kind: z.literal('confirm'), question: z.string() }),
  z.object({ kind: z.literal('refused'), reason: z.string() }),
])

/** What the statuses of all engines have in common. */
export const sourcePhases = [
  'waiting',
  'running',
  'paused',
  'completed',
  'failed',
  'cancelled',
  'dead-lettered',
  'unknown',
] as const
export type SourcePhase = (typeof sourcePhases)[number]

export const sourceRunSchema = z.object({
  sourceId: sourceIdSchema,
  id: z.string(),
  workflowName: z.string(),
  /** The engine's own word. */
  status: z.string(),
  phase: z.enum(sourcePhases),
  /** What the status alone does not say, such as that it may be running, or needs a worker of version v1. */
  note: text,
  createdAt: time,
  startedAt: time,
  completedAt: time,
  updatedAt: time,
  /** Its beginning; all of it is a payload. */
  error: text,
  queueName: text,
  executorId: text,
  applicationVersion: text,
  applicationName: text,
  /** How often it was begun again after its executor was gone; null where the engine does not count. */
  recoveryAttempts: z.number().int().nullable(),
  parentRunId: text,
  forkedFrom: text,
  wasForkedFrom: z.boolean(),
  /** Other for every change of the run that matters for an act: what a person decides on is what they saw. */
  version: z.string(),
  acts: z.record(z.enum(sourceActs), permissionSchema),
})
export type SourceRun = z.infer<typeof sourceRunSchema>

export const sourceRunDetailSchema = sourceRunSchema.extend({
  /** What else the engine says of it, in its own words. */
  facts: z.array(z.object({ name: z.string(), value: z.string() })),
})
export type SourceRunDetail = z.infer<typeof sourceRunDetailSchema>

export const sourceStepSchema = z.object({
  /** Names it in acts. */
  id: z.string(),
  name: z.string(),
  type: text,
  status: z.string(),
  phase: z.enum(sourcePhases),
  error: text,
  startedAt: time,
  completedAt: time,
  /** The run that it started. */
  childRunId: text,
  /** Null where the engine does not tell. */
  attempts: z.array(attemptSchema).nullable(),
  dependsOn: z.array(z.string()).nullable(),
})
export type SourceStep = z.infer<typeof sourceStepSchema>

export const sourceAskSchema = z.object({
  view: z.enum(sourceViews).default('all'),
  where: sourceWhereSchema.default({}),
})

export type SourceAsk = z.output<typeof sourceAskSchema>

export const sourceRunQuerySchema = sourceAskSchema.extend({
  /** The `held` of the first page: the same list as then, so that new runs do not move the pages. Unknown to the source, the answer is a new list. */
  held: z.string().max(200).optional(),
  offset: z.number().int().min(0).max(10_000_000),
  limit: z.number().int().min(1).max(200),
})
export type SourceRunQuery = z.output<typeof sourceRunQuerySchema>

/** Newest first. */
export const sourceRunPageSchema = z.object({
  rows: z.array(sourceRunSchema),
  /** Are there rows behind these? */
  more: z.boolean(),
  /** Null where the engine does not count. */
  total: z.number().int().nullable(),
  /** So many runs fit now that are not in the held list; null where that was not looked for. */
  newRuns: z.number().int().nullable(),
  /** Names this list for its other pages. */
  held: z.string(),
  asOf: z.string(),
  revision: z.number().int(),
})
export type SourceRunPage = z.infer<typeof sourceRunPageSchema>

export const sourceStepPageSchema = z.object({
  steps: z.array(sourceStepSchema),
  more: z.boolean(),
  total: z.number().int().nullable(),
  /** What the engine does not tell of these steps. */
  note: text,
  asOf: z.string(),
  revision: z.number().int(),
})
export type SourceStepPage = z.infer<typeof sourceStepPageSchema>

export const payloadParts = ['input', 'output', 'error'] as const
export type PayloadPart = (typeof payloadParts)[number]

export const sourcePayloadSchema = z.object({
  /** Null where there is none. */
  text: text,
  isJson: z.boolean(),
  /** Of all of it. */
  bytes: z.number().int(),
  cut: z.boolean(),
})
export type SourcePayload = z.infer<typeof sourcePayloadSchema>
