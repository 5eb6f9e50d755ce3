import { followOp } from './followOp'
import type { LedgerItem, LedgerOperation } from './ledgerMemory'
import type { MountContext } from './mountContext'
import { type Outcome, writeOutcome } from './outcomes'
import type { ServerApi } from './serverApi'
import type { Slots } from './slots'

/** When each item was last asked for, and how long to wait before it is asked for again, in ms. */
const asked = new Map<string, { readonly atMs: number; readonly pauseMs: number }>()
const firstPauseMs = 200
const maxPauseMs = 15_000
const maxRemembered = 100_000

/** Asks the server what has become of what Rundesk sent itself, each item at growing intervals. */
export async function followSent(
  context: MountContext,
  {
    operation,
    slots,
    signal,
  }: { readonly operation: LedgerOperation; readonly slots: Slots; readonly signal: AbortSignal },
): Promise<void> {
  const nowMs = Date.now()
  const due = operation.items.filter((item) => isOurs(item) && isDue(`${operation.id} ${item.key}`, nowMs))
  if (due.length === 0) return
  const server = await context.server()
  if (!server) return
  if (asked.size > maxRemembered) asked.clear()
  await Promise.all(
    due.map(async (item) => {
      const name = `${operation.id} ${item.key}`
      const outcome = await slots(signal, () => lookAtClaim(server, item, signal))
      const pauseMs = Math.min(maxPauseMs, 2 * (asked.get(name)?.pauseMs ?? firstPauseMs / 2))
      asked.set(name, { atMs: Date.now(), pauseMs })
      if (outcome === 'stopped' || outcome === null || outcome.outcome === 'sent') return
      asked.delete(name)
      await writeOutcome(context, operation.id, item.key, outcome)
    }),
  )
}

function isOurs({ outcome, claim }: LedgerItem): boolean {
  return outcome === 'sent' && (claim?.kind === 'sending' || claim?.kind === 'replaying')
}

function isDue(name: string, nowMs: number): boolean {
  const last = asked.get(name)
  return last === undefined || nowMs - last.atMs >= last.pauseMs
}

/** What the server tells of an item that was sent: by its operation where it has one, else by the content; null when nobody can tell. */
export async function lookAtClaim(
  server: ServerApi,
  { opId, claim, path }: LedgerItem,
  signal: AbortSignal,
): Promise<Outcome | null> {
  if (opId !== null) {
    const outcome = await followOp(server, opId, signal)
    if (outcome !== null || claim?.kind !== 'sending') return outcome
  }
  if (claim?.kind !== 'sending' || path === null) return null
  const there = await server.getFile(path, signal).catch(() => undefined)
  if (there === undefined) return null
  if (there?.contentHash === claim.hash)
    return { outcome: 'delivered', detail: `The server has exactly this content (${there.revision}).` }
  return { outcome: 'failed', detail: 'It did not arrive: the server does not have this content.' }
}
