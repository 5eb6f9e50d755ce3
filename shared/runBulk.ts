import { z } from 'zod'

const runRef = z.object({ workspaceId: z.string().max(64), runId: z.string().min(1).max(1024) })
export type RunRef = z.infer<typeof runRef>

/** What a bulk cancel would do to a run: it is cancelled at once, only when its program is gone, or left alone. */
export const bulkWays = ['cancel', 'confirm', 'refused'] as const

export const bulkItemSchema = runRef.extend({
  workflowName: z.string(),
  status: z.string(),
  liveness: z.string().nullable(),
  startedAt: z.string().nullable(),
  way: z.enum(bulkWays),
  /** What must be confirmed, or why it is left alone. */
  reason: z.string().nullable(),
})
export type BulkItem = z.infer<typeof bulkItemSchema>

/** What came of a run of a bulk cancel. `changed`: it is no longer what the preview showed. `skipped`: the cancel was stopped. */
export const bulkOutcomes = ['cancelled', 'changed', 'refused', 'failed', 'skipped'] as const
export type BulkOutcome = (typeof bulkOutcomes)[number]

export const bulkSchema = z.object({
  setId: z.string(),
  total: z.number().int(),
  done: z.number().int(),
  isGoing: z.boolean(),
  counts: z.record(z.enum(bulkOutcomes), z.number().int()),
})
export type Bulk = z.infer<typeof bulkSchema>

const setRef = z.object({ setId: z.string().max(64) })
const bulk = z.object({ bulk: bulkSchema })

export const runBulkChannels = {
  /** Freezes a set of runs, as they are now, and tells what a cancel would do to each. Changes nothing. */
  'runs:previewCancel': {
    input: z.object({
      runs: z.array(runRef).max(100_000).optional(),
      /** All runs of a list: its `order`. */
      order: z.string().max(64).optional(),
    }),
    output: z.object({
      setId: z.string(),
      total: z.number().int(),
      ways: z.record(z.enum(bulkWays), z.number().int()),
      /** The first of them. */
      items: z.array(bulkItemSchema),
      cut: z.boolean(),
    }),
  },
  /**
   * Begins to cancel the runs of a frozen set and returns at once; follow it with `runs:bulk`. With `confirmed` also those
   * whose program is gone as a person says. A run that is no longer what the preview showed is left alone.
   */
  'runs:cancelAll': { acts: true, input: setRef.extend({ confirmed: z.boolean() }), output: bulk },
  /** How far a bulk cancel came, with what came of its runs: those that were not cancelled first. */
  'runs:bulk': {
    input: setRef.extend({ limit: z.number().int().min(0).max(1000).default(200) }),
    output: bulk.extend({
      items: z.array(
        bulkItemSchema.extend({ outcome: z.enum(bulkOutcomes).nullable(), detail: z.string().nullable() }),
      ),
    }),
  },
  /** Begins no other cancel of the set. */
  'runs:stopBulk': { acts: true, input: setRef, output: bulk },
} as const
