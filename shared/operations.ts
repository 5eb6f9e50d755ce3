import { z } from 'zod'

/** The ways to get a writeback delivered (docs/formats-writebacks.md, "Ways of delivery"). */
export const deliveryWays = ['re-arm', 'direct', 'replay'] as const
export type DeliveryWay = (typeof deliveryWays)[number]

export const itemOutcomes = [
  'delivered',
  'sent',
  'failed',
  'changed',
  'refused',
  'skipped',
  'dismissed',
  'restored',
] as const
export type ItemOutcome = (typeof itemOutcomes)[number]

export const operationActs = ['retry', 'dismiss', 'restore', 'edit'] as const
export type OperationAct = (typeof operationActs)[number]

/**
 * `running` in this process or another living one; `paused` by a person; `interrupted` because the process that ran it
 * is gone: a person continues or closes it; `following` when everything was done, but not all of it is confirmed yet.
 */
export const operationStates = ['running', 'paused', 'interrupted', 'following', 'ended'] as const
export type OperationState = (typeof operationStates)[number]

/** How a bulk retry goes on: carefully first, and not faster than this. */
export const bulkPlanSchema = z.object({
  /** One item, then ten, then the rest; each stage waits for what became of the one before. */
  canary: z.boolean().default(false),
  /** Stops when so many items failed; null never. */
  stopAfterFailures: z.number().int().min(1).nullable().default(null),
  /** At most so many items a second; null as fast as the server answers. */
  perSecond: z.number().min(0.01).max(100_000).nullable().default(null),
})
export type BulkPlan = z.infer<typeof bulkPlanSchema>

export const bulkStages = ['canary-1', 'canary-10', 'rest'] as const
export type BulkStage = (typeof bulkStages)[number]

const permission = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('allowed') }),
  z.object({ kind: z.literal('refused'), reason: z.string() }),
])

/** One act of a person on a fixed set of items, as the ledger keeps it. */
export const operationSchema = z.object({
  id: z.string(),
  act: z.enum(operationActs),
  state: z.enum(operationStates),
  /** Where a running bulk retry is; null for other acts and when it has ended. */
  stage: z.enum(bulkStages).nullable(),
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  by: z.string(),
  reason: z.string().nullable(),
  plan: bulkPlanSchema.nullable(),
  /** The operation that this one undoes. */
  undoes: z.string().nullable(),
  total: z.number().int(),
  /** Items that have an outcome, `sent` among them. */
  done: z.number().int(),
  counts: z.record(z.enum(itemOutcomes), z.number().int()),
  /** Until everything has been done, by the speed of the last seconds; null when nobody can tell. */
  remainingMs: z.number().nullable(),
  /** Why it ended before its last item, or waits; null when it did not. */
  stopped: z.string().nullable(),
  undo: permission,
  /** The mounts that it acts on. */
  mounts: z.array(z.string()),
})
export type Operation = z.infer<typeof operationSchema>

export const operationItemSchema = z.object({
  key: z.string(),
  path: z.string().nullable(),
  mount: z.string().nullable(),
  way: z.enum(deliveryWays).nullable(),
  /** Null while nothing is known yet. */
  outcome: z.enum(itemOutcomes).nullable(),
  detail: z.string(),
  at: z.string().nullable(),
})
export type OperationItem = z.infer<typeof operationItemSchema>

/** An operation with a page of its items, in the order in which they were chosen. */
export const operationPageSchema = z.object({
  operation: operationSchema,
  items: z.array(operationItemSchema),
  /** How many items there are under the same filter. */
  itemsTotal: z.number().int(),
})
export type OperationPage = z.infer<typeof operationPageSchema>

/** What would be done to each item of a set that is frozen under `setId`. */
export const previewSchema = z.object({
  setId: z.string(),
  act: z.enum(['retry', 'dismiss']),
  /** The first items of the set. */
  items: z.array(
    z.object({
      key: z.string(),
      version: z.string(),
      path: z.string().nullable(),
      way: z.enum(deliveryWays).nullable(),
      /** Why nothing would be done; null when something would. */
      reason: z.string().nullable(),
    }),
  ),
  /** How many items each way would take, and how many are refused. */
  counts: z.object({
    're-arm': z.number().int(),
    direct: z.number().int(),
    replay: z.number().int(),
    dismiss: z.number().int(),
    refused: z.number().int(),
  }),
  total: z.number().int(),
  cut: z.boolean(),
})
export type Preview = z.infer<typeof previewSchema>

/** What the server has of a path. */
export const serverFileSchema = z.object({
  found: z.boolean(),
  revision: z.string().nullable(),
  contentHash: z.string().nullable(),
  contentType: z.string().nullable(),
  sizeBytes: z.number().int().nullable(),
  /** Null for what is no text, or is larger than 1 MiB. */
  text: z.string().nullable(),
  equalsLocal: z.boolean(),
})
export type ServerFile = z.infer<typeof serverFileSchema>

/** The versions of a file that a person chooses between; null where there is none, it is no text, or larger than 1 MiB. */
export const versionsSchema = z.object({
  /** The item's own version when they were read: what a person decides on is what they saw. */
  version: z.string(),
  base: z.string().nullable(),
  local: z.string().nullable(),
  server: z.string().nullable(),
  conflictCopy: z.string().nullable(),
  localHash: z.string().nullable(),
  /** Of the server's version, as `writebacks:edit` wants it back. */
  serverRevision: z.string().nullable(),
  /** Why the server's version is not there; null when it is, or the server has none. */
  serverTrouble: z.string().nullable(),
})
export type Versions = z.infer<typeof versionsSchema>

/** One line of the audit: one item of one operation. */
export const auditEntrySchema = z.object({
  operationId: z.string(),
  at: z.string(),
  by: z.string(),
  act: z.enum(operationActs),
  reason: z.string().nullable(),
  mount: z.string(),
  key: z.string(),
  path: z.string().nullable(),
  way: z.enum(deliveryWays).nullable(),
  outcome: z.enum(itemOutcomes).nullable(),
  detail: z.string(),
})
export type AuditEntry = z.infer<typeof auditEntrySchema>
