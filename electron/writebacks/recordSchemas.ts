import { z } from 'zod'

const text = z.string().optional().catch(undefined)
const number = z.number().optional().catch(undefined)

/** A dead-letter record of either shape, or a sidecar; every field may be missing (docs/formats-writebacks.md). */
export const deadLetterSchema = z.looseObject({
  opId: text,
  path: text,
  code: text,
  message: text,
  createdAt: text,
  lastAttemptedAt: text,
  attempts: number,
  lastStatus: number,
  lastBody: text,
  ts: text,
})
export type DeadLetterRecord = z.infer<typeof deadLetterSchema>

export const sidecarSchema = z.looseObject({
  code: text,
  message: text,
  providerStatus: number,
  providerResponse: z.unknown().optional(),
  attempts: number,
  firstAttemptAt: text,
  lastAttemptAt: text,
})
export type Sidecar = z.infer<typeof sidecarSchema>

/** An outbox record without its content: that may be megabytes, and hold secrets. */
export const outboxSchema = z
  .looseObject({
    commandId: text,
    workspaceId: text,
    remotePath: z.string(),
    hash: text,
    status: text,
    firstSeenAt: text,
    lastAttemptAt: text,
    nextAttemptAt: text,
    attemptCount: z.number().catch(0).default(0),
    lastError: text,
    needsAttention: z.boolean().catch(false).default(false),
    opId: text,
    dispatchStatus: text,
    ackedAt: text,
    revision: text,
    content: z.unknown().optional(),
  })
  .transform(({ content, ...record }) => ({
    ...record,
    contentBytes: typeof content === 'string' ? Buffer.byteLength(content) : 0,
  }))
export type OutboxRecord = z.infer<typeof outboxSchema>

const circuitSchema = z
  .looseObject({ open: z.boolean().optional().catch(undefined), nextRetry: text })
  .optional()
  .catch(undefined)

export const publicStateSchema = z.looseObject({
  workspaceId: text,
  remoteRoot: text,
  status: text,
  failedWritebacks: number,
  stallReason: text,
  lastSuccessfulReconcileAt: text,
  circuit: circuitSchema,
  guards: z.looseObject({ circuit: circuitSchema }).optional().catch(undefined),
  lastError: z.looseObject({ kind: text, statusCode: number, message: text, at: text }).optional().catch(undefined),
  providers: z
    .array(z.looseObject({ provider: text, lastError: text }))
    .optional()
    .catch(undefined),
  files: z
    .record(z.string(), z.looseObject({ status: text }))
    .optional()
    .catch(undefined),
})
export type PublicState = z.infer<typeof publicStateSchema>

export const privateStateSchema = z.looseObject({
  files: z
    .record(
      z.string(),
      z.looseObject({
        hash: text,
        dirty: z.boolean().optional().catch(undefined),
        deletePending: z.boolean().optional().catch(undefined),
      }),
    )
    .optional()
    .catch(undefined),
})
export type PrivateState = z.infer<typeof privateStateSchema>
