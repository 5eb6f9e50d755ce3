import type { Client } from '../../shared/client'
import type { WritebackPage } from '../../shared/contract'
import type { WritebackItem } from '../../shared/writebacks'
import { type PagedWindow, usePagedWindow } from './usePagedWindow'

/** What is asked of the writebacks. */
export interface WritebackQuestion {
  readonly workspaceId: string | null
  readonly groupKey: string | null
  readonly search: string
}

export type WritebackWindow = PagedWindow<WritebackItem, WritebackPage>

const ask = (
  client: Client,
  { workspaceId, groupKey, search }: WritebackQuestion,
  part: { readonly offset: number; readonly limit: number },
): Promise<WritebackPage> =>
  client.request('writebacks:query', {
    workspaceId,
    ...part,
    ...(groupKey === null ? {} : { groupKey }),
    ...(search === '' ? {} : { search }),
  })

/** The writebacks that fit, as far as they are on the screen. */
export function useWritebackWindow(question: WritebackQuestion): WritebackWindow {
  return usePagedWindow({
    key: JSON.stringify([question.workspaceId, question.groupKey, question.search]),
    ask: (client, part) => ask(client, question, part),
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

/** All writebacks that fit, also those that are not on the screen. */
export async function allWritebacks(client: Client, question: WritebackQuestion): Promise<readonly WritebackItem[]> {
  const items: WritebackItem[] = []
  for (;;) {
    const page = await ask(client, question, { offset: items.length, limit: partSize })
    items.push(...page.items)
    if (page.items.length === 0 || items.length >= page.total) return items
  }
}
