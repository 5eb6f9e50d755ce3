import type { Handlers } from '../../shared/contract'
import type { ExecutedRun, LastEnd } from '../../shared/lastEnd'
import type { Workspaces } from './workspaces'

const goingStatuses: readonly string[] = ['running', 'pending']

/** What dead processes left that had the data folder; of their runs those that their end cut off. */
export interface LastEnds {
  readonly list: () => Promise<readonly LastEnd[]>
  /** Tells them once: they have been read then. */
  readonly handlers: Pick<Handlers, 'app:lastEnds'>
}

export function createLastEnds({
  workspaces,
  lastEnds,
}: {
  readonly workspaces: Workspaces
  readonly lastEnds: readonly LastEnd[]
}): LastEnds {
  let left = lastEnds
  /** A mark may be older than the run's last line. */
  const isCutOff = async ({ workspaceId, runId }: ExecutedRun): Promise<boolean> => {
    const session = workspaces.sessions().find(({ folder }) => folder.id === workspaceId)
    await session?.ready
    return goingStatuses.includes(session?.store.get(runId)?.view.status ?? '')
  }
  const asOfNow = async (end: LastEnd): Promise<LastEnd> => {
    const cutOff = await Promise.all(end.runs.map(isCutOff))
    return { ...end, runs: end.runs.filter((_, index) => cutOff[index]) }
  }
  const list = (): Promise<readonly LastEnd[]> => Promise.all(left.map(asOfNow))
  return {
    list,
    handlers: {
      'app:lastEnds': async () => {
        const told = list()
        left = []
        return { lastEnds: [...(await told)] }
      },
    },
  }
}
