import type { AuditEntry } from '../../shared/operations'
import { toCsv } from '../../shared/rules/csv'
import { scrubTokens } from '../../shared/rules/scrubTokens'
import type { FoldedItem } from './foldItem'

export type ExportFormat = 'csv' | 'json'

/** A file for a person to save. */
export interface ExportedFile {
  readonly text: string
  readonly name: string
  /** There was more than fits. */
  readonly cut: boolean
}

const maxRows = 100_000

const itemColumns = [
  'key',
  'mount',
  'path',
  'state',
  'class',
  'lastStatus',
  'message',
  'attempts',
  'firstFailedAt',
  'lastFailedAt',
  'groupKey',
] as const
const auditColumns = [
  'at',
  'by',
  'act',
  'reason',
  'operationId',
  'mount',
  'key',
  'path',
  'way',
  'outcome',
  'detail',
] as const

/** Items as a table or a document: what is shown of them, without file contents and without anything like a token. */
export function exportItems(items: readonly FoldedItem[], format: ExportFormat): ExportedFile {
  const rows = items.map(({ item }) => item)
  return toFile(rows, { columns: itemColumns, format, title: 'writebacks' })
}

/** The audit as a table or a document. */
export function exportAudit(entries: readonly AuditEntry[], format: ExportFormat): ExportedFile {
  return toFile(entries, { columns: auditColumns, format, title: 'audit' })
}

function toFile<K extends string, T extends { readonly [P in K]: string | number | null }>(
  all: readonly T[],
  { columns, format, title }: { readonly columns: readonly K[]; readonly format: ExportFormat; readonly title: string },
): ExportedFile {
  const rows = all.slice(0, maxRows)
  const text =
    format === 'csv'
      ? toCsv([columns, ...rows.map((row) => columns.map((column) => row[column]))])
      : `${JSON.stringify(rows, null, 2)}\n`
  const day = new Date().toISOString().slice(0, 10)
  return { text: scrubTokens(text), name: `rundesk-${title}-${day}.${format}`, cut: all.length > maxRows }
}
