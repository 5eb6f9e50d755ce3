import { withFileLock } from '../files/fileLock'
import { type Begun, beginOperation, type ItemRef } from './beginOperation'
import type { DeadLetter } from './deadLetters'
import type { FoldedItem } from './foldItem'
import { beginLines, type LedgerLine, type MovedFile } from './ledgerLines'
import { actLock, currentView, type MountContext } from './mountContext'
import type { MountView } from './mountStore'
import { type Outcome, outcomeLine, whollySettled } from './outcomes'
import { type PlannedItem, putAside } from './putAside'
import { isThere, moveBack, plannedMoves } from './trash'

export interface DismissRequest {
  readonly id: string
  readonly refs: readonly ItemRef[]
  readonly reason: string | null
}

/** Moves the evidence of items to the trash of the operation, where it can be restored from. */
export async function dismissItems(context: MountContext, { id, refs, reason }: DismissRequest): Promise<Begun> {
  const view = await currentView(context, { force: true })
  const chosen = refs.flatMap(({ key }) => view.byKey(key) ?? [])
  const paths = new Set(chosen.flatMap(({ item }) => item.path ?? []))
  const begun = await beginOperation(context, {
    ...{ id, refs, reason, act: 'dismiss' },
    judge: (folded, now) => dismissable(folded, now, paths).refusal,
  })
  if (begun.kind === 'nothing') return begun
  await finishDismissal(context, id)
  return begun
}

/** Goes on with a dismissal, also with that of a process that is gone. */
export async function finishDismissal(context: MountContext, id: string): Promise<void> {
  await withFileLock(actLock(context.localDir), async () => {
    const view = await currentView(context)
    const operation = context.ledger.operation(id)
    if (!operation || operation.endedAt !== null) return
    const paths = new Set(operation.items.flatMap(({ path }) => path ?? []))
    const planned = operation.items.flatMap(({ key, claim, outcome }): PlannedItem[] => {
      if (outcome !== null) return []
      if (claim?.kind === 'moving') return [{ key, moved: claim.moved }]
      const folded = view.byKey(key)
      const letters = folded ? dismissable(folded, view, paths).letters : []
      return [{ key, moved: plannedMoves(letters, { mountDir: context.localDir, operationId: id }) }]
    })
    const at = new Date().toISOString()
    const claims = planned.flatMap(({ key, moved }): LedgerLine[] =>
      moved.length === 0 || operation.item(key)?.claim?.kind === 'moving'
        ? []
        : [{ kind: 'moving', id, key, at, moved: [...moved] }],
    )
    if (claims.length > 0) await context.ledger.write(claims)
    const lines = (await putAside(planned)).map(({ key, outcome, moved }) => outcomeLine(id, key, outcome, moved))
    await context.ledger.write([...lines, { kind: 'end', id, at: new Date().toISOString() }])
  })
  await context.refresh({ force: true })
  context.onOperationChanged(id)
}

/** The letters that would be moved, or why none is. */
export function dismissable(
  folded: FoldedItem,
  view: MountView,
  paths: ReadonlySet<string>,
): { readonly letters: readonly DeadLetter[]; readonly refusal: Outcome | null } {
  const letters =
    folded.item.path === null ? folded.letters : whollySettled(folded.letters, view, (path) => paths.has(path))
  if (letters.length > 0) return { letters, refusal: null }
  const shared = folded.letters.length > 0
  return {
    letters,
    refusal: {
      outcome: 'refused',
      detail: shared
        ? 'Its record also belongs to other files that are not delivered.'
        : 'It has no dead letter that could be put aside: its evidence is in the outbox.',
    },
  }
}

/** Brings dismissed evidence back to where it was. */
export async function restoreItems(
  context: MountContext,
  { id, keys, undoes }: { readonly id: string; readonly keys: readonly string[]; readonly undoes?: string | undefined },
): Promise<void> {
  await withFileLock(actLock(context.localDir), async () => {
    await context.ledger.refresh()
    const found = keys.map((key) => ({ key, dismissal: context.ledger.dismissal(key) }))
    const at = new Date().toISOString()
    const items = found.map(({ key, dismissal }) => ({ key, path: dismissal?.path ?? null, version: '' }))
    const head = { id, at, act: 'restore', by: context.by, reason: null } as const
    await context.ledger.write(beginLines({ ...head, items, ...(undoes === undefined ? {} : { undoes }) }))
    const lines: LedgerLine[] = []
    for (const { key, dismissal } of found) {
      const outcome: Outcome = dismissal
        ? await bringBack(dismissal.moved)
        : { outcome: 'refused', detail: 'It was not dismissed here.' }
      lines.push(outcomeLine(id, key, outcome))
    }
    await context.ledger.write([...lines, { kind: 'end', id, at: new Date().toISOString() }])
  })
  await context.refresh({ force: true })
  context.onOperationChanged(id)
}

/** Files that are back already are left alone. Nothing is moved when something new stands where one of them was. */
async function bringBack(moved: readonly MovedFile[]): Promise<Outcome> {
  const inTrash = moved.filter(({ to }) => isThere(to))
  if (inTrash.length === 0 && !moved.every(({ from }) => isThere(from)))
    return { outcome: 'changed', detail: 'Its records are no longer in the trash: their time there was over.' }
  const again = inTrash.find(({ from }) => isThere(from))
  if (again)
    return { outcome: 'changed', detail: `${again.from} exists again, so the old record is not put back over it.` }
  const [why] = (await moveBack(inTrash)).values()
  return why === undefined
    ? { outcome: 'restored', detail: 'Its records are back.' }
    : { outcome: 'failed', detail: why }
}
