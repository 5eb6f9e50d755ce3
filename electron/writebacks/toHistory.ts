import { errorClassOf } from '../../shared/rules/errorClass'
import { scrubTokens } from '../../shared/rules/scrubTokens'
import type { HistoryRow, WritebackAttempt } from '../../shared/writebacks'
import { evidenceId } from './evidenceHistory'
import type { FoldedItem, OutboxFolder } from './foldItem'
import { itemKey } from './itemKey'
import type { SeenEvidence } from './mountStore'

const maxRawBytes = 64 * 1024

/** The rows that keep a piece of evidence: one for each path that it belongs to. */
export function toHistoryRows(
  evidence: SeenEvidence,
  {
    mount,
    seenAt,
    pathsOf,
  }: { readonly mount: string; readonly seenAt: string; readonly pathsOf: (file: string) => readonly string[] },
): readonly HistoryRow[] {
  if (evidence.kind === 'item') return itemHistoryRows(evidence.folded, seenAt)
  const { name: file } = evidence.file
  if (evidence.kind === 'dead-letter') {
    const { record, message, sidecar } = evidence.file.value ?? {}
    if (!record || sidecar) return []
    const opId = record.opId?.trim() ? record.opId : file.slice(0, -'.json'.length)
    const at = record.ts ?? record.lastAttemptedAt ?? record.createdAt ?? null
    const status = record.lastStatus ?? null
    const raw = scrubTokens(evidence.text.slice(0, maxRawBytes))
    const paths = pathsOf(file)
    return (paths.length > 0 ? paths : [null]).map((path) => ({
      id: evidenceId([mount, 'dead-letter', file, path, at, status]),
      seenAt,
      at,
      mount,
      key: itemKey(mount, path ?? `\0${file}`),
      path,
      kind: 'dead-letter',
      file,
      opId,
      status,
      message: message ?? null,
      raw,
    }))
  }
  const { value } = evidence.file
  if (!value?.lastError) return []
  const { remotePath: path, lastError, attemptCount, opId = null, lastAttemptAt, firstSeenAt } = value
  const at = lastAttemptAt ?? firstSeenAt ?? null
  return [
    {
      id: evidenceId([mount, evidence.kind, file, attemptCount, at, lastError]),
      seenAt,
      at,
      mount,
      key: itemKey(mount, path),
      path,
      kind: evidence.kind,
      file,
      opId,
      status: null,
      message: scrubTokens(lastError),
      raw: scrubTokens(JSON.stringify(value)).slice(0, maxRawBytes),
    },
  ]
}

/** Rows for what an item has beside records: versions that were put aside, refused writes and deletes. */
function itemHistoryRows({ item }: FoldedItem, seenAt: string): readonly HistoryRow[] {
  const row = (kind: HistoryRow['kind'], file: string, change: Partial<HistoryRow>): HistoryRow => ({
    id: evidenceId([item.mount, kind, file, item.path]),
    seenAt,
    at: null,
    mount: item.mount,
    key: item.key,
    path: item.path,
    kind,
    file,
    opId: null,
    status: null,
    message: item.message,
    raw: '',
    ...change,
  })
  const rows = item.conflictCopies.map((copy) => row('conflict-copy', copy, {}))
  if (item.kinds.includes('refused-delete')) rows.push(row('refused-delete', '', {}))
  if (item.denied) {
    const { at, kind, reason } = item.denied
    rows.push(
      row('denied', '', {
        id: evidenceId([item.mount, 'denied', item.path, kind, reason]),
        at,
        message: `${kind}: ${reason}`,
      }),
    )
  }
  return rows
}

/** Kept evidence as a try of its item. */
export function toEarlierAttempt({ at, kind, status, message, opId, file }: HistoryRow): WritebackAttempt[] {
  const kinds: readonly (HistoryRow['kind'] | OutboxFolder)[] = ['dead-letter', 'pending', 'failed']
  if (!kinds.includes(kind)) return []
  return [
    { at, source: 'history', outcome: 'failed', status, class: errorClassOf(status, message), message, opId, file },
  ]
}
