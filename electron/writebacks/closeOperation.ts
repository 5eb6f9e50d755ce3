import type { OperationAct } from '../../shared/operations'
import { withFileLock } from '../files/fileLock'
import { lookAtClaim } from './followSent'
import type { LedgerLine, MovedFile } from './ledgerLines'
import type { LedgerItem } from './ledgerMemory'
import { actLock, type MountContext, runLock } from './mountContext'
import { type Outcome, outcomeLine } from './outcomes'
import { closeAside } from './putAside'
import { isThere } from './trash'

/** How long the server is asked about one item when an operation is closed, in ms. */
const closeLookMs = 5_000

/** Looks at what was begun, skips the rest, and writes the end down; what nobody can tell yet is told as such. */
export async function closeParts(id: string, contexts: readonly MountContext[]): Promise<void> {
  for (const context of contexts) {
    const isOfFiles = ['dismiss', 'restore'].includes(context.ledger.operation(id)?.act ?? '')
    const lock = isOfFiles ? actLock(context.localDir) : runLock(context.localDir, id)
    await withFileLock(lock, async () => {
      await context.ledger.refresh()
      const operation = context.ledger.operation(id)
      if (!operation || operation.endedAt !== null) return
      const lines: LedgerLine[] = []
      const moving = operation.items.flatMap(({ key, claim, outcome }) =>
        operation.act === 'dismiss' && outcome === null && claim?.kind === 'moving'
          ? [{ key, moved: claim.moved }]
          : [],
      )
      for (const { key, outcome, moved } of await closeAside(moving)) lines.push(outcomeLine(id, key, outcome, moved))
      const settled = new Set(moving.map(({ key }) => key))
      for (const item of operation.items)
        if (item.outcome === null && !settled.has(item.key))
          lines.push(outcomeLine(id, item.key, await closed(context, operation.act, item)))
      const at = new Date().toISOString()
      await context.ledger.write([
        ...lines,
        { kind: 'end', id, at, stopped: 'Closed by a person after it was interrupted.' },
      ])
    })
    context.onOperationChanged(id)
  }
}

async function closed(context: MountContext, act: OperationAct, item: LedgerItem): Promise<Outcome> {
  const restored = act === 'restore' ? closedRestore(context.ledger.dismissal(item.key)?.moved ?? []) : null
  if (restored) return restored
  if (item.claim === null)
    return { outcome: 'skipped', detail: 'Nothing was done: the operation was closed before it came to this item.' }
  const server = await context.server().catch(() => null)
  const found = server ? await lookAtClaim(server, item, AbortSignal.timeout(closeLookMs)).catch(() => null) : null
  const detail =
    'It was begun when the operation was interrupted, and nothing confirms it. Retry it: the server is asked first.'
  return found ?? { outcome: 'sent', detail }
}

/** What an interrupted restore came to; null when nothing was moved. */
function closedRestore(moved: readonly MovedFile[]): Outcome | null {
  const back = moved.filter(({ from, to }) => isThere(from) && !isThere(to))
  if (back.length === 0) return null
  if (back.length === moved.length) return { outcome: 'restored', detail: 'Its records are back.' }
  const rest = moved.filter((move) => !back.includes(move)).map(({ to }) => to)
  return {
    outcome: 'skipped',
    detail: `Restore it again: the operation was closed before ${rest.join(' ')} came back.`,
  }
}
