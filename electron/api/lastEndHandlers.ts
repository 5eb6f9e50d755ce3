import type { Handlers } from '../../shared/contract'
import type { ExecutedRun, LastEnd } from '../../shared/lastEnd'
import type { Workspaces } from './workspaces'

const goingStatuses: readonly string[] = ['running', 'pending']

/** Tells once what the process left that had the data folder before; of its runs those that its end cut off. */
export function createLastEndHandlers({
  workspaces,
  lastEnd,
}: {
  readonly workspaces: Workspaces
  readonly lastEnd: LastEnd | null
}): Pick<Handlers, 'app:lastEnd'> {
  let left = lastEnd
  /** The mark may be older than the run's last line. */
  const isCutOff = async ({ workspaceId, runId }: ExecutedRun): Promise<boolean> => {
    const session = workspaces.sessions().find(({ folder }) => folder.id === workspaceId)
    await session?.ready
    return goingStatuses.includes(session?.store.get(runId)?.view.status ?? '')
  }
  return {
    'app:lastEnd': async () => {
      const told = left
      left = null
      if (told === null) return { lastEnd: null }
      const cutOff = await Promise.all(told.runs.map(isCutOff))
      return { lastEnd: { ...told, runs: told.runs.filter((_, index) => cutOff[index]) } }
    },
  }
}
