import type { BulkPlan, OperationAct } from '../../shared/operations'
import { RundeskError } from '../../shared/outcome'
import { createBreath } from '../files/breath'
import { withFileLock } from '../files/fileLock'
import type { FoldedItem } from './foldItem'
import { beginLines } from './ledgerLines'
import { actLock, currentView, type MountContext, recentlyVerified } from './mountContext'
import type { MountView } from './mountStore'
import { type Outcome, outcomeLine } from './outcomes'

/** One item of an act as a person saw it. */
export interface ItemRef {
  readonly key: string
  readonly version: string
}

export interface Beginning {
  readonly id: string
  readonly act: OperationAct
  readonly refs: readonly ItemRef[]
  readonly reason: string | null
  readonly plan?: BulkPlan | undefined
  readonly waitSeconds?: number | undefined
  readonly undoes?: string | undefined
  /** What is to become of an item as it is now: an outcome at once, or null when it is to be worked on. */
  readonly judge: (folded: FoldedItem, view: MountView) => Outcome | null
}

export interface TurnedDown {
  readonly key: string
  readonly path: string | null
  readonly outcome: Outcome
}

/** An act that was begun, or of which nothing came. */
export type Begun = { readonly kind: 'begun' } | { readonly kind: 'nothing'; readonly items: readonly TurnedDown[] }

/**
 * Claims items for an operation: under the lock of the mount, each must be as it was seen and belong to no other operation
 * that goes on. Then the ledger says on the disk that it began, before anything is done. An act that nothing comes of
 * leaves no trace. Of any number of callers in any number of processes one gets an item; the others are told `changed`.
 */
export async function beginOperation(context: MountContext, beginning: Beginning): Promise<Begun> {
  const isAnyOpen = (view: MountView): boolean =>
    beginning.refs.some((ref) => judgeOne(context, ref, { beginning, view }).outcome === null)
  const known = context.view() // What may be out of date is looked at anew only when it matters: under the lock, or now.
  if (!known || !isAnyOpen(known)) {
    const view = await currentView(context)
    if (!isAnyOpen(view)) return { kind: 'nothing', items: turnedDown(await judgeAll(context, beginning, view)) }
  }
  return withFileLock(actLock(context.localDir), async () => {
    await context.ledger.refresh()
    const now = await judgeAll(context, beginning, await currentView(context))
    const down = turnedDown(now)
    if (down.length === now.length) return { kind: 'nothing', items: down }
    const { id, act, reason, plan, waitSeconds, undoes } = beginning
    const begin = {
      ...{ id, act, reason, at: new Date().toISOString(), by: context.by },
      ...(plan ? { plan } : {}),
      ...(waitSeconds === undefined ? {} : { waitSeconds }),
      ...(undoes === undefined ? {} : { undoes }),
      items: now.map(({ ref, path }) => ({ key: ref.key, version: ref.version, path })),
    }
    const outcomes = down.map(({ key, outcome }) => outcomeLine(id, key, outcome))
    await context.ledger.write([...beginLines(begin), ...outcomes])
    return { kind: 'begun' }
  })
}

interface Judged {
  readonly ref: ItemRef
  readonly path: string | null
  readonly outcome: Outcome | null
}

async function judgeAll(context: MountContext, beginning: Beginning, view: MountView): Promise<readonly Judged[]> {
  const breathe = createBreath()
  const all: Judged[] = []
  for (const ref of beginning.refs) {
    const pause = breathe()
    if (pause) await pause
    all.push(judgeOne(context, ref, { beginning, view }))
  }
  return all
}

function judgeOne(
  context: MountContext,
  ref: ItemRef,
  { beginning, view }: { readonly beginning: Beginning; readonly view: MountView },
): Judged {
  const folded = view.byKey(ref.key)
  const outcome = changed(context, ref, folded) ?? (folded ? beginning.judge(folded, view) : null)
  return { ref, path: folded?.item.path ?? null, outcome }
}

/** Why an item is not what the person saw; null when it is. */
export function changed(context: MountContext, ref: ItemRef, folded: FoldedItem | undefined): Outcome | null {
  if (!folded)
    return {
      outcome: 'changed',
      detail: 'It is no longer in the list: it was delivered or put aside in the meantime.',
    }
  const other = context.ledger.claimedBy(ref.key)
  if (other)
    return {
      outcome: 'changed',
      detail: `It belongs to the operation ${other.id} of ${other.by}, which has not ended. Continue or close that one first.`,
    }
  if (folded.item.version !== ref.version || isOutdated(context, folded))
    return { outcome: 'changed', detail: 'It changed since it was shown. Look at it again.' }
  return null
}

/** The ledger may have been read again since the item was folded, and know of a delivery that the item does not show yet. */
function isOutdated(context: MountContext, { item, verifiedMs }: FoldedItem): boolean {
  const known = item.path === null ? undefined : recentlyVerified(context.ledger).get(item.path)
  return known !== undefined && known !== verifiedMs
}

function turnedDown(all: readonly Judged[]): readonly TurnedDown[] {
  return all.flatMap(({ ref, path, outcome }) => (outcome === null ? [] : [{ key: ref.key, path, outcome }]))
}

/** The ledger's own knowledge of an operation that must be there. */
export function knownOperation(context: MountContext, id: string) {
  const operation = context.ledger.operation(id)
  if (!operation)
    throw new RundeskError('not_found', `The ledger of ${context.localDir} does not know the operation ${id}.`)
  return operation
}
