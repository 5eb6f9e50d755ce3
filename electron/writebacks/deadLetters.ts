import { type CachedFile, createFolderCache } from './fileCache'
import { type DeadLetterRecord, deadLetterSchema, type Sidecar, sidecarSchema } from './recordSchemas'

/** One dead letter: its record and, where there is one, its sidecar. */
export interface DeadLetter {
  readonly opId: string
  readonly file: string
  readonly path: string
  readonly stamp: string
  readonly record: DeadLetterRecord
  readonly sidecar: { readonly name: string; readonly value: Sidecar } | null
  readonly raw: string
  /** Newest time that the record tells, as it stands there. */
  readonly at: string | null
  readonly atMs: number | null
}

/** A file in the dead-letter folder that cannot be read as a record. */
export interface UnreadableRecord {
  readonly file: string
  readonly path: string
  readonly stamp: string
  readonly reason: string
}

export interface DeadLetters {
  readonly letters: readonly DeadLetter[]
  readonly unreadable: readonly UnreadableRecord[]
  readonly damagedSidecars: readonly UnreadableRecord[]
  /** Records whose `opId` is not their file's name. */
  readonly misnamed: readonly DeadLetter[]
  readonly folderError: string | null
}

interface Parsed {
  readonly raw: string
  readonly record: DeadLetterRecord
  readonly sidecar: Sidecar
}

/** Reads the dead-letter folder of a mount, each file for itself and again only when it changed. */
export function createDeadLetterReader(folder: string): () => Promise<DeadLetters> {
  const cache = createFolderCache<Parsed>(folder, (raw) => {
    const value: unknown = JSON.parse(raw)
    return { raw, record: deadLetterSchema.parse(value), sidecar: sidecarSchema.parse(value) }
  })
  return async () => {
    const { files, error } = await cache.read()
    const byName = new Map(files.map((file) => [file.name, file]))
    const records = files.filter((file) => !isSidecar(file))
    const letters = records.flatMap((file) => toLetter(file, byName) ?? [])
    return {
      letters,
      unreadable: records.flatMap((file) => toUnreadable(file)),
      damagedSidecars: files.filter(isSidecar).flatMap((file) => toUnreadable(file)),
      misnamed: letters.filter(({ record, file }) => record.opId?.trim() && `${record.opId}.json` !== file),
      folderError: error,
    }
  }
}

/** `<opId>.error.json` is a sidecar, unless it has what only a record has: an id may end in `.error`. */
function isSidecar(file: CachedFile<Parsed>): boolean {
  if (!file.name.endsWith('.error.json')) return false
  const { record } = file.value ?? {}
  return record === undefined || (record.lastStatus === undefined && record.ts === undefined)
}

function toLetter(file: CachedFile<Parsed>, byName: ReadonlyMap<string, CachedFile<Parsed>>): DeadLetter | undefined {
  if (!file.value) return undefined
  const { record, raw } = file.value
  const base = file.name.slice(0, -'.json'.length)
  const beside = byName.get(`${base}.error.json`)
  const sidecar = beside?.value && isSidecar(beside) ? { name: beside.name, value: beside.value.sidecar } : null
  const at = record.ts ?? record.lastAttemptedAt ?? record.createdAt ?? sidecar?.value.lastAttemptAt ?? null
  return {
    opId: record.opId?.trim() ? record.opId : base,
    file: file.name,
    path: file.path,
    stamp: `${file.stamp} ${beside?.stamp ?? ''}`,
    record,
    sidecar,
    raw,
    at,
    atMs: toMs(at),
  }
}

function toUnreadable(file: CachedFile<Parsed>): UnreadableRecord[] {
  if (file.error === null) return []
  return [{ file: file.name, path: file.path, stamp: file.stamp, reason: file.error }]
}

/** ISO time to ms; null when there is none. */
export function toMs(at: string | null | undefined): number | null {
  const value = at ? Date.parse(at) : Number.NaN
  return Number.isNaN(value) ? null : value
}
