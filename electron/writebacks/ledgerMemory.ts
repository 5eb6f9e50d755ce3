import {
  type BulkPlan,
  type DeliveryWay,
  type ItemOutcome,
  itemOutcomes,
  type OperationAct,
} from '../../shared/operations'
import type { LedgerClaim, MovedFile, ReadLedgerLine } from './ledgerLines'

/** What the ledger of a mount knows of one item of an operation. */
export interface LedgerItem {
  readonly key: string
  readonly path: string | null
  readonly version: string
  readonly claim: LedgerClaim | null
  readonly outcome: ItemOutcome | null
  readonly detail: string
  readonly outcomeAt: string | null
  readonly opId: string | null
  readonly moved: readonly MovedFile[]
}

export interface LedgerOperation {
  readonly id: string
  readonly act: OperationAct
  readonly startedAt: string
  readonly by: string
  readonly reason: string | null
  readonly plan: BulkPlan | null
  readonly waitSeconds: number
  readonly undoes: string | null
  readonly endedAt: string | null
  readonly stopped: string | null
  readonly want: 'pause' | 'resume' | 'abort' | null
  /** Why it is to pause or abort. */
  readonly why: string | null
  /** False while lines of its beginning are missing: nothing was done then. */
  readonly begun: boolean
  /** In the order in which they were chosen. */
  readonly items: readonly LedgerItem[]
  readonly item: (key: string) => LedgerItem | undefined
  readonly counts: Readonly<Record<ItemOutcome, number>>
  /** Items that have an outcome. */
  readonly done: number
}

type Changing<T> = { -readonly [K in keyof T]: T[K] }
interface Known extends Changing<Omit<LedgerOperation, 'items' | 'counts' | 'item'>> {
  readonly items: Changing<LedgerItem>[]
  readonly byKey: Map<string, Changing<LedgerItem>>
  readonly item: LedgerOperation['item']
  readonly counts: Record<ItemOutcome, number>
  total: number
}

/** The operations of a ledger, folded line by line; every look-up takes the same time however many there are. */
export interface LedgerMemory {
  readonly take: (line: ReadLedgerLine) => void
  readonly clear: () => void
  readonly operations: () => readonly LedgerOperation[]
  readonly operation: (id: string) => LedgerOperation | undefined
  readonly open: () => readonly LedgerOperation[]
  /** When an act of ours on this path was last verified, in ms; null when never. */
  readonly verifiedMs: (path: string) => number | null
  /** When paths were last verified, in ms, those since then; another map only when it changed. */
  readonly verifiedSince: (sinceMs: number) => ReadonlyMap<string, number>
  /** The operation and the item by which a path was last delivered. */
  readonly delivery: (path: string) => { readonly id: string; readonly key: string } | undefined
  /** The newest dismissal of an item that was not restored since, also one that failed with files left in the trash. */
  readonly dismissal: (key: string) => LedgerItem | undefined
  /** The operation that an item belongs to and that has not ended. */
  readonly claimedBy: (key: string) => LedgerOperation | undefined
}

export function createLedgerMemory(): LedgerMemory {
  const operations = new Map<string, Known>()
  const open = new Map<string, Known>()
  const verified = new Map<string, { readonly ms: number; readonly id: string; readonly key: string }>()
  const dismissals = new Map<string, LedgerItem>()
  let verifiedChanged = false
  let recent: ReadonlyMap<string, number> = new Map()
  let oldestRecentMs = Number.POSITIVE_INFINITY
  /** The open operation that an item belongs to. */
  const claims = new Map<string, Known>()

  const add = (operation: Known, chosen: readonly { key: string; path: string | null; version: string }[]): void => {
    for (const { key, path, version } of chosen) {
      if (operation.byKey.has(key)) continue
      const item = {
        key,
        path,
        version,
        claim: null,
        outcome: null,
        detail: '',
        outcomeAt: null,
        opId: null,
        moved: [],
      }
      operation.items.push(item)
      operation.byKey.set(key, item)
      claims.set(key, operation)
    }
    operation.begun = operation.items.length >= operation.total
  }

  const begin = (line: Extract<ReadLedgerLine, { kind: 'begin' }>): void => {
    const byKey: Known['byKey'] = new Map()
    const operation: Known = {
      id: line.id,
      act: line.act,
      startedAt: line.at,
      by: line.by,
      reason: line.reason,
      plan: line.plan ?? null,
      waitSeconds: line.waitSeconds ?? 60,
      undoes: line.undoes ?? null,
      endedAt: null,
      stopped: null,
      want: null,
      why: null,
      begun: false,
      items: [],
      byKey,
      item: (key) => byKey.get(key),
      counts: noOutcomes(),
      done: 0,
      total: Math.min(line.total ?? 0, 10_000_000),
    }
    operations.set(line.id, operation)
    open.set(line.id, operation)
    add(operation, line.items)
  }

  const release = (operation: Known, key: string): void => {
    if (claims.get(key) === operation) claims.delete(key)
  }

  const settle = (
    operation: Known,
    item: Changing<LedgerItem>,
    line: Extract<ReadLedgerLine, { kind: 'outcome' }>,
  ): void => {
    if (item.outcome === null) operation.done++
    else operation.counts[item.outcome]--
    operation.counts[line.outcome]++
    item.outcome = line.outcome
    item.detail = line.detail
    item.outcomeAt = line.at
    item.opId = line.opId ?? item.opId
    if (line.moved.length > 0) item.moved = [...item.moved, ...line.moved]
    if (line.outcome !== 'sent') release(operation, item.key)
    if (line.outcome === 'delivered' && item.path !== null) {
      verifiedChanged = true
      verified.set(item.path, { ms: Date.parse(line.at) || 0, id: operation.id, key: item.key })
    }
    const isInTrash = line.outcome === 'dismissed' || (operation.act === 'dismiss' && line.moved.length > 0)
    if (isInTrash) dismissals.set(item.key, { ...item })
    if (line.outcome === 'restored') dismissals.delete(item.key)
  }

  return {
    take: (line) => {
      if (line.kind === 'begin') return begin(line)
      const operation = operations.get(line.id)
      if (!operation) return
      if (line.kind === 'items') return add(operation, line.items)
      if (line.kind === 'end') {
        operation.endedAt = line.at
        operation.stopped = line.stopped
        open.delete(operation.id)
        for (const { key } of operation.items) release(operation, key)
        return
      }
      if (line.kind === 'control') {
        operation.want = line.want
        operation.why = line.why
        return
      }
      if (line.kind === 'rest') {
        for (const item of operation.items)
          if (item.outcome === null) settle(operation, item, { ...line, kind: 'outcome', key: item.key, moved: [] })
        return
      }
      const item = operation.byKey.get(line.key)
      if (!item) return
      if (line.kind === 'outcome') settle(operation, item, line)
      else item.claim = line
    },
    clear: () => {
      for (const map of [operations, open, verified, dismissals, claims]) map.clear()
      verifiedChanged = true
    },
    operations: () => [...operations.values()],
    operation: (id) => operations.get(id),
    open: () => [...open.values()],
    verifiedMs: (path) => verified.get(path)?.ms ?? null,
    verifiedSince: (sinceMs) => {
      const isOld = (): boolean => oldestRecentMs < sinceMs
      if (!verifiedChanged && !isOld()) return recent
      verifiedChanged = false
      const next = new Map<string, number>()
      oldestRecentMs = Number.POSITIVE_INFINITY
      for (const [path, { ms }] of verified) {
        if (ms < sinceMs) continue
        next.set(path, ms)
        oldestRecentMs = Math.min(oldestRecentMs, ms)
      }
      recent = next
      return recent
    },
    delivery: (path) => verified.get(path),
    dismissal: (key) => dismissals.get(key),
    claimedBy: (key) => {
      const operation = claims.get(key)
      return operation?.begun ? operation : undefined
    },
  }
}

/** The way that a claim began. */
export function wayOf(claim: LedgerClaim | null): DeliveryWay | null {
  switch (claim?.kind) {
    case 'arming':
      return 're-arm'
    case 'sending':
      return 'direct'
    case 'replaying':
      return 'replay'
    default:
      return null
  }
}

export function noOutcomes(): Record<ItemOutcome, number> {
  return Object.fromEntries(itemOutcomes.map((outcome) => [outcome, 0])) as Record<ItemOutcome, number>
}
