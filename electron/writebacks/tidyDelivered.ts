import { createBreath } from '../files/breath'
import { unsentRecord } from './deliveryFacts'
import type { FoldedItem } from './foldItem'
import type { LedgerItem } from './ledgerMemory'
import type { MountContext } from './mountContext'
import type { MountView } from './mountStore'
import { outcomeLine, settledMoves } from './outcomes'
import { wakeRecord } from './rearm'
import { moveAll } from './trash'

const noted = 'The mount goes on saying that it needs attention, until the file is edited.'
/** What follows in a detail is why; it goes when the evidence does. */
const stays = ' Its evidence stays in the mount: '

/**
 * Tidies up behind verified deliveries, also those of a process that died before it could: their evidence goes to the
 * trash, and a stuck record of the same content is armed, so that the mount takes it out of its outbox with its next
 * cycle; the server knows its identity and writes nothing twice. Operations for which `isLeftAlone` holds are left alone.
 */
export async function tidyDelivered(
  context: MountContext,
  view: MountView,
  isLeftAlone: (operationId: string) => boolean,
): Promise<void> {
  const breathe = createBreath(1)
  for (const folded of view.items) {
    const { state, path } = folded.item
    if (state !== 'delivered' || path === null) continue
    const delivery = context.ledger.delivery(path)
    const known = delivery && context.ledger.operation(delivery.id)?.item(delivery.key)
    if (!delivery || !known || isLeftAlone(delivery.id)) continue
    if (folded.letters.length > 0) await moveEvidence(context, { id: delivery.id, known, path, view })
    await wake(context, { id: delivery.id, known, folded })
    const pause = breathe()
    if (pause) await pause
  }
}

/**
 * Tidies up behind one item that an operation has just delivered, as far as it was seen; what cannot be done now is left to
 * `tidyDelivered`. The ledger tells already where its evidence goes.
 */
export async function tidyItem(context: MountContext, id: string, key: string): Promise<void> {
  const known = context.ledger.operation(id)?.item(key)
  if (known?.outcome !== 'delivered') return
  try {
    await moveAll(known.moved)
    const folded = context.view()?.byKey(key)
    const record = folded && unsentRecord(folded.outbox)
    if (folded && known.claim?.kind === 'sending' && record?.value?.hash === known.claim.hash)
      await wake(context, { id, known, folded })
  } catch {
    // Tried again at the end of the operation.
  }
}

async function moveEvidence(
  context: MountContext,
  {
    id,
    known,
    path,
    view,
  }: { readonly id: string; readonly known: LedgerItem; readonly path: string; readonly view: MountView },
): Promise<void> {
  const moves = settledMoves(context, { id, path, view })
  if (moves.length === 0) return
  const written = new Set(known.moved.map(({ from }) => from))
  const more = moves.filter(({ from }) => !written.has(from))
  const { key, detail } = known
  if (more.length > 0) await context.ledger.write([outcomeLine(id, key, { outcome: 'delivered', detail }, more)])
  const [why] = (await moveAll(moves)).stuck.values()
  const [plain] = known.detail.split(stays)
  const told = why === undefined ? `${plain}` : `${plain}${stays}${why}`
  if (told !== known.detail) await context.ledger.write([outcomeLine(id, key, { outcome: 'delivered', detail: told })])
}

/** Tried once: what cannot be armed is explained. */
async function wake(
  context: MountContext,
  { id, known, folded }: { readonly id: string; readonly known: LedgerItem; readonly folded: FoldedItem },
): Promise<void> {
  const record = unsentRecord(folded.outbox)
  const isAsleep = record?.value !== undefined && (record.value.needsAttention || record.value.attemptCount > 0)
  if (!record || !isAsleep || known.detail.includes(noted)) return
  try {
    await wakeRecord(record.path)
  } catch {
    const [plain, ...why] = known.detail.split(stays)
    const detail = [`${plain} ${noted}`, ...why].join(stays)
    await context.ledger.write([outcomeLine(id, known.key, { outcome: 'delivered', detail })])
  }
}
