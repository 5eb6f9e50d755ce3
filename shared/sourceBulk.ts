import { z } from 'zod'
import { sourceIdSchema } from './sourceId'
import { sourceAskSchema } from './sourceRuns'

const text = z.string().nullable()

/** The acts that can be done to many runs. */
export const sourceBulkActs = ['resume', 'cancel'] as const
export type SourceBulkAct = (typeof sourceBulkActs)[number]

/** What a bulk act would do to a run: act at once, only after a confirmation, or leave it alone. */
export const sourceBulkWays = ['act', 'confirm', 'refused'] as const

export const sourceBulkItemSchema = z.object({
  runId: z.string(),
  workflowName: z.string(),
  status: z.string(),
  createdAt: text,
  way: z.enum(sourceBulkWays),
  /** What must be confirmed, or why it is left alone. */
  reason: text,
})
export type SourceBulkItem = z.infer<typeof sourceBulkItemSchema>

export const sourceBulkPreviewSchema = z.object({
  setId: z.string(),
  total: z.number().int(),
  ways: z.record(z.enum(sourceBulkWays), z.number().int()),
  /** The first of them. */
  items: z.array(sourceBulkItemSchema),
  cut: z.boolean(),
  /** There were more runs than one set can hold. */
  more: z.boolean(),
})
export type SourceBulkPreview = z.infer<typeof sourceBulkPreviewSchema>

/** As of a single act; also `refused` by the rule, `failed` with the source's words, `skipped` when it was stopped before. */
export const sourceBulkOutcomes = ['done', 'nothing', 'changed', 'unconfirmed', 'refused', 'failed', 'skipped'] as const
export type SourceBulkOutcome = (typeof sourceBulkOutcomes)[number]

/** `interrupted`: the process that did it is gone. A person goes on with it or closes it. */
export const sourceOperationStates = ['running', 'interrupted', 'ended'] as const

export const sourceOperationSchema = z.object({
  id: z.string(),
  sourceId: sourceIdSchema,
  sourceName: z.string(),
  act: z.enum(sourceBulkActs),
  state: z.enum(sourceOperationStates),
  startedAt: z.string(),
  endedAt: text,
  by: z.string(),
  reason: text,
  total: z.number().int(),
  /** Items that have an outcome. */
  done: z.number().int(),
  counts: z.record(z.enum(sourceBulkOutcomes), z.number().int()),
  /** Why it ended before its last item; null when it did not. */
  stopped: text,
})
/** A bulk act on the runs of a source, as its ledger keeps it. */
export type SourceOperation = z.infer<typeof sourceOperationSchema>

export const sourceOperationItemSchema = z.object({
  runId: z.string(),
  workflowName: z.string(),
  outcome: z.enum(sourceBulkOutcomes).nullable(),
  detail: text,
  at: text,
})

/** The most runs of one bulk act. */
export const mostBulkRuns = 10_000

const runId = z.string().min(1).max(1024)
const operationRef = z.object({ operationId: z.string().max(64) })
const operation = z.object({ operation: sourceOperationSchema })

export const sourceBulkChannels = {
  /** Freezes the runs that are named, or all that are asked for, as they are now. Changes nothing. */
  'sources:previewBulk': {
    input: z.object({
      sourceId: sourceIdSchema,
      act: z.enum(sourceBulkActs),
      runIds: z.array(runId).max(mostBulkRuns).optional(),
      ask: sourceAskSchema.optional(),
    }),
    output: sourceBulkPreviewSchema,
  },
  /** Writes the frozen set into the ledger, begins to act, and returns at once; follow it with `sources:operation`. */
  'sources:bulk': {
    acts: true,
    input: z.object({ setId: z.string().max(64), confirmed: z.boolean(), reason: z.string().max(2000).nullable() }),
    output: operation,
  },
  /** Newest first. */
  'sources:operations': {
    input: z.object({ offset: z.number().int().min(0), limit: z.number().int().min(0).max(500) }),
    output: z.object({ operations: z.array(sourceOperationSchema), total: z.number().int() }),
  },
  /** One of them, with items: those that did not come out as wanted first. */
  'sources:operation': {
    input: operationRef.extend({
      outcome: z.enum([...sourceBulkOutcomes, 'none']).optional(),
      offset: z.number().int().min(0).default(0),
      limit: z.number().int().min(0).max(500).default(200),
    }),
    output: operation.extend({ items: z.array(sourceOperationItemSchema), itemsTotal: z.number().int() }),
  },
  /** Goes on with one whose process is gone: what was begun is looked at before it is done. */
  'sources:resumeOperation': { acts: true, input: operationRef, output: operation },
  /** Begins no other item; of one whose process is gone, what was begun is looked at and the rest is skipped. */
  'sources:stopOperation': { acts: true, input: operationRef, output: operation },
  /** Waits until this process no longer works on it, for scripts. */
  'sources:settled': { cliOnly: true, input: operationRef, output: operation },
} as const
