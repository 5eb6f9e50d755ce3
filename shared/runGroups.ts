import { z } from 'zod'
import { runAskSchema } from './runList'

/** By what runs are taken together: equal failures, or their workflows. */
export const runGroupings = ['failures', 'workflows'] as const
export type RunGrouping = (typeof runGroupings)[number]

/** A run of a spark: how it ended, and how long it took. */
export const sparkRunSchema = z.object({
  runId: z.string(),
  workspaceId: z.string(),
  status: z.string(),
  liveness: z.string().nullable(),
  durationMs: z.number().nullable(),
})
export type SparkRun = z.infer<typeof sparkRunSchema>

/** How many runs a spark shows: the newest ones. */
export const sparkLength = 30

const time = z.string().nullable()

export const failureGroupSchema = z.object({
  /** Names the cause: the same for equal failures everywhere. */
  key: z.string(),
  /** The words that equal failures share. */
  title: z.string(),
  /** The newest of the errors, as it is. */
  example: z.string(),
  count: z.number().int(),
  /** The workflows that fail so, the commonest first: the first few. */
  workflows: z.array(z.string()),
  workflowCount: z.number().int(),
  /** When the first and the newest of them started. */
  firstAt: time,
  lastAt: time,
})
export type FailureGroup = z.infer<typeof failureGroupSchema>

export const workflowGroupSchema = z.object({
  name: z.string(),
  count: z.number().int(),
  failed: z.number().int(),
  /** The newest runs, oldest first. */
  spark: z.array(sparkRunSchema),
  /** When the newest started. */
  lastAt: time,
})
export type WorkflowGroup = z.infer<typeof workflowGroupSchema>

const limit = z.number().int().min(0).max(500).default(200)
const groupInput = runAskSchema.omit({ sort: true }).extend({ limit })

export const runGroupChannels = {
  /** The matching runs that tell of an error, by cause, the commonest first. */
  'runs:failures': {
    input: groupInput,
    output: z.object({ groups: z.array(failureGroupSchema), total: z.number().int() }),
  },
  /** The matching runs by workflow, the one that ran last first. */
  'runs:workflows': {
    input: groupInput,
    output: z.object({ groups: z.array(workflowGroupSchema), total: z.number().int() }),
  },
} as const
