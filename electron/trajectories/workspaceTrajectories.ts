import { sep } from 'node:path'
import type { Problem } from '../../shared/runs'
import type { Reconciliation, Trajectory, TrajectorySummary } from '../../shared/trajectories'
import type { Merge, TrajectoryDocument } from './trajectoryDocument'
import { trajectoryRoots, writtenRoot } from './trajectoryRoots'
import { createTrajectoryStore } from './trajectoryStore'

/** The trajectories of a workspace, in whichever of its folders they lie. */
export interface WorkspaceTrajectories {
  /** Do all workspaces keep theirs in one folder, so that not all of them are this workspace's own? */
  readonly isShared: boolean
  /** Looks at the folders again; gives true when what is shown changed. */
  readonly refresh: () => Promise<boolean>
  /** Newest first. */
  readonly list: () => readonly TrajectorySummary[]
  readonly get: (id: string) => Promise<Trajectory | undefined>
  /** Writes a record to the folder of the newest tool that worked here. Throws what TrajectoryStore.save throws. */
  readonly save: (document: TrajectoryDocument, merge?: Merge) => Promise<void>
  /** Brings the index of every folder in step with its files. */
  readonly reconcile: () => Promise<Reconciliation>
  readonly problems: () => readonly Problem[]
  readonly close: () => Promise<void>
}

/** Opens the trajectories of a workspace. `dataDir` is the value of `TRAJECTORIES_DATA_DIR`. Nothing is read before `refresh`. */
export function createWorkspaceTrajectories({
  workspaceDir,
  dataDir,
  cacheDir,
}: {
  readonly workspaceDir: string
  readonly dataDir: string | undefined
  readonly cacheDir: string | null
}): WorkspaceTrajectories {
  const choice = { workspaceDir, dataDir }
  const stores = trajectoryRoots(choice).map((root) => ({ root, store: createTrajectoryStore({ root, cacheDir }) }))
  const all = stores.map(({ store }) => store)
  let merged: Merged | undefined
  const merge = (): Merged => {
    const lists = all.map((store) => store.list())
    if (!merged || lists.some((list, index) => list !== merged?.lists[index])) merged = mergeLists(lists)
    return merged
  }

  return {
    isShared: stores.length === 1,
    refresh: async () => (await Promise.all(all.map((store) => store.refresh()))).includes(true),
    list: () => merge().shown,
    get: async (id) => {
      const path = merge().shown.find((one) => one.id === id)?.path
      for (const store of all) {
        if (path !== undefined && !path.startsWith(store.root + sep)) continue
        const trajectory = await store.get(id)
        if (trajectory) return trajectory
      }
      return undefined
    },
    save: async (document, merge) => {
      const written = await writtenRoot(choice)
      const store = stores.find(({ root }) => root === written)?.store
      await store?.save(document, merge)
    },
    reconcile: async () => {
      const results: Reconciliation[] = []
      for (const store of all) results.push(await store.reconcile())
      return results.reduce(addUp)
    },
    problems: () => [...all.flatMap((store) => [...store.problems()]), ...merge().copies.map(toProblem)],
    close: async () => {
      await Promise.all(all.map((store) => store.close()))
    },
  }
}

interface Copy {
  readonly copy: TrajectorySummary
  readonly of: TrajectorySummary
}

interface Merged {
  readonly lists: readonly (readonly TrajectorySummary[])[]
  readonly shown: readonly TrajectorySummary[]
  readonly copies: readonly Copy[]
}

/** The records of all folders, newest first; of two with one id the one that ended later. */
function mergeLists(lists: readonly (readonly TrajectorySummary[])[]): Merged {
  const [only = [], ...others] = lists.filter((list) => list.length > 0)
  if (others.length === 0) return { lists, shown: only, copies: [] }
  const byId = new Map<string, TrajectorySummary>()
  const copies: Copy[] = []
  for (const one of lists.flat()) {
    const other = byId.get(one.id)
    const [winner, loser] = other && endOf(other) >= endOf(one) ? [other, one] : [one, other]
    byId.set(one.id, winner)
    if (loser) copies.push({ copy: loser, of: winner })
  }
  const shown = [...byId.values()].sort((left, right) => compareText(right.startedAt ?? '', left.startedAt ?? ''))
  return { lists, shown, copies }
}

function endOf({ completedAt, startedAt }: TrajectorySummary): number {
  const ms = Date.parse(completedAt ?? startedAt ?? '')
  return Number.isNaN(ms) ? 0 : ms
}

function compareText(left: string, right: string): number {
  if (left === right) return 0
  return left < right ? -1 : 1
}

function toProblem({ copy, of }: Copy): Problem {
  const message = `Has the id ${copy.id} of ${of.path}, which ended later and is the one that is shown. Remove the one that is not wanted.`
  return { code: 'duplicate_trajectory', path: copy.path, line: null, message }
}

function addUp(left: Reconciliation, right: Reconciliation): Reconciliation {
  return {
    scanned: left.scanned + right.scanned,
    added: left.added + right.added,
    corrected: left.corrected + right.corrected,
    dropped: left.dropped + right.dropped,
    unchanged: left.unchanged + right.unchanged,
    keptAside: left.keptAside ?? right.keptAside,
    failures: [...left.failures, ...right.failures],
  }
}
