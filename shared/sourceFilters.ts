import { z } from 'zod'

/** Runs that are looked for by themselves. */
export const sourceViews = ['all', 'going', 'failed', 'dead-lettered', 'waiting-for-worker'] as const
export type SourceView = (typeof sourceViews)[number]

const word = z.string().min(1).max(1000)
const moment = z.iso.datetime({ offset: true })

/** What a list of runs is narrowed by: all of it must hold. */
export const sourceWhereSchema = z.object({
  /** One of the engine's own words. */
  statuses: z.array(z.string().min(1).max(64)).max(20).optional(),
  workflowName: word.optional(),
  idPrefix: word.optional(),
  queueName: word.optional(),
  applicationVersion: word.optional(),
  applicationName: word.optional(),
  executorId: word.optional(),
  /** Runs that this one started, and runs that were forked from it. */
  parentRunId: word.optional(),
  forkedFrom: word.optional(),
  /** Created at this time or later, before that time. */
  from: moment.optional(),
  to: moment.optional(),
  /** Held by the name, the id or the error: only where the source knows a search. */
  search: z.string().max(1000).optional(),
})

/** The parts of a `where` by their names. */
export const sourceFilters = sourceWhereSchema.keyof().options
export type SourceFilter = (typeof sourceFilters)[number]
