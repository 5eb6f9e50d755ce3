import { useState } from 'react'
import type { WritebackItem } from '../../shared/writebacks'
import { actsTexts } from '../texts/en/acts'
import { useClient } from './client'
import { refuse } from './toasts'
import { isNarrowed, type WritebackFilter, type WritebackWindow, writebacksBetween } from './useWritebackWindow'

/** What is chosen: some items, or all that fit a filter, of which there were `count`. */
export type Selection =
  | { readonly kind: 'some'; readonly items: ReadonlyMap<string, WritebackItem> }
  | { readonly kind: 'all'; readonly filter: WritebackFilter; readonly count: number }

export interface WritebackSelection {
  readonly selection: Selection
  readonly count: number
  readonly has: (key: string) => boolean
  readonly toggle: (item: WritebackItem) => void
  /** Are items that were asked for still on their way? Until they are there, nothing is done with what is chosen. */
  readonly isChoosing: boolean
  /** Adds every item between two places of the list: at once when the window holds them all. */
  readonly addRange: (list: WritebackWindow, range: Range) => void
  readonly chooseAll: (filter: WritebackFilter, count: number) => void
  readonly clear: () => void
}

/** Two places of the list, both included. */
interface Range {
  readonly from: number
  readonly to: number
}

const none: Selection = { kind: 'some', items: new Map() }

/** What is chosen in the list of writebacks. All that fit a filter are no longer chosen when the list has another one. */
export function useWritebackSelection(filter: WritebackFilter): WritebackSelection {
  const client = useClient()
  const [kept, setKept] = useState<Selection>(none)
  const [underWay, setUnderWay] = useState(0)
  const valid = (known: Selection): Selection => (known.kind === 'all' && !isSame(known.filter, filter) ? none : known)
  const selection = valid(kept)
  const add = (items: readonly WritebackItem[]): void =>
    setKept((known) => ({
      kind: 'some',
      items: new Map([...someOf(valid(known)), ...items.map((item) => [item.key, item] as const)]),
    }))
  return {
    selection,
    isChoosing: underWay > 0,
    count: selection.kind === 'some' ? selection.items.size : selection.count,
    has: (key) => selection.kind === 'all' || selection.items.has(key),
    toggle: (item) =>
      setKept((known) => {
        const items = new Map(someOf(valid(known)))
        if (!items.delete(item.key)) items.set(item.key, item)
        return { kind: 'some', items }
      }),
    addRange: (list, range) => {
      const held = heldBetween(list, range)
      if (held) return add(held)
      setUnderWay((count) => count + 1)
      writebacksBetween(client, filter, range)
        .then(add, refuse)
        .finally(() => setUnderWay((count) => count - 1))
    },
    chooseAll: (asked, count) => setKept({ kind: 'all', filter: asked, count }),
    clear: () => setKept(none),
  }
}

function someOf(selection: Selection): ReadonlyMap<string, WritebackItem> {
  return selection.kind === 'some' ? selection.items : new Map()
}

/** The items between two places; null when the window does not hold them all. */
function heldBetween(list: WritebackWindow, { from, to }: Range): readonly WritebackItem[] | null {
  const items: WritebackItem[] = []
  for (let index = from; index <= to; index++) {
    const item = list.rowAt(index)
    if (!item) return null
    items.push(item)
  }
  return items
}

function isSame(one: WritebackFilter, other: WritebackFilter): boolean {
  const asked = ({ sort: _, ...rest }: WritebackFilter): string => JSON.stringify(rest)
  return asked(one) === asked(other)
}

/** What is chosen, as a request names it. */
export function toWhich(selection: Selection): { readonly keys: string[] } | { readonly filter: WritebackFilter } {
  return selection.kind === 'some' ? { keys: [...selection.items.keys()] } : { filter: selection.filter }
}

/** "all 1,204 that match", for what is chosen by a filter. */
export function allWords(filter: WritebackFilter, count: number): string {
  return actsTexts.all(count.toLocaleString('en'), isNarrowed(filter) ? ' matching' : '')
}
