import { z } from 'zod'
import { runOutcomes } from './rules/runOutcome'
import { runSchema } from './runs'

/** How many runs that began in a stretch of time came to what. `to` is the first moment after it. */
export const outcomeStretchSchema = z.object({
  from: z.string(),
  to: z.string(),
  counts: z.partialRecord(z.enum(runOutcomes), z.number().int()),
  total: z.number().int(),
})
export type OutcomeStretch = z.infer<typeof outcomeStretchSchema>

export const overviewSchema = z.object({
  counts: z.object({
    all: z.number().int(),
    running: z.number().int(),
    needsYou: z.number().int(),
    /** Failed, and began within the last 24 hours: older failures are history. */
    failedLastDay: z.number().int(),
    orphaned: z.number().int(),
    /** Paused, or wait for a person. */
    waiting: z.number().int(),
    /** Rows that the disk refused. */
    unsavedRows: z.number().int(),
    undelivered: z.number().int(),
    stuck: z.number().int(),
    problems: z.number().int(),
  }),
  /** The newest ones that need a person, and the newest ones that go on. */
  needs: z.array(runSchema),
  running: z.array(runSchema),
  /** The last 24 hours and the last 30 days of local time, oldest first. */
  hours: z.array(outcomeStretchSchema),
  days: z.array(outcomeStretchSchema),
  /** Files are still being read: the counts are right but not all. */
  loading: z.boolean(),
})
export type Overview = z.infer<typeof overviewSchema>

export const slowStepSchema = z.object({
  workspaceId: z.string(),
  workflowName: z.string(),
  stepName: z.string(),
  /** How many runs with this step were looked at. */
  count: z.number().int(),
  /** How long it usually takes, and its longest time, with where that was. */
  medianMs: z.number(),
  longestMs: z.number(),
  runId: z.string(),
  stepId: z.string(),
})
export type SlowStep = z.infer<typeof slowStepSchema>

export const slowStepsSchema = z.object({
  steps: z.array(slowStepSchema),
  /** So many of the newest ended runs were looked at; so many more were left out, because they have very many steps. */
  runs: z.number().int(),
  leftOut: z.number().int(),
})
export type SlowSteps = z.infer<typeof slowStepsSchema>
