import { z } from 'zod'
import { sourceActs, sourceRunSchema } from './sourceRuns'

const text = z.string().nullable()

/** The step that an act begins at, for those acts that take one. */
export const actChoiceSchema = z.object({
  act: z.enum(sourceActs),
  fromStep: z.string().max(1024).optional(),
})
export type ActChoice = z.output<typeof actChoiceSchema>

/** `keep`: its result stays. `run`: it runs (again). `drop`: what it left is deleted first, and it may run again. */
export const stepFates = ['keep', 'run', 'drop'] as const

export const sourcePlanSchema = z.object({
  /** The steps that are known, in their order. */
  steps: z.array(z.object({ id: z.string(), name: z.string(), will: z.enum(stepFates), reason: z.string() })),
  /** There are more steps than are told. */
  cut: z.boolean(),
  /** What a person should know before, one sentence each. */
  says: z.array(z.string()),
  refused: text,
  question: text,
  /** The run that this was planned for: the act wants it back. */
  version: z.string(),
})
/** What an act would do: shown before it is done. */
export type SourcePlan = z.infer<typeof sourcePlanSchema>

/**
 * `done`: what was asked for has happened. `nothing`: there was nothing to do. `changed`: it is no longer what was seen, and
 * nothing was done. `unconfirmed`: it was asked for, but what became of it cannot be told.
 */
export const actOutcomes = ['done', 'nothing', 'changed', 'unconfirmed'] as const

export const actResultSchema = z.object({
  outcome: z.enum(actOutcomes),
  /** What became of it, in a sentence. */
  message: z.string(),
  /** The run as it was read after the act; null when it is gone or could not be read. */
  run: sourceRunSchema.nullable(),
  /** The run that a fork made. */
  newRunId: text,
})
export type ActResult = z.infer<typeof actResultSchema>
