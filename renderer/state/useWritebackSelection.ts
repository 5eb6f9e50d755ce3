import { useState } from 'react'
import type { WritebackItem } from '../../shared/writebacks'
import { useClient } from './client'
import { refuse } from './toasts'
import { isNarrowed, type WritebackFilter, writebacksBetween } from './useWritebackWindow'

/** What is chosen: some items, or all that fit a filter, of which there were `count`. */
export type Selection =
  | { readonly kind: 'some'; readonly items: ReadonlyMap<string, WritebackItem> }
  | { readonly kind: 'all'; readonly filter: WritebackFilter; readonly count: number }

export interface WritebackSelection {
  readonly selection: Selection
  readonly count: number
  readonly has: (key: string) => boolean
  readonly toggle: (item: WritebackItem) => void
  /** Adds every item between two places of the list. */
  readonly addRange: (filter: WritebackFilter, range: { readonly from: number; readonly to: number }) => void
  readonly chooseAll: (filter: WritebackFilter, count: number) => void
  readonly clear: () => void
}

const none: Selection = { kind: 'some', items: new Map() }

/** What is chosen in the list of writebacks. All that fit a filter are no longer chosen when the list has another one. */
export function useWritebackSelection(filter: WritebackFilter): WritebackSelection {
  const client = useClient()
  const [kept, setKept] = useState<Selection>(none)
  const selection = kept.kind === 'all' && !isSame(kept.filter, filter) ? none : kept
  const some = selection.kind === 'some' ? selection.items : new Map<string, WritebackItem>()
  return {
    selection,
    count: selection.kind === 'some' ? selection.items.size : selection.count,
    has: (key) => selection.kind === 'all' || selection.items.has(key),
    toggle: (item) => {
      const items = new Map(some)
      if (!items.delete(item.key)) items.set(item.key, item)
      setKept({ kind: 'some', items })
    },
    addRange: (asked, range) => {
      writebacksBetween(client, asked, range).then(
        (items) =>
          setKept({ kind: 'some', items: new Map([...some, ...items.map((item) => [item.key, item] as const)]) }),
        refuse,
      )
    },
    chooseAll: (asked, count) => setKept({ kind: 'all', filter: asked, count }),
    clear: () => setKept(none),
  }
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
  return `All ${count.toLocaleString('en')}${isNarrowed(filter) ? ' matching' : ''}`
}
