import { RundeskError } from '../../shared/outcome'
import type { FoldedItem } from './foldItem'
import type { MountDesk } from './mountDesk'

/** Finds single items, in whatever mount they are. */
export interface ItemLookup {
  /** Throws `not_found`. */
  readonly get: (key: string) => FoldedItem
  /** The items with these keys, in their order. Throws `not_found` when one of them is not there. */
  readonly named: (keys: readonly string[]) => readonly FoldedItem[]
}

export function createItemLookup(desks: () => readonly MountDesk[]): ItemLookup {
  const get: ItemLookup['get'] = (key) => {
    for (const desk of desks()) {
      const found = desk.view()?.byKey(key)
      if (found) return found
    }
    throw new RundeskError(
      'not_found',
      `There is no writeback with the key ${JSON.stringify(key)}. It may have been delivered or put aside.`,
    )
  }
  return { get, named: (keys) => keys.map(get) }
}
