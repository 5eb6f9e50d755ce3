import { settledStates } from '../../shared/writebacks'
import type { DeadLetter } from './deadLetters'
import type { LedgerLine, LedgerOperation } from './ledger'
import type { MountView } from './mountStore'
import { moveToTrash } from './trash'
import { watchedOutcome } from './watchItem'

/** How long a retry that failed is looked at again: its mount may still deliver it by itself. */
const followForMs = 24 * 3_600_000

/**
 * The retries that may come to another end than the ledger has, each with the items that it armed last. Those that
 * ended in a failure are among them for a day.
 */
export function followed(operations: readonly LedgerOperation[], nowMs: number): readonly LedgerOperation[] {
  const lastArmed = new Map<string, string>()
  for (const operation of operations) {
    for (const { commandFile } of operation.items) if (commandFile !== null) lastArmed.set(commandFile, operation.id)
  }
  return operations.filter((operation) => {
    if (operation.act !== 'retry') return false
    if (operation.endedAt === null) return true
    if (nowMs - Date.parse(operation.endedAt) > followForMs) return false
    return operation.items.some(
      ({ outcome, commandFile }) =>
        outcome === 'failed' && commandFile !== null && lastArmed.get(commandFile) === operation.id,
    )
  })
}

/** What has become of an operation since the ledger was written: the lines to add. Evidence of what was delivered is moved aside. */
export async function settle(
  operation: LedgerOperation,
  view: MountView,
  mountDir: string,
): Promise<readonly LedgerLine[]> {
  const lines: LedgerLine[] = []
  const at = new Date().toISOString()
  const outcomes = new Map(operation.items.map(({ key, outcome }) => [key, outcome]))
  for (const item of operation.items) {
    const { commandFile, armedAt, path } = item
    if (commandFile === null || armedAt === null) continue
    if (item.outcome !== null && item.outcome !== 'sent' && item.outcome !== 'failed') continue
    const letters = view.byKey(item.key)?.letters ?? []
    const { outcome, detail } = watchedOutcome(view.scan, { commandFile, path, armedAt, letters })
    if (outcome === item.outcome && detail === item.detail) continue
    if (item.outcome === 'failed' && outcome !== 'delivered') continue
    const settled = path === null ? new Set<string>() : new Set([path])
    const moved =
      outcome === 'delivered'
        ? await moveToTrash(whollySettled(letters, view, settled), { mountDir, operationId: operation.id })
        : []
    outcomes.set(item.key, outcome)
    lines.push({ kind: 'outcome', id: operation.id, key: item.key, at, outcome, detail, moved: [...moved] })
  }
  const lasting = [...outcomes.values()].every((outcome) => outcome !== null && outcome !== 'sent')
  if (lasting && operation.endedAt === null) lines.push({ kind: 'end', id: operation.id, at })
  return lines
}

/** Letters that also belong to other paths leave only when all of these are settled. */
export function whollySettled(
  letters: readonly DeadLetter[],
  { scan, byPath }: MountView,
  settled: ReadonlySet<string>,
): readonly DeadLetter[] {
  return letters.filter((letter) => {
    return scan.pathsOf(letter.file).every((path) => {
      if (settled.has(path)) return true
      const other = byPath(path)
      return other === undefined || settledStates.includes(other.item.state)
    })
  })
}
