import { withFileLock } from '../files/fileLock'
import { lookAtClaim } from './followSent'
import type { LedgerLine } from './ledgerLines'
import type { LedgerItem } from './ledgerMemory'
import { type MountContext, runLock } from './mountContext'
import { type Outcome, outcomeLine } from './outcomes'

/** How long the server is asked about one item when an operation is closed, in ms. */
const closeLookMs = 5_000

/** Looks at what was begun, skips the rest, and writes the end down; what nobody can tell yet is told as such. */
export async function closeParts(id: string, contexts: readonly MountContext[]): Promise<void> {
  for (const context of contexts) {
    await withFileLock(runLock(context.localDir, id), async () => {
      await context.ledger.refresh()
      const operation = context.ledger.operation(id)
      if (!operation || operation.endedAt !== null) return
      const lines: LedgerLine[] = []
      for (const item of operation.items)
        if (item.outcome === null) lines.push(outcomeLine(id, item.key, await closed(context, item)))
      const at = new Date().toISOString()
      await context.ledger.write([
        ...lines,
        { kind: 'end', id, at, stopped: 'Closed by a person after it was interrupted.' },
      ])
    })
    context.onOperationChanged(id)
  }
}

async function closed(context: MountContext, item: LedgerItem): Promise<Outcome> {
  if (item.claim === null)
    return { outcome: 'skipped', detail: 'Nothing was done: the operation was closed before it came to this item.' }
  const server = await context.server().catch(() => null)
  const found = server ? await lookAtClaim(server, item, AbortSignal.timeout(closeLookMs)).catch(() => null) : null
  const detail =
    'It was begun when the operation was interrupted, and nothing confirms it. Retry it: the server is asked first.'
  return found ?? { outcome: 'sent', detail }
}
