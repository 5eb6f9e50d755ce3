import { z } from 'zod'
import { runFilters } from './rules/runFilters'
import { runWhereSchema } from './rules/runWhere'
import { runSchema } from './runs'

/** How far the first reading of files came. */
export const loadingSchema = z.object({
  doneBytes: z.number(),
  totalBytes: z.number(),
  /** A person ended the reading early: only the newest runs are there. */
  stopped: z.boolean(),
})

/** What a list of runs can be ordered by. Runs that have none of it stand last; equals newest first. */
export const runSorts = ['started', 'duration', 'workflow', 'status', 'steps'] as const
export const runSortSchema = z.object({ by: z.enum(runSorts), ascending: z.boolean() })
export type RunSort = z.infer<typeof runSortSchema>

/** Newest first. */
export const newestFirst: RunSort = { by: 'started', ascending: false }

/** Which runs, in which order. */
export const runAskSchema = z.object({
  /** Null asks over all workspaces. */
  workspaceId: z.string().max(64).nullable(),
  filter: z.enum(runFilters),
  /** Held by the name, the id or the error. */
  search: z.string().max(1000).optional(),
  where: runWhereSchema.optional(),
  sort: runSortSchema.optional(),
})
export type RunAsk = z.infer<typeof runAskSchema>

export const runQuerySchema = runAskSchema.extend({
  /**
   * The `order` of an earlier answer: the same runs in the same order as then, each as it is now. When it is no longer
   * known, or a run of it is gone, the answer is a new one.
   */
  order: z.string().max(64).optional(),
  /** Names what asks: another question of the same asker replaces this one, which then fails as `changed`. */
  asker: z.string().max(64).optional(),
  offset: z.number().int().min(0),
  limit: z.number().int().min(0).max(500),
})

const counts = z.record(z.string(), z.number().int())

export const runPageSchema = z.object({
  rows: z.array(runSchema),
  total: z.number().int(),
  /** Exact counts of every filter under the same search and `where`. */
  counts: z.object({
    all: z.number(),
    running: z.number(),
    'needs-you': z.number(),
    failed: z.number(),
    orphaned: z.number(),
  }),
  /** Exact counts of each status, liveness and workflow under all that is asked but that part of `where` itself. */
  facets: z.object({ statuses: counts, liveness: counts, workflows: counts }),
  /** Names these runs in this order. */
  order: z.string(),
  /** So many runs fit now that are not in this order, and so many of it no longer fit. */
  newRows: z.number().int(),
  goneRows: z.number().int(),
  revision: z.number().int(),
  /** Not null while files are still being read: the rows are right but not all. */
  loading: loadingSchema.nullable(),
})
export type RunPage = z.infer<typeof runPageSchema>

/** The most rows of one `runs:glance`. */
export const mostGlances = 10_000

/** Asks what can be told of many rows at once, so that a list can be scrolled fast: a part of an earlier answer's order. */
export const runGlanceQuerySchema = z.object({
  order: z.string().max(64),
  offset: z.number().int().min(0),
  limit: z.number().int().min(0).max(mostGlances),
})

/** What never changes of each row: two numbers a row, its name among `names` and its start in ms, 0 when unknown. */
export const runGlancesSchema = z.object({ names: z.array(z.string()), rows: z.array(z.number()) })
export type RunGlances = z.infer<typeof runGlancesSchema>
