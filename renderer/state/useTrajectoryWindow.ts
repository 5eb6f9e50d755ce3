import type { TrajectoryPage, TrajectoryRow } from '../../shared/contract'
import { type PagedWindow, usePagedWindow } from './usePagedWindow'

export type TrajectoryWindow = PagedWindow<TrajectoryRow, TrajectoryPage>

/** The trajectories that fit, newest first, as far as they are on the screen. */
export function useTrajectoryWindow({
  workspaceId,
  search,
  keepsPlace,
}: {
  readonly workspaceId: string | null
  readonly search: string
  readonly keepsPlace: boolean
}): TrajectoryWindow {
  return usePagedWindow({
    key: JSON.stringify([workspaceId, search]),
    ask: (client, part) =>
      client.request('trajectories:query', { workspaceId, ...part, ...(search === '' ? {} : { search }) }),
    rowsOf: (page: TrajectoryPage) => page.rows,
    listen: (client, onChange) =>
      client.on('trajectories:changed', (event) => {
        if (workspaceId === null || event.workspaceId === workspaceId) onChange()
      }),
    keepsPlace,
  })
}
