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

/** Which kinds of evidence an item folds. */
export const evidenceKinds = [
  'dead-letter',
  'pending',
  'failed',
  'acked',
  'attention',
  'conflict-copy',
  'refused-delete',
  'denied',
] as const
export type EvidenceKind = (typeof evidenceKinds)[number]

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
  /** First segment of the path. */
  provider: z.string().nullable(),
  kinds: z.array(z.enum(evidenceKinds)),
  /** The newest line of the mount's permission log about the path. */
  denied: z.object({ at: time, kind: z.string(), reason: z.string() }).nullable(),
  /** Absolute paths of the copies in conflicts/, oldest first. */
  conflictCopies: z.array(z.string()),
  records: z.array(deadLetterRefSchema),
  /** Why Retry is offered or not, by the shared rule. */
  retry: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('allowed') }),
    z.object({ kind: z.literal('refused'), reason: z.string() }),
  ]),
})
export type WritebackItem = z.infer<typeof writebackItemSchema>

export const groupStates = ['open', 'resolved', 'ignored'] as const
export type GroupState = (typeof groupStates)[number]

const noteSchema = z.object({ id: z.string(), at: z.string(), by: z.string(), text: z.string() })
export type GroupNote = z.infer<typeof noteSchema>

export const writebackGroupSchema = z.object({
  key: z.string(),
  class: z.enum(errorClasses).nullable(),
  title: z.string(),
  count: z.number().int(),
  undelivered: z.number().int(),
  firstFailedAt: time,
  lastFailedAt: time,
  provider: z.string().nullable(),
  /** How many mounts it happens in. */
  mounts: z.number().int(),
  /** Failed attempts in 24 equal stretches of `activityBucketMs`, the first of which begins at `activityFrom`. */
  activity: z.array(z.number().int()),
  activityFrom: time,
  activityBucketMs: z.number(),
  /** Resolved also by itself, when nothing of it is undelivered; open again as soon as it happens again. */
  state: z.enum(groupStates),
  /** Null, while the state is ignored: for ever. */
  ignoredUntil: time,
  notes: z.array(noteSchema),
})
export type WritebackGroup = z.infer<typeof writebackGroupSchema>

export const credentialsSchema = z.object({
  present: z.boolean(),
  kind: z.enum(['legacy', 'delegated', 'environment']).nullable(),
  /** Host and port. */
  server: z.string().nullable(),
  expiresAt: time,
  expired: z.boolean(),
  scopes: z.array(z.string()),
})
export type CredentialsFacts = z.infer<typeof credentialsSchema>

export const mountSchema = z.object({
  workspaceId: z.string(),
  /** The relayfile workspace id as its files give it. */
  relayWorkspaceId: z.string().nullable(),
  localDir: z.string(),
  remoteRoot: z.string(),
  daemon: z.object({ alive: z.boolean(), pid: z.number().int().nullable() }),
  status: z.string().nullable(),
  /** The registry's name of it; null when it is not registered. */
  name: z.string().nullable(),
  registered: z.boolean(),
  /** The registry names it, but there is no such folder. */
  folderMissing: z.boolean(),
  /** The breaker that stops all writes for a while after many failures. */
  circuit: z.object({ open: z.boolean(), nextRetryAt: time }).nullable(),
  /** When a cycle last ended well. */
  lastSyncAt: time,
  lastError: z
    .object({ kind: z.string().nullable(), status: z.number().nullable(), message: z.string(), at: time })
    .nullable(),
  stallReason: z.string().nullable(),
  /** What is there to send with; a token itself is never given. */
  credentials: credentialsSchema,
  problems: z.array(problemSchema),
})
export type Mount = z.infer<typeof mountSchema>

export const writebackSummarySchema = z.object({
  pending: z.number().int(),
  undelivered: z.number().int(),
  stuck: z.number().int(),
  failedAttemptsEver: z.number().int(),
  lastErrorByProvider: z.record(z.string(), z.string()),
})
export type WritebackSummary = z.infer<typeof writebackSummarySchema>

/** One failed, refused or confirmed try, of whatever evidence tells of it. */
export const writebackAttemptSchema = z.object({
  at: time,
  source: z.enum(['dead-letter', 'outbox', 'denied', 'history']),
  outcome: z.enum(['failed', 'accepted', 'delivered']),
  status: z.number().int().nullable(),
  class: z.enum(errorClasses).nullable(),
  message: z.string().nullable(),
  opId: z.string().nullable(),
  file: z.string().nullable(),
})
export type WritebackAttempt = z.infer<typeof writebackAttemptSchema>

/** Evidence that was seen earlier and is no longer on disk. */
export const historyRowSchema = z.object({
  id: z.string(),
  seenAt: z.string(),
  at: time,
  mount: z.string(),
  key: z.string(),
  path: z.string().nullable(),
  kind: z.enum(evidenceKinds),
  file: z.string(),
  opId: z.string().nullable(),
  status: z.number().int().nullable(),
  message: z.string().nullable(),
  /** The record as it was, without file contents. */
  raw: z.string(),
})
export type HistoryRow = z.infer<typeof historyRowSchema>

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
  /** Every try that is known, oldest first. */
  attempts: z.array(writebackAttemptSchema),
  /** What to type for each act. */
  commands: z.array(z.object({ act: z.string(), text: z.string() })),
})
export type WritebackDetail = z.infer<typeof writebackDetailSchema>
