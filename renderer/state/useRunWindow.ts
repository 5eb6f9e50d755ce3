import { useEffect, useState, useSyncExternalStore } from 'react'
import type { RunAsk, RunPage } from '../../shared/runList'
import type { Run } from '../../shared/runs'
import { useClient } from './client'
import type { Glance } from './runGlances'
import { askKey, createRunPages } from './runPages'
import type { PagedWindow } from './usePagedWindow'

export interface RunWindow extends Omit<PagedWindow<Run, RunPage>, 'held' | 'placeOf'> {
  /** What is known of a row that is still on its way. */
  readonly glanceAt: (index: number) => Glance | undefined
  /** The question that the rows answer: while a new one is on its way, the rows of the last one stay. */
  readonly answered: string | null
  /** So many of the rows no longer fit. */
  readonly goneRows: number
  /** Is the answer to the present question still on its way? */
  readonly busy: boolean
  /** Asks for what the next drawing will want, so that its answer does not wait for that. */
  readonly askAhead: (ask: RunAsk) => void
}

/**
 * The runs that fit, in their order, as far as they are on the screen. While it `holds` (somebody points at the list, has
 * scrolled or chosen in it) its rows stay where they are, each as it is now, and what is new is counted.
 */
export function useRunWindow(ask: RunAsk, holds: boolean): RunWindow {
  const client = useClient()
  const [pages] = useState(() => createRunPages(client))
  const { key: answered, page, failure } = useSyncExternalStore(pages.subscribe, pages.state)
  const key = askKey(ask)
  useEffect(() => pages.listen(), [pages])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the same key asks the same
  useEffect(() => pages.want(ask, holds), [pages, key, holds])
  return {
    ...{ answered, page, failure, busy: answered !== key && failure === null },
    ...{ rowAt: pages.rowAt, glanceAt: pages.glanceAt, show: pages.show },
    total: page?.total ?? 0,
    newRows: page?.newRows ?? 0,
    goneRows: page?.goneRows ?? 0,
    askAhead: (next) => pages.want(next, holds),
    toNewest: pages.toNewest,
    retry: pages.refresh,
  }
}
