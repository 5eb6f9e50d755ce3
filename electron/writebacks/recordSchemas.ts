import { z } from 'zod'
import { scrubTokens } from '../../shared/rules/scrubTokens'

const plainText = z.string().optional()
const text = plainText.catch(undefined)
/** A server's words: it may answer with what it was sent. */
const said = text.transform((words) => (words === undefined ? undefined : scrubTokens(words)))
const number = z.number().optional().catch(undefined)

/** An HTTP status; anything else is as good as none. */
const plainStatus = z.number().int().min(100).max(999).optional()
const status = plainStatus.catch(undefined)
const count = z.number().int().min(0).max(1_000_000_000)

/** Parses what is as it should be at a third of the cost; anything else is parsed field by field. */
function quickly<T extends object>(
  plain: z.ZodType<T>,
  tolerant: z.ZodType<T>,
): { readonly parse: (value: unknown) => T } {
  return {
    parse: (value) => {
      const quick = plain.safeParse(value)
      return quick.success ? quick.data : tolerant.parse(value)
    },
  }
}

const plainDeadLetter = z.object({
  opId: plainText,
  path: plainText,
  code: plainText,
  message: plainText,
  createdAt: plainText,
  lastAttemptedAt: plainText,
  attempts: count.optional(),
  lastStatus: plainStatus,
  lastBody: plainText,
  ts: plainText,
  replayUrl: plainText,
})

/** A dead-letter record of either shape; every field may be missing (docs/formats-writebacks.md). */
export const deadLetterSchema = quickly(
  plainDeadLetter,
  z.object({
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
  }),
)
export type DeadLetterRecord = Omit<z.infer<typeof plainDeadLetter>, 'lastBody' | 'message'>

const plainSidecar = z.object({
  code: plainText,
  providerStatus: plainStatus,
  providerResponse: z.unknown().optional(),
  firstAttemptAt: plainText,
  lastAttemptAt: plainText,
})

/** The file beside a record. */
export const sidecarSchema = quickly(
  plainSidecar,
  z.object({
    code: text,
    providerStatus: status,
    providerResponse: z.unknown().optional(),
    firstAttemptAt: text,
    lastAttemptAt: text,
  }),
)
export type Sidecar = Omit<z.infer<typeof plainSidecar>, 'providerResponse'>

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
