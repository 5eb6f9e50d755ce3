import { z } from 'zod'
import { scrubTokens } from '../../shared/rules/scrubTokens'

const text = z.string().optional().catch(undefined)
/** A server's words: it may answer with what it was sent. */
const said = text.transform((words) => (words === undefined ? undefined : scrubTokens(words)))
const number = z.number().optional().catch(undefined)

/** An HTTP status; anything else is as good as none. */
const [leastStatus, mostStatus, mostCount] = [100, 999, 1_000_000_000]
const status = z.number().int().min(leastStatus).max(mostStatus).optional().catch(undefined)
const count = z.number().int().min(0).max(mostCount)

/**
 * Takes what is as it should be as it is, also with fields that nobody asks for; anything else is parsed field by field.
 * To ask for the kinds of a few fields takes a tenth of the time.
 */
function quickly<T extends object>(
  schema: z.ZodType<T>,
  isPlain: (value: Readonly<Record<string, unknown>>) => boolean,
): { readonly parse: (value: unknown) => T } {
  const isAsItShould = (value: unknown): value is T => isRecord(value) && isPlain(value)
  return { parse: (value) => (isAsItShould(value) ? value : schema.parse(value)) }
}
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isText = (value: unknown): boolean => value === undefined || typeof value === 'string'
const isStatus = (value: unknown): boolean =>
  value === undefined || (Number.isInteger(value) && Number(value) >= leastStatus && Number(value) <= mostStatus)
const isCount = (value: unknown): boolean =>
  value === undefined || (Number.isInteger(value) && Number(value) >= 0 && Number(value) <= mostCount)

const tolerantDeadLetter = z.object({
  opId: text,
  path: text,
  code: text,
  message: text,
  createdAt: text,
  lastAttemptedAt: text,
  attempts: count.optional().catch(undefined),
  lastStatus: status,
  lastBody: text,
  ts: text,
  replayUrl: text,
})

/** A dead-letter record of either shape; every field may be missing (docs/formats-writebacks.md). */
export const deadLetterSchema = quickly(
  tolerantDeadLetter,
  ({ opId, path, code, message, createdAt, lastAttemptedAt, attempts, lastStatus, lastBody, ts, replayUrl }) =>
    isText(opId) &&
    isText(path) &&
    isText(code) &&
    isText(message) &&
    isText(createdAt) &&
    isText(lastAttemptedAt) &&
    isCount(attempts) &&
    isStatus(lastStatus) &&
    isText(lastBody) &&
    isText(ts) &&
    isText(replayUrl),
)
export type DeadLetterRecord = Omit<z.infer<typeof tolerantDeadLetter>, 'lastBody' | 'message'>

const tolerantSidecar = z.object({
  code: text,
  providerStatus: status,
  providerResponse: z.unknown().optional(),
  firstAttemptAt: text,
  lastAttemptAt: text,
})

/** The file beside a record. */
export const sidecarSchema = quickly(
  tolerantSidecar,
  ({ code, providerStatus, firstAttemptAt, lastAttemptAt }) =>
    isText(code) && isStatus(providerStatus) && isText(firstAttemptAt) && isText(lastAttemptAt),
)
export type Sidecar = Omit<z.infer<typeof tolerantSidecar>, 'providerResponse'>

/** An outbox record without its content: that may be megabytes, and hold secrets. */
export const outboxSchema = z
  .object({
    commandId: text,
    workspaceId: text,
    remotePath: z.string().min(1),
    contentType: text,
    encoding: text,
    type: text,
    expectedRevision: text,
    hash: text,
    status: text,
    firstSeenAt: text,
    lastAttemptAt: text,
    nextAttemptAt: text,
    attemptCount: count.catch(0).default(0),
    lastError: said,
    needsAttention: z.boolean().catch(false).default(false),
    opId: text,
    dispatchStatus: text,
    ackedAt: text,
    revision: text,
    correlationId: text,
    contentIdentity: z.unknown().optional(),
    content: z.unknown().optional(),
  })
  .transform(({ content, ...record }) => ({
    ...record,
    /** A number stands for content that was cut out before. */
    contentBytes: typeof content === 'string' ? Buffer.byteLength(content) : typeof content === 'number' ? content : 0,
  }))
export type OutboxRecord = z.infer<typeof outboxSchema>

const circuitSchema = z
  .object({ open: z.boolean().optional().catch(undefined), nextRetry: text })
  .optional()
  .catch(undefined)

/** The fields of `.relay/state.json`, of whatever writer; what it says of each file is read apart. */
export const publicStateSchema = z.object({
  workspaceId: text,
  remoteRoot: text,
  status: text,
  intervalMs: number,
  failedWritebacks: number,
  deniedPaths: number,
  stallReason: said,
  lastReconcileAt: text,
  lastSuccessfulReconcileAt: text,
  circuit: circuitSchema,
  guards: z.object({ circuit: circuitSchema }).optional().catch(undefined),
  lastError: z.object({ kind: text, statusCode: status, message: said, at: text }).optional().catch(undefined),
  providers: z
    .array(z.object({ provider: text, lastError: said }))
    .optional()
    .catch(undefined),
})
export type PublicState = z.infer<typeof publicStateSchema>

/** What the private state of a mount says of one file. */
export interface PrivateEntry {
  readonly hash: string | null
  readonly dirty: boolean
  readonly deletePending: boolean
  readonly writeDenied: boolean
  /** The server's revision that the local file is based on. */
  readonly revision: string | null
}
