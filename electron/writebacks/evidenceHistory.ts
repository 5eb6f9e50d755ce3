import { hash } from 'node:crypto'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { toFailure } from '../../shared/outcome'
import { searchWords } from '../../shared/rules/searchWords'
import { type HistoryRow, historyRowSchema } from '../../shared/writebacks'
import { writeFileAtomic } from '../files/atomicWrite'
import { createBreath } from '../files/breath'
import { withFileLock } from '../files/fileLock'
import { createJournal, type LinePlace } from '../files/journal'
import { type FileLine, lineText } from '../files/lineReader'
import { makePrivateFolder, narrow } from '../files/privateFolder'

/** What other tools recorded as a status may be any number. */
const rowSchema = historyRowSchema.extend({ status: z.number().nullable() })

/** What is kept in memory of a row: enough to find it, and to know whether it is still on disk. */
interface Known {
  readonly id: string
  readonly seenMs: number
  readonly mount: string
  readonly key: string
  readonly kind: HistoryRow['kind']
  readonly file: string
  readonly path: string | null
  readonly place: LinePlace
}

/** Where a row's evidence lay, as far as it must be known to tell whether it is still there. */
export type KeptPlace = Pick<HistoryRow, 'id' | 'mount' | 'kind' | 'file' | 'path'>

/**
 * Rundesk's own copies of evidence: nothing disappears when another tool prunes it. Kept in the data folder, with hashes
 * instead of contents of files.
 */
export interface EvidenceHistory {
  /** Keeps what was not kept yet, soon. Never throws: problems with the disk are told by `trouble`. */
  readonly keep: (rows: readonly HistoryRow[]) => Promise<void>
  readonly query: (question: {
    readonly mounts: ReadonlySet<string> | null
    readonly search: string
    readonly offset: number
    readonly limit: number
    /** Rows of which this is true are not given. */
    readonly isOnDisk: (place: KeptPlace) => boolean
  }) => Promise<{ readonly rows: HistoryRow[]; readonly total: number }>
  readonly ofItem: (key: string) => Promise<readonly HistoryRow[]>
  /** Why the history could last not be written; null when all is well. */
  readonly trouble: () => { readonly path: string; readonly message: string } | null
  /** Waits until everything is written. */
  readonly close: () => Promise<void>
}

/** So long evidence is kept after it was first seen, in ms. */
const retentionMs = 90 * 24 * 3_600_000
/** A larger file is written anew without its older half. */
const maxBytes = 256 * 1024 * 1024
const looksAt = 200

export function createEvidenceHistory(dataDir: string, nowMs: () => number = Date.now): EvidenceHistory {
  const path = join(dataDir, 'history', 'evidence.jsonl')
  const lockPath = `${path}.lock`
  const known = new Map<string, Known>()
  let bytes = 0
  let work: Promise<void> = Promise.resolve()
  let opened = false
  let trouble: string | null = null

  /** Own rows that were not taken in yet, by their lines. */
  const awaited = new Map<string, HistoryRow>()

  const take = (text: string, place: LinePlace): void => {
    bytes = place.offset + place.length + 1
    const row = awaited.get(text) ?? parseRow(text)
    awaited.delete(text)
    if (!row || known.has(row.id)) return
    known.set(row.id, toKnown(row, place))
  }
  const journal = createJournal({
    path,
    mode: 0o600,
    onLine: (line: FileLine) => take(lineText(line), line),
    onPlaced: take,
    onReset: () => known.clear(),
  })

  const enqueue = (action: () => Promise<void>): Promise<void> => {
    work = work.then(action).then(
      () => {
        trouble = null
      },
      (error: unknown) => {
        trouble = toFailure(error).message
      },
    )
    return work
  }
  const open = async (): Promise<void> => {
    await journal.refresh()
    if (opened) return
    opened = true
    const limitMs = nowMs() - retentionMs
    if (bytes > maxBytes || [...known.values()].some(({ seenMs }) => seenMs < limitMs)) await prune(limitMs)
  }
  const write = async (rows: readonly HistoryRow[]): Promise<void> => {
    await makePrivateFolder(dirname(path))
    await narrow(path)
    await open()
    await withFileLock(lockPath, async () => {
      await journal.refresh()
      const fresh = new Map(rows.flatMap((row) => (known.has(row.id) ? [] : [[row.id, row] as const])))
      if (fresh.size === 0) return
      for (const row of fresh.values()) awaited.set(JSON.stringify(row), row)
      try {
        const { error } = await journal.append([...awaited.keys()], 'written')
        if (error) throw error
        await journal.refresh()
      } finally {
        awaited.clear()
      }
    })
  }
  /** Writes the file anew without what is too old, and without the older half of one that is too long. */
  const prune = (limitMs: number): Promise<void> =>
    withFileLock(lockPath, async () => {
      await journal.refresh()
      const breathe = createBreath(looksAt)
      const kept: string[] = []
      let room = maxBytes / 2
      for (const one of [...known.values()].sort((left, right) => right.seenMs - left.seenMs)) {
        const pause = breathe()
        if (pause) await pause
        room -= one.place.length + 1
        if (one.seenMs < limitMs || (bytes > maxBytes && room < 0)) continue
        kept.push((await journal.readBytes(one.place)).toString('utf8'))
      }
      await writeFileAtomic(
        path,
        kept
          .reverse()
          .map((line) => `${line}\n`)
          .join(''),
        { forUserAlone: true },
      )
      await journal.refresh()
    })

  const rowAt = async ({ place, id }: Known): Promise<HistoryRow[]> => {
    const row = parseRow((await journal.readBytes(place)).toString('utf8'))
    return row?.id === id ? [row] : []
  }
  const holds = async (one: Known, words: readonly string[]): Promise<boolean> => {
    const text = (await journal.readBytes(one.place)).toString('utf8').toLowerCase()
    return words.every((word) => text.includes(word))
  }
  const opening = (): Promise<void> => enqueue(open)

  return {
    keep: (rows) => {
      const fresh = rows.filter(({ id }) => !known.has(id))
      return fresh.length === 0 ? Promise.resolve() : enqueue(() => write(fresh))
    },
    query: async ({ mounts, search, offset, limit, isOnDisk }) => {
      await opening()
      const breathe = createBreath()
      const words = searchWords(search)
      const found: Known[] = []
      for (const one of known.values()) {
        const pause = breathe()
        if (pause) await pause
        if (mounts && !mounts.has(one.mount)) continue
        if (!isOnDisk(one) && (words.length === 0 || (await holds(one, words)))) found.push(one)
      }
      found.sort((left, right) => right.seenMs - left.seenMs)
      const rows: HistoryRow[] = []
      for (const one of found.slice(offset, offset + limit)) rows.push(...(await rowAt(one)))
      return { rows, total: found.length }
    },
    ofItem: async (key) => {
      await opening()
      const rows: HistoryRow[] = []
      for (const one of known.values()) if (one.key === key) rows.push(...(await rowAt(one)))
      return rows
    },
    trouble: () => (trouble === null ? null : { path, message: trouble }),
    close: async () => {
      await work
      await journal.close()
    },
  }
}

/** The id of a piece of evidence: the same for every process that sees it. */
export function evidenceId(parts: readonly (string | number | null)[]): string {
  return hash('sha256', JSON.stringify(parts), 'hex').slice(0, 24)
}

function toKnown({ id, mount, key, kind, file, path, seenAt }: HistoryRow, place: LinePlace): Known {
  const { offset, length, number } = place
  return { id, mount, key, kind, file, path, seenMs: Date.parse(seenAt) || 0, place: { offset, length, number } }
}

function parseRow(text: string): HistoryRow | undefined {
  try {
    return rowSchema.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}
