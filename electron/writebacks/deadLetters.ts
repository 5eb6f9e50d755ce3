import { scrubTokens } from '../../shared/rules/scrubTokens'
import type { CachedFile } from './recordFolder'
import { type DeadLetterRecord, deadLetterSchema, type Sidecar, sidecarSchema } from './recordSchemas'

/** No record is that large: a batch may name thousands of paths, but answers are cut at 1 KiB. */
export const maxDeadLetterBytes = 8 * 1024 * 1024

/** What is kept of a file of the dead-letter folder: little, for there may be a hundred thousand. */
export interface DeadLetterFile {
  readonly record: DeadLetterRecord
  /** What the file says if it is a sidecar; null for a record. */
  readonly sidecar: Sidecar | null
  /** The server's own words, where it had any. */
  readonly message: string | null
  /** What the server answered, in lower case. */
  readonly body: string | null
}

/** One dead letter: its record and, where there is one, its sidecar. */
export interface DeadLetter {
  readonly opId: string
  readonly file: string
  readonly path: string
  readonly stamp: string
  readonly record: DeadLetterRecord
  readonly sidecar: { readonly name: string; readonly value: Sidecar } | null
  readonly status: number | null
  /** The server's own words, where it had any; never the file format's misleading ones. */
  readonly message: string | null
  readonly body: string | null
  /** Newest time that the record tells, as it stands there. */
  readonly at: string | null
  readonly atMs: number | null
}

/** Reads a file of the folder. Throws for what is no record. `keep` gives the text as it is to be kept. */
export function parseDeadLetter(text: string, name: string, keep: (body: string) => string | null): DeadLetterFile {
  const value: unknown = JSON.parse(text)
  if (name.endsWith('.error.json') && !isRecord(value)) {
    const { code, providerStatus, firstAttemptAt, lastAttemptAt, providerResponse } = sidecarSchema.parse(value)
    const sidecar = { code, providerStatus, firstAttemptAt, lastAttemptAt }
    return { record: noRecord, sidecar, message: messageIn(providerResponse), body: null }
  }
  const whole = deadLetterSchema.parse(value)
  const { opId, path, code, createdAt, lastAttemptedAt, attempts, lastStatus, ts, replayUrl, lastBody } = whole
  // Written out: a record with the rest of another one takes twice the time and memory.
  const record = { opId, path, code, createdAt, lastAttemptedAt, attempts, lastStatus, ts, replayUrl }
  const body = lastBody?.trim() ? keep(lastBody.toLowerCase()) : null
  return { record, sidecar: null, message: wordsOf(whole), body }
}

const noRecord: DeadLetterRecord = {}

/** `<opId>.error.json` is a sidecar, unless it has what only a record has: an id may end in `.error`. */
function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null && ('lastStatus' in value || 'ts' in value)
}

/** Is this the file beside a record? One that cannot be read counts as what its name says. */
export function isSidecar({ name, value }: CachedFile<DeadLetterFile>): boolean {
  return value === undefined ? name.endsWith('.error.json') : value.sidecar !== null
}

/** The name of the sidecar that belongs to a record, and of the record that belongs to a sidecar. */
export function sidecarName(file: string): string {
  return `${file.slice(0, -'.json'.length)}.error.json`
}
export function recordName(sidecar: string): string {
  return `${sidecar.slice(0, -'.error.json'.length)}.json`
}

/** The dead letter of a record's file and the file beside it. */
export function toDeadLetter(
  file: CachedFile<DeadLetterFile>,
  beside: CachedFile<DeadLetterFile> | undefined,
): DeadLetter | undefined {
  if (!file.value) return undefined
  const { record, body } = file.value
  const besideValue = beside && isSidecar(beside) ? beside.value : undefined
  const sidecar = beside && besideValue?.sidecar ? { name: beside.name, value: besideValue.sidecar } : null
  const at = record.ts ?? record.lastAttemptedAt ?? record.createdAt ?? sidecar?.value.lastAttemptAt ?? null
  const status = record.lastStatus ?? sidecar?.value.providerStatus ?? null
  return {
    opId: record.opId?.trim() ? record.opId : file.name.slice(0, -'.json'.length),
    file: file.name,
    path: file.path,
    stamp: `${file.stamp} ${beside?.stamp ?? ''}`,
    record,
    sidecar,
    status,
    message: besideValue?.message ?? file.value.message ?? record.code ?? null,
    body,
    at,
    atMs: toMs(at),
  }
}

const maxWords = 1000

function wordsOf({
  lastBody,
  message,
  lastStatus,
}: {
  readonly lastBody?: string | undefined
  readonly message?: string | undefined
  readonly lastStatus?: number | undefined
}): string | null {
  const body = lastBody?.trim()
  const told = body ? messageIn(parseJson(body)) : null
  if (told !== null) return told
  const answered = body ? (cutMessage(body) ?? plainWords(body)) : message
  if (answered) return scrubTokens(answered.slice(0, maxWords))
  return lastStatus === undefined ? null : `HTTP ${lastStatus} with an empty answer`
}

function messageIn(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || !('message' in value)) return null
  return typeof value.message === 'string' && value.message !== ''
    ? scrubTokens(value.message.slice(0, maxWords))
    : null
}

/** Answers are cut at 1 KiB, maybe in the middle of their JSON. */
function cutMessage(body: string): string | null {
  const found = /"message"\s*:\s*("(?:[^"\\]|\\.)*")/.exec(body)?.[1]
  const value = parseJson(found)
  return typeof value === 'string' && value !== '' ? value : null
}

/** A page of HTML says what it means in its title or its text. */
function plainWords(body: string): string {
  if (!/^\s*<(?:!doctype|html|\?xml|head|body)/i.test(body)) return body
  const title = /<title[^>]*>([^<]+)/i.exec(body)?.[1]?.trim()
  const words = body
    .replace(/<(script|style)[\s\S]*?(?:<\/\1>|$)/gi, ' ')
    .replace(/<[^>]*>?/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  return title || words || body
}

function parseJson(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}

/** ISO time to ms; null when there is none. */
export function toMs(at: string | null | undefined): number | null {
  const value = at ? Date.parse(at) : Number.NaN
  return Number.isNaN(value) ? null : value
}
