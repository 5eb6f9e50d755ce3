import { z } from 'zod'
import { refusalOf } from './systemErrors'

/** Stable codes of expected failures. Scripts and the window tell failures apart by these, never by text. */
export const errorCodes = [
  'usage',
  'invalid_workflow',
  'invalid_workspace',
  'ambiguous_id',
  'unreadable',
  'locked',
  'unreachable',
  'not_found',
  'not_resumable',
  'not_cancellable',
  'needs_confirmation',
  'changed',
  'not_supported',
  'refused',
  'internal',
] as const

export type ErrorCode = (typeof errorCodes)[number]

export const failureSchema = z.object({
  code: z.enum(errorCodes),
  message: z.string(),
  details: z.record(z.string(), z.unknown()).optional(),
})

/** A failure as it travels over IPC, HTTP and to the CLI: data, not an exception. */
export type Failure = z.infer<typeof failureSchema>

export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: Failure }

/** An expected failure. Any other throw is a bug. */
export class RundeskError extends Error {
  readonly code: ErrorCode
  readonly details: Readonly<Record<string, unknown>> | undefined

  constructor(code: ErrorCode, message: string, options: { cause?: unknown; details?: Record<string, unknown> } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'RundeskError'
    this.code = code
    this.details = options.details
  }
}

/**
 * The data form of anything thrown: an expected failure keeps its code, what the system refused is `unreadable`, and
 * everything else is `internal`.
 */
export function toFailure(thrown: unknown): Failure {
  if (thrown instanceof RundeskError) {
    return { code: thrown.code, message: thrown.message, ...(thrown.details ? { details: { ...thrown.details } } : {}) }
  }
  const refusal = refusalOf(thrown)
  if (refusal !== undefined) return { code: 'unreadable', message: refusal }
  return { code: 'internal', message: thrown instanceof Error ? thrown.message : String(thrown) }
}

/** Makes the compiler prove that a `switch` over a union is complete. */
export function assertNever(value: never): never {
  throw new Error(`Unexpected value: ${JSON.stringify(value)}`)
}
