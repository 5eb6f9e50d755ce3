import { z } from 'zod'
import { problemSchema } from './runs'

/** The states of a writeback item (docs/formats.md, "Writebacks"). */
export const writebackStates = [
  'delivered',
  'accepted',
  'stuck',
  'retrying',
  'waiting',
  'conflict',
  'rejected',
  'stale',
  'gone',
  'unknown',
  'unreadable',
] as const
export type WritebackState = (typeof writebackStates)[number]

/** States that do not count as undelivered. */
export const settledStates: readonly WritebackState[] = ['delivered', 'accepted', 'waiting', 'stale']

export const errorClasses = [
  'auth',
  'permission',
  'conflict',
  'too-large',
  'invalid',
  'gone',
  'rate',
  'server',
  'network',
  'provider',
  'other',
] as const
export type ErrorClass = (typeof errorClasses)[number]

const time = z.string().nullable()

export const deadLetterRefSchema = z.object({
  opId: z.string(),
  file: z.string(),
  at: time,
  status: z.number().int().nullable(),
})

export const writebackItemSchema = z.object({
  key: z.string(),
  /** Changes whenever anything that the item folds changes: a bulk act sends it back to prove what was seen. */
  version: z.string(),
  path: z.string().nullable(),
  mount: z.string(),
  workspaceId: z.string(),
  state: z.enum(writebackStates),
  class: z.enum(errorClasses).nullable(),
  lastStatus: z.number().int().nullable(),
  message: z.string().nullable(),
  attempts: z.number().int(),
  firstFailedAt: time,
  lastFailedAt: time,
  nextAttemptAt: time,
  groupKey: z.string(),
  records: z.array(deadLetterRefSchema),
  /** Why Retry is offered or not, by the shared rule. */
  retry: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('allowed') }),
    z.object({ kind: z.literal('refused'), reason: z.string() }),
  ]),
})
export type WritebackItem = z.infer<typeof writebackItemSchema>

export const writebackGroupSchema = z.object({
  key: z.string(),
  class: z.enum(errorClasses).nullable(),
  title: z.string(),
  count: z.number().int(),
  undelivered: z.number().int(),
  firstFailedAt: time,
  lastFailedAt: time,
})
export type WritebackGroup = z.infer<typeof writebackGroupSchema>

export const mountSchema = z.object({
  workspaceId: z.string(),
  /** The relayfile workspace id as its files give it. */
  relayWorkspaceId: z.string().nullable(),
  localDir: z.string(),
  remoteRoot: z.string(),
  daemon: z.object({ alive: z.boolean(), pid: z.number().int().nullable() }),
  status: z.string().nullable(),
  problems: z.array(problemSchema),
})

export const writebackSummarySchema = z.object({
  pending: z.number().int(),
  undelivered: z.number().int(),
  stuck: z.number().int(),
  failedAttemptsEver: z.number().int(),
  lastErrorByProvider: z.record(z.string(), z.string()),
})
export type WritebackSummary = z.infer<typeof writebackSummarySchema>

/** Everything known of an item, without file contents. */
export const writebackDetailSchema = z.object({
  item: writebackItemSchema,
  localFile: z
    .object({
      path: z.string(),
      exists: z.boolean(),
      sizeBytes: z.number().int().nullable(),
      sha256: z.string().nullable(),
    })
    .nullable(),
  outbox: z.array(z.object({ folder: z.string(), file: z.string(), record: z.record(z.string(), z.unknown()) })),
  records: z.array(
    z.object({
      opId: z.string(),
      file: z.string(),
      at: time,
      status: z.number().int().nullable(),
      body: z.string().nullable(),
      attempts: z.number().int().nullable(),
      raw: z.string(),
      sidecar: z.string().nullable(),
    }),
  ),
})
export type WritebackDetail = z.infer<typeof writebackDetailSchema>

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

export const operationSchema = z.object({
  id: z.string(),
  act: z.enum(['retry', 'dismiss', 'restore']),
  startedAt: z.string(),
  endedAt: time,
  by: z.string(),
  reason: z.string().nullable(),
  /** `outcome` is null while nothing is known yet. */
  items: z.array(
    z.object({
      key: z.string(),
      path: z.string().nullable(),
      outcome: z.enum(itemOutcomes).nullable(),
      detail: z.string(),
    }),
  ),
})
/** One act of a person on a fixed set of items, as the ledger keeps it. */
export type Operation = z.infer<typeof operationSchema>
