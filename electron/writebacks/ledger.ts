import { chmod, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { RundeskError } from '../../shared/outcome'
import { type ItemOutcome, itemOutcomes, type Operation } from '../../shared/writebacks'
import { createJournal } from '../files/journal'
import { lineText } from '../files/lineReader'
import { takeBack } from '../files/takeBack'

const movedSchema = z.object({ from: z.string(), to: z.string() })

const lineSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('begin'),
    version: z.literal(1),
    id: z.string(),
    act: z.enum(['retry', 'dismiss', 'restore']),
    at: z.string(),
    by: z.string(),
    reason: z.string().nullable(),
    items: z.array(z.object({ key: z.string(), path: z.string().nullable(), version: z.string() })),
  }),
  /** Written before the outbox record is touched: after a crash it is watched, never armed again. */
  z.object({ kind: z.literal('arming'), id: z.string(), key: z.string(), at: z.string(), commandFile: z.string() }),
  z.object({
    kind: z.literal('outcome'),
    id: z.string(),
    key: z.string(),
    at: z.string(),
    outcome: z.enum(itemOutcomes),
    detail: z.string(),
    moved: z.array(movedSchema).default([]),
  }),
  z.object({ kind: z.literal('end'), id: z.string(), at: z.string() }),
])
export type LedgerLine = z.input<typeof lineSchema>
type ReadLine = z.output<typeof lineSchema>

/** What the ledger of a mount knows of one item of an operation. */
interface LedgerItem {
  readonly key: string
  readonly path: string | null
  outcome: ItemOutcome | null
  detail: string
  outcomeAt: string | null
  commandFile: string | null
  armedAt: string | null
  moved: readonly { readonly from: string; readonly to: string }[]
}

export interface LedgerOperation {
  readonly id: string
  readonly act: Operation['act']
  readonly startedAt: string
  readonly by: string
  readonly reason: string | null
  endedAt: string | null
  readonly items: readonly LedgerItem[]
}

export interface Ledger {
  /** Takes in what other processes wrote. */
  readonly refresh: () => Promise<void>
  /** Appends and syncs. Throws `unreadable` when the disk refuses: then the act must not happen. */
  readonly write: (lines: readonly LedgerLine[]) => Promise<void>
  readonly operations: () => readonly LedgerOperation[]
  readonly operation: (id: string) => LedgerOperation | undefined
  /** When an act of ours on this path was last verified, in ms; null when never. */
  readonly verifiedMs: (path: string) => number | null
  /** The newest dismissal of an item that was not restored since. */
  readonly dismissal: (key: string) => LedgerItem | undefined
  readonly close: () => Promise<void>
}

/** The ledger of a mount's acts: `<mount>/.relay/rundesk/ledger.jsonl`, written ahead and synced (docs/formats-writebacks.md). */
export function createLedger(mountDir: string): Ledger {
  const folder = join(mountDir, '.relay', 'rundesk')
  const path = join(folder, 'ledger.jsonl')
  const operations = new Map<string, LedgerOperation>()

  const take = (line: ReadLine): void => {
    if (line.kind === 'begin') {
      const items = line.items.map(({ key, path: itemPath }) => ({
        key,
        path: itemPath,
        outcome: null,
        detail: '',
        outcomeAt: null,
        commandFile: null,
        armedAt: null,
        moved: [],
      }))
      operations.set(line.id, {
        id: line.id,
        act: line.act,
        startedAt: line.at,
        by: line.by,
        reason: line.reason,
        endedAt: null,
        items,
      })
      return
    }
    const operation = operations.get(line.id)
    if (!operation) return
    if (line.kind === 'end') {
      operation.endedAt = line.at
      return
    }
    const item = operation.items.find(({ key }) => key === line.key)
    if (!item) return
    if (line.kind === 'arming') {
      item.commandFile = line.commandFile
      item.armedAt = line.at
    } else {
      item.outcome = line.outcome
      item.detail = line.detail
      item.outcomeAt = line.at
      item.moved = [...item.moved, ...line.moved]
    }
  }

  const takeText = (text: string): void => {
    const parsed = parseLine(text)
    if (parsed) take(parsed)
  }
  const journal = createJournal({
    path,
    onLine: (line) => takeText(lineText(line)),
    onPlaced: (text) => takeText(text),
    onReset: () => operations.clear(),
  })

  return {
    refresh: () => journal.refresh(),
    write: async (lines) => {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const texts = lines.map((line) => JSON.stringify(line))
      const from = journal.position()?.offset ?? 0
      const { error } = await journal.append(texts, 'synced')
      if (error) {
        await takeBack(path, { lines: texts, from }) // What the person is told was not done must not go on later.
        await journal.refresh().catch(() => undefined)
        throw new RundeskError(
          'unreadable',
          `${path} cannot be written (${error.message}), so nothing is done that it could not tell of.`,
          { cause: error },
        )
      }
      await chmod(path, 0o600).catch(() => undefined)
      await journal.refresh()
    },
    close: journal.close,
    operations: () => [...operations.values()],
    operation: (id) => operations.get(id),
    verifiedMs: (itemPath) => {
      let newest: number | null = null
      for (const { items } of operations.values()) {
        for (const item of items) {
          if (item.path !== itemPath || item.outcome !== 'delivered') continue
          newest = Math.max(newest ?? 0, Date.parse(item.outcomeAt ?? ''))
        }
      }
      return newest
    },
    dismissal: (key) => {
      let found: LedgerItem | undefined
      for (const { act, items } of operations.values()) {
        for (const item of items) {
          if (item.key !== key) continue
          if (act === 'dismiss' && item.outcome === 'dismissed') found = item
          if (act === 'restore' && item.outcome === 'restored') found = undefined
        }
      }
      return found
    },
  }
}

function parseLine(text: string): ReadLine | undefined {
  try {
    return lineSchema.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}

/** An operation as the contract shows it. */
export function toOperation(operation: LedgerOperation): Operation {
  const { id, act, startedAt, endedAt, by, reason, items } = operation
  return {
    id,
    act,
    startedAt,
    endedAt,
    by,
    reason,
    items: items.map(({ key, path, outcome, detail }) => ({ key, path, outcome, detail })),
  }
}
