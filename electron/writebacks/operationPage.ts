import type { OperationItem } from '../../shared/operations'
import type { TurnedDown } from './beginOperation'
import type { LedgerItem } from './ledgerMemory'
import { toOperationItem } from './operationView'

/** Which items of an operation are asked for: those of an outcome, or with none yet, from `offset` on. */
export interface ItemRange {
  readonly outcome: LedgerItem['outcome'] | 'none' | undefined
  readonly offset: number
  readonly limit: number
}

/**
 * A part of the items of an operation: those of its mounts in the order in which they were chosen, behind them what was
 * turned down at once. Made only of what is asked for, because it is asked for again and again while a large operation runs.
 */
export function pageOfItems(
  {
    lists,
    told,
  }: {
    readonly lists: readonly { readonly mount: string; readonly items: readonly LedgerItem[] }[]
    readonly told: readonly TurnedDown[]
  },
  { outcome, offset, limit }: ItemRange,
): { readonly items: OperationItem[]; readonly itemsTotal: number } {
  const wanted = outcome === 'none' ? null : outcome
  const page: OperationItem[] = []
  let total = 0
  /** Counts an item; is it on the page? */
  const isShown = (known: LedgerItem['outcome']): boolean => {
    if (wanted !== undefined && known !== wanted) return false
    return total++ >= offset && page.length < limit
  }
  for (const { mount, items } of lists)
    for (const item of items) if (isShown(item.outcome)) page.push(toOperationItem(item, mount))
  for (const { key, path, outcome: known } of told)
    if (isShown(known.outcome))
      page.push({ key, path, mount: null, way: null, outcome: known.outcome, detail: known.detail, at: null })
  return { items: page, itemsTotal: total }
}
