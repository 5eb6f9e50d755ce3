import { z } from 'zod'
import type { RunSort } from '../../shared/runList'
import { columnsTexts } from '../texts/en/columns'

export const columnIds = [
  'status',
  'workflow',
  'workspace',
  'id',
  'started',
  'ended',
  'steps',
  'duration',
  'error',
] as const
export type ColumnId = (typeof columnIds)[number]

/** A column as a person wants it. `width` in px; null: as it comes. */
export interface ColumnChoice {
  readonly id: ColumnId
  readonly shown: boolean
  readonly width: number | null
}

interface ColumnFacts {
  readonly word: string
  readonly sort: RunSort['by'] | null
  /** The least width in px, the width that it takes where there is room, and its share of what is left over. */
  readonly leastPx: number
  readonly fullPx?: number
  readonly share: number
  /** The higher, the later it goes when there is no room. */
  readonly worth: number
}

export const columnFacts: Readonly<Record<ColumnId, ColumnFacts>> = {
  status: { word: columnsTexts.status, sort: 'status', leastPx: 112, fullPx: 172, share: 0, worth: 9 },
  workflow: { word: columnsTexts.workflow, sort: 'workflow', leastPx: 110, share: 1, worth: 10 },
  workspace: { word: columnsTexts.workspace, sort: null, leastPx: 100, share: 0.4, worth: 1 },
  id: { word: columnsTexts.id, sort: null, leastPx: 76, share: 0, worth: 3 },
  started: { word: columnsTexts.started, sort: 'started', leastPx: 88, share: 0, worth: 8 },
  ended: { word: columnsTexts.ended, sort: null, leastPx: 88, share: 0, worth: 2 },
  steps: { word: columnsTexts.steps, sort: 'steps', leastPx: 116, share: 0, worth: 5 },
  duration: { word: columnsTexts.duration, sort: 'duration', leastPx: 84, share: 0, worth: 6 },
  error: { word: columnsTexts.whatHappened, sort: null, leastPx: 140, share: 1.6, worth: 7 },
}

export const [leastWidth, mostWidth, widthStep] = [48, 900, 16]
const gap = 8

export const initialColumns: readonly ColumnChoice[] = columnIds.map((id) => ({
  id,
  shown: id !== 'workspace' && id !== 'ended',
  width: null,
}))

const savedSchema = z.array(
  z.object({
    id: z.enum(columnIds),
    shown: z.boolean(),
    width: z.number().min(leastWidth).max(mostWidth).nullable(),
  }),
)

/** The columns as they were left; what cannot be read is as at first, and a column that came since stands at its place. */
export function parseColumns(text: string | null): readonly ColumnChoice[] {
  let value: unknown
  try {
    value = JSON.parse(text ?? '')
  } catch {
    return initialColumns
  }
  const parsed = savedSchema.safeParse(value)
  if (!parsed.success) return initialColumns
  const seen = new Set<ColumnId>()
  const saved = parsed.data.filter(({ id }) => !seen.has(id) && seen.add(id))
  return [...saved, ...initialColumns.filter(({ id }) => !seen.has(id))]
}

/** The columns that are shown where there are so many px: those worth least go first, the name of the workflow never. */
export function fittingColumns(columns: readonly ColumnChoice[], availablePx: number): readonly ColumnChoice[] {
  let kept = columns.filter(({ shown }) => shown)
  const needed = (): number => kept.reduce((sum, { id, width }) => sum + (width ?? columnFacts[id].leastPx) + gap, -gap)
  while (kept.length > 1 && needed() > availablePx) {
    const least = kept.reduce((one, other) => (columnFacts[other.id].worth < columnFacts[one.id].worth ? other : one))
    kept = kept.filter((column) => column !== least)
  }
  return kept
}

/** The columns as CSS tracks. */
export function gridTracks(columns: readonly ColumnChoice[]): string {
  const flexible = columns.some(({ id, width }) => width === null && columnFacts[id].share > 0)
  const tracks = columns.map(({ id, width }) => {
    const { leastPx, fullPx = leastPx, share } = columnFacts[id]
    if (width !== null) return `${width}px`
    if (share > 0) return `minmax(${leastPx}px, ${share}fr)`
    return fullPx === leastPx ? `${leastPx}px` : `minmax(${leastPx}px, ${fullPx}px)`
  })
  return [...tracks, ...(flexible ? [] : ['minmax(0, 1fr)'])].join(' ')
}

/** The columns with one changed. */
export function changedColumn(
  columns: readonly ColumnChoice[],
  id: ColumnId,
  change: Partial<Omit<ColumnChoice, 'id'>>,
): readonly ColumnChoice[] {
  return columns.map((column) => (column.id === id ? { ...column, ...change } : column))
}

/** A place beside a column, which is named by its id. */
export interface ColumnPlace {
  readonly beside: string
  readonly after: boolean
}

/** The columns with one at that place; as they are, where it is beside itself or beside none. */
export function placedColumn(
  columns: readonly ColumnChoice[],
  id: ColumnId,
  { beside, after }: ColumnPlace,
): readonly ColumnChoice[] {
  const column = columns.find((one) => one.id === id)
  const others = columns.filter((one) => one.id !== id)
  const at = others.findIndex((one) => one.id === beside)
  if (!column || at === -1) return columns
  const to = after ? at + 1 : at
  return [...others.slice(0, to), column, ...others.slice(to)]
}

/** The columns with one moved by so many places. */
export function movedColumn(columns: readonly ColumnChoice[], id: ColumnId, by: number): readonly ColumnChoice[] {
  const from = columns.findIndex((column) => column.id === id)
  const column = columns[from]
  if (!column) return columns
  const others = columns.filter((other) => other !== column)
  const to = Math.max(0, Math.min(others.length, from + by))
  return [...others.slice(0, to), column, ...others.slice(to)]
}
