import SuperJSON from 'superjson'
import { z } from 'zod'

/** Text of the serializers that DBOS names beside each value. */
const envelopeSchema = z.object({ json: z.unknown(), __dbos_serializer: z.literal('superjson') }).loose()

const superjson = new SuperJSON()
superjson.registerCustom<Buffer, number[]>(
  {
    isApplicable: (value): value is Buffer => Buffer.isBuffer(value),
    serialize: (value) => [...value],
    deserialize: (value) => Buffer.from(value),
  },
  'Buffer',
)

/**
 * A stored value as plain JSON that a person can read: dates as ISO texts, maps and sets as lists under their kind, big
 * numbers with an `n`, errors with name and message, circles marked. What another serializer wrote stays the text it is.
 */
export function readableValue(stored: string): { readonly text: string; readonly isJson: boolean } {
  const parsed = parseJson(stored)
  if (parsed === undefined) return { text: stored, isJson: false }
  const text: string | undefined = JSON.stringify(toPlain(revive(parsed)), null, 2)
  return text === undefined ? { text: 'undefined', isJson: false } : { text, isJson: true }
}

/** The message of a stored error, with its name where that says more. */
export function errorMessage(stored: string | null): string | null {
  if (stored === null) return null
  const found = errorSchema.safeParse(unwrapped(parseJson(stored)))
  if (!found.success) return (messageWithin(stored) ?? stored).slice(0, 2000)
  const { name, message } = found.data
  return (name && name !== 'Error' ? `${name}: ${message}` : message).slice(0, 2000)
}

/** Name, message and stack of a stored error as a terminal shows them; null where it is no error of such a form. */
export function errorText(stored: string): string | null {
  const found = errorSchema.safeParse(unwrapped(parseJson(stored)))
  if (!found.success) return null
  const { name, message, stack } = found.data
  return stack?.includes(message) ? stack : [`${name ?? 'Error'}: ${message}`, stack].filter(Boolean).join('\n')
}

/** The message of an error whose text is cut behind it. */
function messageWithin(stored: string): string | null {
  const quoted = /"message":("(?:[^"\\]|\\.)*")/.exec(stored)?.[1]
  const message = quoted === undefined ? undefined : parseJson(quoted)
  return typeof message === 'string' ? message : null
}

const errorSchema = z.object({ name: z.string().optional(), message: z.string(), stack: z.string().optional() })

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function unwrapped(parsed: unknown): unknown {
  const envelope = envelopeSchema.safeParse(parsed)
  return envelope.success ? envelope.data.json : parsed
}

function revive(parsed: unknown): unknown {
  const envelope = envelopeSchema.safeParse(parsed)
  if (!envelope.success) return parsed
  try {
    return superjson.deserialize(envelope.data as never)
  } catch {
    // A kind of value that only the application can make again: what is stored of it is shown as it is.
    return envelope.data.json
  }
}

/** Bounded in depth: hostile values may be nested as deep as a text is long. */
function toPlain(value: unknown, above: readonly object[] = []): unknown {
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (typeof value === 'symbol' || typeof value === 'function') return String(value)
  if (typeof value !== 'object' || value === null) return value
  if (above.includes(value)) return '[circular]'
  if (above.length > 200) return '[too deep]'
  const inside = [...above, value]
  const within = (part: unknown): unknown => toPlain(part, inside)
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString()
  if (value instanceof RegExp || value instanceof URL) return String(value)
  if (Buffer.isBuffer(value)) return { Buffer: value.toString('base64') }
  if (value instanceof Map) return { Map: [...value].map(([key, part]) => [within(key), within(part)]) }
  if (value instanceof Set) return { Set: [...value].map(within) }
  if (value instanceof Error) return { ...toRecord(value, within), name: value.name, message: value.message }
  if (Array.isArray(value)) return value.map(within)
  return toRecord(value, within)
}

function toRecord(value: object, within: (part: unknown) => unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, within(part)]))
}
