import type { RunFilter } from '../../shared/rules/runFilters'
import type { RunPage } from '../../shared/runList'
import type { Run } from '../../shared/runs'
import { type PagedWindow, usePagedWindow } from './usePagedWindow'

/** What is asked of the run list. */
export interface RunListQuestion {
  readonly workspaceId: string | null
  readonly filter: RunFilter
  readonly search: string
}

export type RunWindow = PagedWindow<Run, RunPage>

/** The runs that fit, newest first, as far as they are on the screen. */
export function useRunWindow(question: RunListQuestion, keepsPlace: boolean): RunWindow {
  const { workspaceId, filter, search } = question
  return usePagedWindow({
    key: JSON.stringify([workspaceId, filter, search]),
    ask: (client, part) => client.request('runs:query', { workspaceId, filter, search, ...part }),
    rowsOf: (page: RunPage) => page.rows,
    listen: (client, onChange) =>
      client.on('runs:changed', (event) => {
        if (workspaceId === null || event.workspaceId === workspaceId) onChange()
      }),
    keepsPlace,
  })
}
