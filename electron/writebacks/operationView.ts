import {
  type ItemOutcome,
  itemOutcomes,
  type Operation,
  type OperationItem,
  type OperationState,
} from '../../shared/operations'
import { type LedgerItem, type LedgerOperation, noOutcomes, wayOf } from './ledgerMemory'
import type { OperationRun } from './operationRun'

/** The part of an operation that the ledger of one mount holds. */
export interface OperationPart {
  readonly mount: string
  readonly operation: LedgerOperation
  /** Does a living process run it? */
  readonly running: boolean
}

/** An operation over all mounts it acts on. There must be at least one part. */
export function toOperation(
  parts: readonly [OperationPart, ...OperationPart[]],
  run: OperationRun | undefined,
): Operation {
  const [{ operation: first }] = parts
  const operations = parts.map(({ operation }) => operation)
  const counts = noOutcomes()
  for (const operation of operations) for (const outcome of itemOutcomes) counts[outcome] += operation.counts[outcome]
  const state = stateOf(parts)
  return {
    id: first.id,
    act: first.act,
    state,
    stage: run?.stage() ?? null,
    startedAt: first.startedAt,
    endedAt: state === 'ended' ? latest(operations.map(({ endedAt }) => endedAt)) : null,
    by: first.by,
    reason: first.reason,
    plan: first.plan === null ? null : { ...first.plan },
    undoes: first.undoes,
    total: operations.reduce((sum, { items }) => sum + items.length, 0),
    done: operations.reduce((sum, { done }) => sum + done, 0),
    counts,
    remainingMs: run?.remainingMs() ?? null,
    stopped: operations.find(({ stopped }) => stopped !== null)?.stopped ?? pausedWhy(operations),
    undo: undoOf(first, counts),
    mounts: parts.map(({ mount }) => mount),
  }
}

function stateOf(parts: readonly OperationPart[]): OperationState {
  const open = parts.filter(({ operation }) => operation.endedAt === null)
  if (open.length === 0) return 'ended'
  if (open.every(({ operation }) => operation.done === operation.items.length)) return 'following'
  if (open.some(({ running }) => running))
    return open.some(({ operation }) => operation.want === 'pause') ? 'paused' : 'running'
  return 'interrupted'
}

function pausedWhy(operations: readonly LedgerOperation[]): string | null {
  return operations.find(({ want }) => want === 'pause' || want === 'abort')?.why ?? null
}

function undoOf({ act }: LedgerOperation, counts: Readonly<Record<ItemOutcome, number>>): Operation['undo'] {
  if (act !== 'dismiss')
    return { kind: 'refused', reason: 'What was sent cannot be taken back. The backups hold the files as they were.' }
  if (counts.dismissed === 0) return { kind: 'refused', reason: 'Nothing was put aside.' }
  return { kind: 'allowed' }
}

function latest(times: readonly (string | null)[]): string | null {
  return times.reduce((newest, at) => (newest === null || (at !== null && at > newest) ? at : newest), null)
}

/** An item of an operation as it is shown. */
export function toOperationItem(item: LedgerItem, mount: string | null): OperationItem {
  const { key, path, claim, outcome, detail, outcomeAt } = item
  return { key, path, mount, way: wayOf(claim), outcome, detail, at: outcomeAt }
}
