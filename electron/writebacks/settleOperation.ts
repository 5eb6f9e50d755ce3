import { deliveryWays } from '../../shared/rules/deliveryWays'
import type { LedgerItem, LedgerOperation } from './ledgerMemory'
import type { MountContext } from './mountContext'
import type { MountView } from './mountStore'
import { type Outcome, writeOutcome } from './outcomes'
import { watchedOutcome } from './watchItem'
import { watchedWrite } from './watchWrite'

/** How long a retry that failed is looked at again: its mount may still deliver it by itself. */
const followForMs = 24 * 3_600_000

/**
 * The retries that may come to another end than the ledger has: those that go on, and for a day those of which an item
 * failed that no later one has armed again.
 */
export function followed(operations: readonly LedgerOperation[], nowMs: number): readonly LedgerOperation[] {
  const recent = operations.filter(
    ({ act, begun, endedAt }) =>
      (act === 'retry' || act === 'edit') && begun && (endedAt === null || nowMs - Date.parse(endedAt) < followForMs),
  )
  const lastArmed = new Map<string, string>()
  for (const { id, items } of recent)
    for (const { claim } of items) if (claim?.kind === 'arming') lastArmed.set(claim.commandFile, id)
  return recent.filter(
    ({ id, endedAt, counts, items }) =>
      endedAt === null ||
      (counts.failed > 0 &&
        items.some(
          ({ outcome, claim }) =>
            outcome === 'failed' && claim?.kind === 'arming' && lastArmed.get(claim.commandFile) === id,
        )),
  )
}

/**
 * Looks at what has become of the items that the mount is to send, and writes down what is new. Gives the keys of those
 * that failed by way of the mount and can be sent directly: when somebody runs the operation they are left as they are.
 */
export async function settleWatched(
  context: MountContext,
  {
    operation,
    view,
    hasRunner,
  }: { readonly operation: LedgerOperation; readonly view: MountView; readonly hasRunner: boolean },
): Promise<readonly string[]> {
  const again: string[] = []
  for (const item of operation.items) {
    const outcome = newOutcome(item, view)
    if (!outcome) continue
    if (item.outcome === 'failed' && outcome.outcome !== 'delivered') continue
    if (hasRunner && outcome.outcome === 'failed' && item.claim?.kind === 'arming' && hasDirectWay(view, item.key)) {
      again.push(item.key)
      continue
    }
    await writeOutcome(context, operation.id, item.key, outcome)
  }
  return again
}

/** What the files tell of an item whose delivery is the mount's business; undefined when it is not, or nothing is new. */
function newOutcome(item: LedgerItem, view: MountView): Outcome | undefined {
  const { claim, outcome, path } = item
  if (outcome !== null && outcome !== 'sent' && outcome !== 'failed') return undefined
  const letters = view.byKey(item.key)?.letters ?? []
  const watched =
    claim?.kind === 'arming'
      ? watchedOutcome(view.scan, { commandFile: claim.commandFile, path, armedAt: claim.at, letters })
      : claim?.kind === 'writing' && outcome === 'sent'
        ? watchedWrite(path === null ? undefined : view.scan.outboxOf(path), {
            path,
            hash: claim.hash,
            writtenAt: claim.at,
          })
        : undefined
  return watched && (watched.outcome !== outcome || watched.detail !== item.detail) ? watched : undefined
}

function hasDirectWay(view: MountView, key: string): boolean {
  const folded = view.byKey(key)
  return folded !== undefined && deliveryWays(folded.facts).ways.includes('direct')
}

/** Has everything of it come to a lasting end? */
export function isSettled({ begun, done, items, counts }: LedgerOperation): boolean {
  return begun && done === items.length && counts.sent === 0
}
