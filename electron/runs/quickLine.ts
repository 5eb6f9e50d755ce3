import type { FileLine } from '../files/lineReader'
import { type RunRow, toRow } from './rows'

/** The statuses of a step that are counted; their index is their code. Code 0 is every other status. */
export const stepStatuses = ['other', 'pending', 'running', 'completed', 'failed', 'skipped'] as const

const stepHead = Buffer.from('{"kind":"step","row":{"id":"')
const runHead = Buffer.from('{"kind":"run","row":{"id":"')
const runIdKey = Buffer.from('","runId":"')
const statusKey = Buffer.from('"status":"')
const updatedKey = Buffer.from('"updatedAt":"')
const configKey = Buffer.from('"config":{')
const afterConfig = Buffer.from('},"startedAt":"')
const [brace, closingBrace, quote] = [0x7b, 0x7d, 0x22]
const idLength = 24
const knownStatuses = stepStatuses.slice(1).map((name, index) => ({ code: index + 1, bytes: Buffer.from(`${name}"`) }))

/** What the beginning of a step line tells. `at` fields are indexes into the line's bytes. */
export interface QuickStep {
  idAt: number
  runIdAt: number
  status: number
  updatedMs: number
}

/**
 * Reads the ids, the status and the time of a step line without parsing it, in the shape in which every published writer
 * begins it. Gives false whenever the bytes leave any doubt: a key counts only before the first nested object, where it
 * can be no other than the row's. That the rest of the line is JSON is looked at later.
 */
export function readQuickStep({ bytes, start, end, cut }: FileLine, found: QuickStep): boolean {
  if (cut || !isAt(bytes, start, stepHead) || !endsRow(bytes, end)) return false
  found.idAt = start + stepHead.length
  if (!isAt(bytes, found.idAt + idLength, runIdKey)) return false
  found.runIdAt = found.idAt + idLength + runIdKey.length
  const afterIds = found.runIdAt + idLength
  if (bytes[afterIds] !== quote) return false
  const statusAt = bytes.indexOf(statusKey, afterIds)
  if (statusAt === -1 || statusAt >= end) return false
  const nestedAt = bytes.indexOf(brace, afterIds)
  if (nestedAt !== -1 && nestedAt < statusAt) return false
  const code = statusAtBytes(bytes, statusAt + statusKey.length)
  if (code === 0) return false
  found.status = code
  const updatedAt = bytes.indexOf(updatedKey, statusAt)
  if (updatedAt === -1 || updatedAt >= end) return false
  found.updatedMs = readTimeMs(bytes, updatedAt + updatedKey.length)
  return found.updatedMs >= 0
}

/**
 * The row of a run line without its configuration, which is most of the line. Undefined when the bytes leave any doubt.
 * Where the configuration ends cannot be mistaken: with any other end what is left would not be JSON.
 */
export function readQuickRun({ bytes, start, end, cut }: FileLine): RunRow | undefined {
  if (cut || !isAt(bytes, start, runHead) || !endsRow(bytes, end)) return undefined
  const config = bytes.indexOf(configKey, start)
  if (config === -1 || config >= end) return undefined
  const configEnd = bytes.indexOf(afterConfig, config)
  if (configEnd === -1 || configEnd >= end) return undefined
  const head = bytes.toString('utf8', start, config)
  const tail = bytes.toString('utf8', configEnd + 1, end)
  try {
    const value = JSON.parse(`${head}"config":null${tail}`) as { row?: unknown }
    const line = toRow('run', value.row)
    return typeof line === 'string' || line.kind !== 'run' ? undefined : line.row
  } catch {
    return undefined
  }
}

function isAt(bytes: Uint8Array, at: number, wanted: Uint8Array): boolean {
  for (let index = 0; index < wanted.length; index++) if (bytes[at + index] !== wanted[index]) return false
  return true
}

function endsRow(bytes: Uint8Array, end: number): boolean {
  return bytes[end - 1] === closingBrace && bytes[end - 2] === closingBrace
}

function statusAtBytes(bytes: Uint8Array, at: number): number {
  for (const status of knownStatuses) if (isAt(bytes, at, status.bytes)) return status.code
  return 0
}

/** A time of the form `2026-11-20T10:00:00.000Z"` in ms; -1 for any other form. */
function readTimeMs(bytes: Uint8Array, at: number): number {
  if (bytes[at + 10] !== 0x54 || bytes[at + 19] !== 0x2e || bytes[at + 23] !== 0x5a || bytes[at + 24] !== quote)
    return -1
  const year = number(bytes, at, 4)
  const month = number(bytes, at + 5, 2)
  const day = number(bytes, at + 8, 2)
  const ofDay =
    ((number(bytes, at + 11, 2) * 60 + number(bytes, at + 14, 2)) * 60 + number(bytes, at + 17, 2)) * 1000 +
    number(bytes, at + 20, 3)
  if (!(ofDay >= 0 && month >= 1 && month <= 12 && day >= 1 && year >= 1970)) return -1
  return daysSince1970(year, month, day) * 86_400_000 + ofDay
}

function number(bytes: Uint8Array, at: number, count: number): number {
  let value = 0
  for (let index = 0; index < count; index++) {
    const digit = (bytes[at + index] ?? 0) - 0x30
    if (digit < 0 || digit > 9) return Number.NaN
    value = value * 10 + digit
  }
  return value
}

/** Days of the proleptic Gregorian calendar, counted in eras of 400 years that begin in March. */
function daysSince1970(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year
  const era = Math.floor(shifted / 400)
  const yearOfEra = shifted - era * 400
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146_097 + dayOfEra - 719_468
}
