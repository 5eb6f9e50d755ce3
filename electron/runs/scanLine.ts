import type { FileLine } from '../files/lineReader'
import { readTimeMs } from './isoTime'
import {
  closeBrace,
  colon,
  comma,
  isAt,
  openBrace,
  plainStringEnd,
  quote,
  stringEnd,
  stringsEnd,
  valueEnd,
} from './jsonBytes'
import type { RunRow } from './rows'

/** The statuses of a step that are counted; their index is their code. Code 0 is every other status. */
export const stepStatuses = ['other', 'pending', 'running', 'completed', 'failed', 'skipped'] as const

/** What a line tells of its row. Places are indexes into the line's bytes; -1 means that the row has no such field. */
export interface ScannedLine {
  kind: 'run' | 'step'
  /** Behind the opening quotes of the ids; both have 24 characters. */
  idAt: number
  runIdAt: number
  /** Code of the status of a step. */
  status: number
  /** Newest `updatedAt`, -1 when it has none of the usual form. */
  updatedMs: number
  /** Of a run: behind the opening quotes of its texts, and their ends, by field. */
  readonly textAt: Int32Array
  readonly textEnd: Int32Array
}

/** The fields of a run that lists show; their index is their place in `textAt`. */
export const runTexts = ['workflowName', 'status', 'error', 'startedAt', 'completedAt', 'updatedAt'] as const

export function createScannedLine(): ScannedLine {
  const count = runTexts.length
  return {
    kind: 'run',
    idAt: -1,
    runIdAt: -1,
    status: 0,
    updatedMs: -1,
    textAt: new Int32Array(count),
    textEnd: new Int32Array(count),
  }
}

type Shape = 'text' | 'textOrNull' | 'texts' | 'number' | 'object' | 'any'
interface Field {
  readonly key: Buffer
  readonly shape: Shape
  readonly bit: number
  /** Its place among the texts that are noted, -1 for none. */
  readonly text: number
  readonly id: 'id' | 'runId' | undefined
  /** The field that followed this one in the line before. */
  next: Field
}

const textNames: readonly string[] = runTexts
const textOf = (key: string): number => textNames.indexOf(key)
const unknown: Omit<Field, 'next'> = { key: Buffer.from([0]), shape: 'any', bit: 0, text: -1, id: undefined }
/** Stands for all fields that Rundesk does not know. Its key is no JSON, so that it is found nowhere. */
const unknownField = withNext(unknown)
const runStart: Field = { ...unknown, next: unknownField }
const stepStart: Field = { ...unknown, next: unknownField }

function withNext(field: Omit<Field, 'next'> & { next?: Field }): Field {
  const made = field as Field
  made.next = made
  return made
}

const runHead = Buffer.from('{"kind":"run","row":{')
const stepHead = Buffer.from('{"kind":"step","row":{')
const nine = 0x39
const letterN = 0x6e
const idLength = 24
const shared = { id: 'text', status: 'text', error: 'text', startedAt: 'text', completedAt: 'text' } as const
const stamps = { createdAt: 'text', updatedAt: 'text', rundesk: 'object' } as const
const runFields = toFields({
  ...shared,
  ...stamps,
  workspaceId: 'text',
  workflowName: 'text',
  pattern: 'text',
  config: 'any',
})
const stepFields = toFields({
  ...shared,
  ...stamps,
  runId: 'text',
  stepName: 'text',
  agentName: 'textOrNull',
  stepType: 'text',
  task: 'text',
  dependsOn: 'texts',
  output: 'text',
  completionReason: 'text',
  retryCount: 'number',
})
const statusBytes = stepStatuses.map((name) => Buffer.from(`${name}"`))
const statusText = textOf('status')
const updatedText = textOf('updatedAt')

/** The row of a scanned run line, with the fields that lists show alone. */
export function scannedRow(bytes: Buffer, { idAt, textAt, textEnd }: ScannedLine): RunRow {
  const row: Record<string, string> & { id: string } = { id: bytes.toString('latin1', idAt, idAt + idLength) }
  for (const [index, name] of runTexts.entries()) {
    const at = textAt[index] ?? -1
    if (at === -1) continue
    const text = bytes.toString('utf8', at, textEnd[index])
    row[name] = text.includes('\\') ? (JSON.parse(`"${text}"`) as string) : text
  }
  return row
}

/** Fields by the length and the first character of their key. */
function toFields(shapes: Readonly<Record<string, Shape>>): readonly (readonly Field[])[] {
  const table: Field[][] = []
  for (const [index, [key, shape]] of Object.entries(shapes).entries()) {
    const id = key === 'id' || key === 'runId' ? key : undefined
    const field: Field = {
      key: Buffer.from(`"${key}":`),
      shape,
      bit: 1 << index,
      text: textOf(key),
      id,
      next: unknownField,
    }
    const slot = (key.length << 8) | key.charCodeAt(0)
    table[slot] = [...(table[slot] ?? []), field]
  }
  return table
}

/**
 * Reads off a line what lists need, and makes sure that the whole line is JSON of a row whose fields have the right
 * types, without making objects of it. Gives false, and says nothing, for every line that is not written as
 * `JSON.stringify` writes it: whether such a line is a row is for the parser to tell.
 */
export function scanLine({ bytes, start, end: lineEnd, cut }: FileLine, found: ScannedLine): boolean {
  if (cut) return false
  const isRun = isAt(bytes, start, runHead)
  if (!isRun && !isAt(bytes, start, stepHead)) return false
  found.kind = isRun ? 'run' : 'step'
  found.idAt = -1
  found.runIdAt = -1
  found.status = 0
  found.textAt.fill(-1)
  const fields = isRun ? runFields : stepFields
  let seen = 0
  let last = isRun ? runStart : stepStart
  for (let at = start + (isRun ? runHead.length : stepHead.length); ; at++) {
    // Writers keep the order of fields: the one that followed last time is tried first.
    const field = isAt(bytes, at, last.next.key) ? last.next : fieldAt(fields, bytes, at)
    if (field === undefined || (seen & field.bit) !== 0) return false
    seen |= field.bit
    const valueAt = field === unknownField ? plainStringEnd(bytes, at + 1) + 2 : at + field.key.length
    const end = fieldEnd(bytes, valueAt, field.shape)
    if (end === -1) return false
    if (field.text !== -1) {
      found.textAt[field.text] = valueAt + 1
      found.textEnd[field.text] = end - 1
    } else if (field.id !== undefined && end - valueAt - 2 === idLength) {
      if (field.id === 'id') found.idAt = valueAt + 1
      else found.runIdAt = valueAt + 1
    }
    if (field !== unknownField) {
      last.next = field
      last = field
    }
    at = end
    if (bytes[at] === comma) continue
    if (bytes[at] !== closeBrace || bytes[at + 1] !== closeBrace || at + 2 !== lineEnd) return false
    break
  }
  if (found.idAt === -1 || (!isRun && found.runIdAt === -1)) return false
  const updatedAt = found.textAt[updatedText] ?? -1
  found.updatedMs = updatedAt === -1 ? -1 : readTimeMs(bytes, updatedAt)
  if (updatedAt !== -1 && found.updatedMs === -1) return false
  if (!isRun) found.status = statusCode(bytes, found.textAt[statusText] ?? -1)
  return true
}

/** The field whose key begins at `at`; undefined when no plain key with a colon stands there. */
function fieldAt(fields: readonly (readonly Field[])[], bytes: Uint8Array, at: number): Field | undefined {
  if (bytes[at] !== quote) return undefined
  const keyEnd = plainStringEnd(bytes, at + 1)
  if (keyEnd === -1 || bytes[keyEnd + 1] !== colon) return undefined
  const candidates = fields[((keyEnd - at - 1) << 8) | (bytes[at + 1] ?? 0)]
  if (candidates) for (const field of candidates) if (isAt(bytes, at, field.key)) return field
  return unknownField
}

function fieldEnd(bytes: Uint8Array, at: number, shape: Shape): number {
  const first = bytes[at] ?? 0
  if (first === quote) {
    if (shape === 'texts' || shape === 'number' || shape === 'object') return -1
    const end = stringEnd(bytes, at + 1)
    return end === -1 ? -1 : end + 1
  }
  if (shape === 'text') return -1
  if (shape === 'texts') return stringsEnd(bytes, at)
  if (shape === 'object' && first !== openBrace) return -1
  if (shape === 'textOrNull' && first !== letterN) return -1
  if (shape === 'number' && first > nine) return -1
  return valueEnd(bytes, at)
}

function statusCode(bytes: Uint8Array, at: number): number {
  if (at === -1) return 0
  for (let code = 1; code < statusBytes.length; code++) {
    const status = statusBytes[code]
    if (status && isAt(bytes, at, status)) return code
  }
  return 0
}
