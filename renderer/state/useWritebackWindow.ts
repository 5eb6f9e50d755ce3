import type { Client } from '../../shared/client'
import { type WritebackPage, type WritebackQuery, writebackSorts } from '../../shared/contract'
import { groupStates, type WritebackItem, writebackStates } from '../../shared/writebacks'
import type { DeskRoute } from './deskRoute'
import { type PagedWindow, usePagedWindow } from './usePagedWindow'

/** Which writebacks, in which order. */
export type WritebackFilter = Omit<WritebackQuery, 'offset' | 'limit' | 'listLimit'>

export type WritebackWindow = PagedWindow<WritebackItem, WritebackPage>

/** What an address asks of the writebacks; words that nobody knows ask for nothing. */
export function filterOf({ workspaceId, ask = {} }: DeskRoute): WritebackFilter {
  const state = writebackStates.find((known) => known === ask.state)
  const groupState = groupStates.find((known) => known === ask.causes)
  const sort = writebackSorts.find((known) => known === ask.sort)
  return {
    workspaceId,
    ...(state ? { state } : {}),
    ...(groupState ? { groupState } : {}),
    ...(sort ? { sort } : {}),
    ...(ask.cause ? { groupKey: ask.cause } : {}),
    ...(ask.provider ? { provider: ask.provider } : {}),
    ...(ask.mount ? { mount: ask.mount } : {}),
    ...(ask.q ? { search: ask.q } : {}),
  }
}

/** Does the address ask for less than all writebacks? */
export function isNarrowed({ workspaceId: _, sort: __, ...rest }: WritebackFilter): boolean {
  return Object.keys(rest).length > 0
}

/** The writebacks that fit, as far as they are on the screen. */
export function useWritebackWindow(filter: WritebackFilter): WritebackWindow {
  return usePagedWindow({
    key: JSON.stringify(filter),
    ask: (client, part) => client.request('writebacks:query', { ...filter, ...part }),
    rowsOf: (page: WritebackPage) => page.items,
    listen: (client, onChange) => {
      const stops = [client.on('writebacks:changed', onChange), client.on('operations:changed', onChange)]
      return () => {
        for (const stop of stops) stop()
      }
    },
    keepsPlace: false,
  })
}

const partSize = 500

/** The writebacks from one place to another, both included, also those that are not on the screen. */
export async function writebacksBetween(
  client: Client,
  filter: WritebackFilter,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<readonly WritebackItem[]> {
  const items: WritebackItem[] = []
  for (let offset = from; offset <= to; offset += partSize) {
    const limit = Math.min(partSize, to + 1 - offset)
    const page = await client.request('writebacks:query', { ...filter, offset, limit, listLimit: 0 })
    items.push(...page.items)
    if (page.items.length < limit) break
  }
  return items
}
