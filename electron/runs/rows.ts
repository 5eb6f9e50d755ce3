import { randomBytes } from 'node:crypto'

/** The owning fields of a run line (docs/formats.md). Fields of other writers are kept on every rewrite. */
export interface RunRow {
  readonly id: string
  readonly workspaceId?: string | undefined
  readonly workflowName?: string | undefined
  readonly pattern?: string | undefined
  readonly status?: string | undefined
  readonly config?: unknown
  readonly startedAt?: string | undefined
  readonly completedAt?: string | undefined
  readonly error?: string | undefined
  readonly createdAt?: string | undefined
  readonly updatedAt?: string | undefined
  readonly rundesk?: Readonly<Record<string, unknown>> | undefined
  readonly [other: string]: unknown
}

/** The owning fields of a step line. */
export interface StepRow {
  readonly id: string
  readonly runId: string
  readonly stepName?: string | undefined
  readonly agentName?: string | null | undefined
  readonly stepType?: string | undefined
  readonly status?: string | undefined
  readonly task?: string | undefined
  readonly dependsOn?: readonly string[] | undefined
  readonly output?: string | undefined
  readonly error?: string | undefined
  readonly completionReason?: string | undefined
  readonly startedAt?: string | undefined
  readonly completedAt?: string | undefined
  readonly retryCount?: number | undefined
  readonly createdAt?: string | undefined
  readonly updatedAt?: string | undefined
  readonly rundesk?: Readonly<Record<string, unknown>> | undefined
  readonly [other: string]: unknown
}

/** One line of the run store. */
export type StoreLine =
  | { readonly kind: 'run'; readonly row: RunRow }
  | { readonly kind: 'step'; readonly row: StepRow }

/** Which row a line is about. */
export interface RowKey {
  readonly kind: StoreLine['kind']
  readonly id: string
  readonly runId: string
}

/** The run that a line belongs to. */
export function runIdOf(line: StoreLine): string {
  return line.kind === 'run' ? line.row.id : line.row.runId
}

type Check = (value: unknown) => boolean
const isText: Check = (value) => typeof value === 'string'
const isTextOrNull: Check = (value) => value === null || typeof value === 'string'
const isNumber: Check = (value) => typeof value === 'number'
const isTexts: Check = (value) => Array.isArray(value) && value.every(isText)
const isObject: Check = (value) => typeof value === 'object' && value !== null && !Array.isArray(value)

const runFields: readonly (readonly [string, Check])[] = [
  ['workspaceId', isText],
  ['workflowName', isText],
  ['pattern', isText],
  ['status', isText],
  ['startedAt', isText],
  ['completedAt', isText],
  ['error', isText],
  ['createdAt', isText],
  ['updatedAt', isText],
  ['rundesk', isObject],
]
const stepFields: readonly (readonly [string, Check])[] = [
  ['stepName', isText],
  ['agentName', isTextOrNull],
  ['stepType', isText],
  ['status', isText],
  ['task', isText],
  ['dependsOn', isTexts],
  ['output', isText],
  ['error', isText],
  ['completionReason', isText],
  ['startedAt', isText],
  ['completedAt', isText],
  ['retryCount', isNumber],
  ['createdAt', isText],
  ['updatedAt', isText],
  ['rundesk', isObject],
]

/**
 * The value as a row; a field of a wrong type is left out, so that it does not hide the row. Without the ids there is
 * none: the name of the missing one is given. Written by hand and not as a schema, because it looks at every line of
 * stores of a million lines.
 */
export function toRow(kind: StoreLine['kind'], value: unknown): StoreLine | 'row' | 'id' | 'runId' {
  if (!isObject(value)) return 'row'
  const row = value as Record<string, unknown>
  if (!isText(row.id) || row.id === '') return 'id'
  if (kind === 'step' && !isText(row.runId)) return 'runId'
  let odd: string[] | undefined
  for (const [field, isRight] of kind === 'run' ? runFields : stepFields) {
    const found = row[field]
    if (found !== undefined && !isRight(found)) {
      odd ??= []
      odd.push(field)
    }
  }
  const kept = odd ? Object.fromEntries(Object.entries(row).filter(([field]) => !odd.includes(field))) : row
  return { kind, row: kept } as StoreLine
}

const idBytes = 12
/** Random bytes for the next ids: to ask for them takes longer than what is asked for. */
let random = Buffer.alloc(0)

/** A run or step id as the published packages make them: 24 hex digits. */
export function createId(): string {
  if (random.length === 0) random = randomBytes(100 * idBytes)
  const id = random.toString('hex', 0, idBytes)
  random = random.subarray(idBytes)
  return id
}
