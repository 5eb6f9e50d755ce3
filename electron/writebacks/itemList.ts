import { createBreath } from '../files/breath'
import type { FoldedItem } from './foldItem'
import { isUndelivered } from './groups'

/** The items of a mount in the order of their paths, with what is counted of them. */
export interface ItemList {
  readonly get: (key: string) => FoldedItem | undefined
  /** Puts, or takes out, items by key. */
  readonly change: (items: ReadonlyMap<string, FoldedItem | undefined>) => Promise<void>
  readonly sorted: () => readonly FoldedItem[]
  readonly counts: () => ItemCounts
}

export interface ItemCounts {
  readonly undelivered: number
  readonly stuck: number
}

/** So many changes are put in place one by one; with more, what is new is sorted and merged with the rest. */
const fewChanges = 64
const sortedAtOnce = 2048

export function createItemList(): ItemList {
  const byKey = new Map<string, FoldedItem>()
  let sorted: readonly FoldedItem[] = []
  let undelivered = 0
  let stuck = 0

  const count = ({ item }: FoldedItem, by: 1 | -1): void => {
    if (isUndelivered(item)) undelivered += by
    if (item.state === 'stuck') stuck += by
  }

  return {
    get: (key) => byKey.get(key),
    sorted: () => sorted,
    counts: () => ({ undelivered, stuck }),
    change: async (items) => {
      const breathe = createBreath()
      const next = items.size > fewChanges ? undefined : [...sorted]
      const added: FoldedItem[] = []
      for (const [key, after] of items) {
        const pause = breathe()
        if (pause) await pause
        const before = byKey.get(key)
        if (before) count(before, -1)
        if (after) {
          byKey.set(key, after)
          count(after, 1)
        } else byKey.delete(key)
        if (next) replace(next, before, after)
        else if (after && !(before && compare(before, after) === 0)) added.push(after)
      }
      sorted = next ?? (await merge(await stillInPlace(sorted, byKey), await sortSliced(added)))
    },
  }
}

function replace(list: FoldedItem[], before: FoldedItem | undefined, after: FoldedItem | undefined): void {
  const at = before ? place(list, before) : -1
  if (before && after && compare(before, after) === 0) list[at] = after
  else {
    if (before) list.splice(at, 1)
    if (after) list.splice(place(list, after), 0, after)
  }
}

/** Where an item stands, or would stand. */
function place(list: readonly FoldedItem[], item: FoldedItem): number {
  let from = 0
  for (let to = list.length; from < to; ) {
    const middle = (from + to) >> 1
    const other = list[middle]
    if (other && compare(other, item) < 0) from = middle + 1
    else to = middle
  }
  return from
}

/** Those of a list that are still known and stand where they stood, as they are now. */
async function stillInPlace(
  list: readonly FoldedItem[],
  byKey: ReadonlyMap<string, FoldedItem>,
): Promise<readonly FoldedItem[]> {
  const breathe = createBreath()
  const kept: FoldedItem[] = []
  for (const before of list) {
    const pause = breathe()
    if (pause) await pause
    const now = byKey.get(before.item.key)
    if (now && compare(before, now) === 0) kept.push(now)
  }
  return kept
}

/** Sorts parts, then merges them, and gives up the thread in between. */
async function sortSliced(items: readonly FoldedItem[]): Promise<readonly FoldedItem[]> {
  const breathe = createBreath()
  let parts: (readonly FoldedItem[])[] = []
  for (let from = 0; from < items.length; from += sortedAtOnce) {
    parts.push(items.slice(from, from + sortedAtOnce).sort(compare))
    const pause = breathe()
    if (pause) await pause
  }
  while (parts.length > 1) {
    const merged: (readonly FoldedItem[])[] = []
    for (let at = 0; at < parts.length; at += 2) {
      const [left = [], right = []] = [parts[at], parts[at + 1]]
      merged.push(await merge(left, right))
    }
    parts = merged
  }
  return parts[0] ?? []
}

async function merge(left: readonly FoldedItem[], right: readonly FoldedItem[]): Promise<readonly FoldedItem[]> {
  if (left.length === 0) return right
  if (right.length === 0) return left
  const breathe = createBreath()
  const all: FoldedItem[] = []
  let [l, r] = [0, 0]
  while (l < left.length || r < right.length) {
    const first = left[l]
    const second = right[r]
    if (first && (!second || compare(first, second) <= 0)) {
      all.push(first)
      l++
    } else if (second) {
      all.push(second)
      r++
    }
    const pause = breathe()
    if (pause) await pause
  }
  return all
}

function compare({ item: left }: FoldedItem, { item: right }: FoldedItem): number {
  const [one, other] = [left.path ?? '', right.path ?? '']
  if (one !== other) return one < other ? -1 : 1
  if (left.key === right.key) return 0
  return left.key < right.key ? -1 : 1
}
