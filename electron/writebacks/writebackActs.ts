import type { BulkPlan, OperationAct, OperationPage, Preview } from '../../shared/operations'
import { RundeskError } from '../../shared/outcome'
import { type Begun, beginOperation, type ItemRef, type TurnedDown } from './beginOperation'
import { permissionOf } from './deliveryFacts'
import { dismissItems, restoreItems } from './dismissItems'
import { type EditRequest, editItem } from './editItem'
import type { FirstThings } from './firstThings'
import type { FoldedItem } from './foldItem'
import { createFrozenSets } from './frozenSets'
import type { MountContext } from './mountContext'
import type { MountDesk } from './mountDesk'
import { createOperationId, type Operations } from './operations'

/** What an act is done to: a set that was frozen by a preview, or items as they were seen. */
export interface ActTarget {
  readonly setId?: string | undefined
  readonly items?: readonly ItemRef[] | undefined
  readonly reason: string | null
}

/** The acts on items of any mounts. Each is an operation; none is done to an item that changed since it was seen. */
export interface WritebackActs {
  readonly preview: (act: Preview['act'], items: readonly FoldedItem[]) => Preview
  /** Claims the items and begins; returns as soon as the ledgers say so. */
  readonly retry: (
    target: ActTarget & { readonly plan?: BulkPlan | undefined; readonly waitSeconds: number },
  ) => Promise<OperationPage>
  readonly dismiss: (target: ActTarget) => Promise<OperationPage>
  readonly restore: (keys: readonly string[], undoes?: string) => Promise<OperationPage>
  /** New content for one item's file, or one of the versions that a person compared. */
  readonly edit: (request: Omit<EditRequest, 'id'>) => Promise<OperationPage>
  /** Takes a dismissal back. */
  readonly undo: (operationId: string) => Promise<OperationPage>
}

const pageSize = 500

export function createWritebackActs({
  desks,
  operations,
  by,
  first,
}: {
  readonly desks: () => readonly MountDesk[]
  readonly operations: Operations
  readonly by: string
  readonly first: FirstThings['first']
}): WritebackActs {
  const sets = createFrozenSets()

  const pageOf = (operationId: string): Promise<OperationPage> =>
    operations.page({ operationId, offset: 0, limit: pageSize })

  const targetOf = ({ setId, items }: ActTarget, act: Preview['act']): readonly ItemRef[] => {
    if (setId !== undefined) return sets.take(setId, act).refs
    if (items !== undefined && items.length > 0) return items
    throw new RundeskError('usage', 'Nothing is named: give items, or the set of a preview.')
  }

  /** Does an act in every mount that has one of the items, and tells of those that are in none. */
  const everywhere = async (
    refs: readonly ItemRef[],
    { act, reason }: { readonly act: OperationAct; readonly reason: string | null },
    perform: (context: MountContext, id: string, refs: readonly ItemRef[]) => Promise<Begun>,
  ): Promise<{ readonly id: string; readonly begun: readonly MountContext[] }> => {
    const id = createOperationId()
    const places = desks().map(({ context, view }) => ({ context, view: view(), own: [] as ItemRef[] }))
    const nowhere: TurnedDown[] = []
    for (const ref of refs) {
      const place = places.find(({ view }) => view?.byKey(ref.key))
      const detail = 'It is no longer in the list: it was delivered or put aside in the meantime.'
      if (place) place.own.push(ref)
      else nowhere.push({ key: ref.key, path: null, outcome: { outcome: 'changed', detail } })
    }
    const begun: MountContext[] = []
    const down = [...nowhere]
    for (const { context, own } of places) {
      if (own.length === 0) continue
      const result = await first(() => perform(context, id, own))
      if (result.kind === 'begun') begun.push(context)
      else down.push(...result.items)
    }
    if (down.length > 0) operations.tell(id, { act, by, reason, items: down })
    return { id, begun }
  }

  const restore: WritebackActs['restore'] = async (keys, undoes) => {
    const id = createOperationId()
    const missing = new Set(keys)
    for (const { context } of desks()) {
      await context.ledger.refresh().catch(() => undefined)
      const own = keys.filter((key) => missing.has(key) && context.ledger.dismissal(key) !== undefined)
      for (const key of own) missing.delete(key)
      if (own.length > 0) await restoreItems(context, { id, keys: own, undoes })
    }
    const outcome = { outcome: 'refused', detail: 'It was not dismissed here, or is back already.' } as const
    const items = [...missing].map((key) => ({ key, path: null, outcome }))
    if (items.length > 0) operations.tell(id, { act: 'restore', by, reason: null, items })
    return pageOf(id)
  }

  return {
    preview: (act, items) => {
      const views = new Map(desks().flatMap((desk) => (desk.view() ? [[desk.localDir, desk.view()]] : [])))
      return sets.freeze(
        act,
        items.flatMap((folded) => {
          const view = views.get(folded.item.mount)
          return view ? [{ folded, view }] : []
        }),
      )
    },
    retry: async (target) => {
      const { reason, plan, waitSeconds } = target
      const refs = targetOf(target, 'retry')
      const { id, begun } = await everywhere(refs, { act: 'retry', reason }, (context, operationId, own) => {
        void context.server().catch(() => undefined) // Credentials are looked for while the ledger is written.
        return beginOperation(context, {
          ...{ id: operationId, act: 'retry', refs: own, reason, plan, waitSeconds },
          judge: ({ facts }) => {
            const permission = permissionOf(facts)
            return permission.kind === 'allowed' ? null : { outcome: 'refused', detail: permission.reason }
          },
        })
      })
      void first(() => operations.start(id, begun))
      return pageOf(id)
    },
    dismiss: async (target) => {
      const { reason } = target
      const refs = targetOf(target, 'dismiss')
      const { id } = await everywhere(refs, { act: 'dismiss', reason }, (context, operationId, own) =>
        dismissItems(context, { id: operationId, refs: own, reason }),
      )
      return pageOf(id)
    },
    edit: async (request) => {
      const { key, version, reason } = request
      const { id } = await everywhere([{ key, version }], { act: 'edit', reason }, (context, operationId) =>
        editItem(context, { ...request, id: operationId }),
      )
      return pageOf(id)
    },
    restore,
    undo: async (operationId) => {
      const { operation } = await operations.page({ operationId, offset: 0, limit: 0 })
      if (operation.undo.kind === 'refused') throw new RundeskError('not_supported', operation.undo.reason)
      const keys = operations
        .parts()
        .filter((part) => part.operation.id === operationId)
        .flatMap((part) => part.operation.items.filter(({ outcome }) => outcome === 'dismissed').map(({ key }) => key))
      return restore(keys, operationId)
    },
  }
}
