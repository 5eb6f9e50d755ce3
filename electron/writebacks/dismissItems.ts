import { withFileLock } from '../files/fileLock'
import { type Begun, beginOperation, type ItemRef } from './beginOperation'
import type { DeadLetter } from './deadLetters'
import type { FoldedItem } from './foldItem'
import { beginLines, type LedgerLine } from './ledgerLines'
import { actLock, currentView, type MountContext } from './mountContext'
import type { MountView } from './mountStore'
import { type Outcome, outcomeLine, whollySettled } from './outcomes'
import { moveAll, moveBack, plannedMoves } from './trash'

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
    if (!operation) return
    const paths = new Set(operation.items.flatMap(({ path }) => path ?? []))
    const open = operation.items.filter(({ outcome }) => outcome === null)
    const claims: LedgerLine[] = []
    const outcomes: LedgerLine[] = []
    const at = new Date().toISOString()
    const moving: Parameters<typeof moveAll>[0][number][] = []
    for (const { key, claim } of open) {
      const folded = view.byKey(key)
      const letters = folded ? dismissable(folded, view, paths).letters : []
      const earlier = claim?.kind === 'moving' ? claim.moved : []
      const moved =
        earlier.length > 0 ? earlier : plannedMoves(letters, { mountDir: context.localDir, operationId: id })
      if (moved.length === 0) {
        outcomes.push(outcomeLine(id, key, { outcome: 'changed', detail: 'Its records are gone.' }))
        continue
      }
      if (earlier.length === 0) claims.push({ kind: 'moving', id, key, at, moved: [...moved] })
      moving.push(...moved)
      const detail = 'Its records lie in the trash and can be restored.'
      outcomes.push(outcomeLine(id, key, { outcome: 'dismissed', detail }, moved))
    }
    if (claims.length > 0) await context.ledger.write(claims)
    await moveAll(moving)
    await context.ledger.write([...outcomes, { kind: 'end', id, at: new Date().toISOString() }])
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
        ? await moveBack(dismissal.moved).then(
            () => ({ outcome: 'restored', detail: 'Its records are back.' }) as const,
            (error: unknown) =>
              ({ outcome: 'changed', detail: error instanceof Error ? error.message : String(error) }) as const,
          )
        : { outcome: 'refused', detail: 'It was not dismissed here.' }
      lines.push(outcomeLine(id, key, outcome))
    }
    await context.ledger.write([...lines, { kind: 'end', id, at: new Date().toISOString() }])
  })
  await context.refresh({ force: true })
  context.onOperationChanged(id)
}
