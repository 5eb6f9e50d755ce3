import { basename } from 'node:path'
import type { Handlers, Workspace } from '../../shared/contract'
import { RundeskError } from '../../shared/outcome'
import type { Problem } from '../../shared/runs'
import { onlyFileWords } from '../runs/runStore'
import { isRepairedByReconciling } from '../trajectories/trajectoryProblems'
import type { WritebackDesk } from '../writebacks/writebackDesk'
import { listRuns } from './runList'
import { createRunOrders } from './runOrders'
import type { Session } from './session'
import type { WorkspaceEntry, Workspaces } from './workspaces'

type WorkspaceHandlers = Pick<
  Handlers,
  | 'workspaces:list'
  | 'workspaces:choose'
  | 'workspaces:add'
  | 'workspaces:remove'
  | 'problems:query'
  | 'problems:repair'
>

const minCountMs = 1_000
/** Runs also change by growing old. */
const maxCountMs = 30_000
const noRuns = { all: 0, running: 0, needsYou: 0, failed: 0, orphaned: 0 }

/** The handlers about workspaces and their problems. */
export function createWorkspaceHandlers({
  workspaces,
  desk,
  staleAfterMs,
  chooseFolder,
  onListChanged,
  ownProblems,
}: {
  readonly workspaces: Workspaces
  readonly desk: WritebackDesk
  readonly staleAfterMs: () => number
  /** Opens the system's folder dialog; null where there is none. */
  readonly chooseFolder: (() => Promise<string | null>) | null
  readonly onListChanged: () => Promise<void>
  /** What is wrong with the app's own documents. */
  readonly ownProblems: () => readonly Problem[]
}): WorkspaceHandlers {
  /** Counted at most once a second and workspace: the list is asked for after every change. */
  const counted = new Map<
    string,
    { readonly atMs: number; readonly revision: number; readonly counts: Workspace['counts'] }
  >()
  const orders = createRunOrders()
  const countsOf = async (session: Session): Promise<Workspace['counts']> => {
    const nowMs = Date.now()
    const revision = session.store.revision()
    const known = counted.get(session.folder.id)
    if (known && (nowMs - known.atMs < minCountMs || (known.revision === revision && nowMs - known.atMs < maxCountMs)))
      return known.counts
    const { counts } = (await listRuns([session], {}, { nowMs, staleAfterMs: staleAfterMs(), orders })).all
    const shown = { ...counts, needsYou: counts['needs-you'] }
    counted.set(session.folder.id, { atMs: nowMs, revision, counts: shown })
    return shown
  }
  const show = async ({ folder, session, trouble, origin }: WorkspaceEntry): Promise<Workspace> => {
    const runs = session ? await countsOf(session) : null
    const { undelivered, stuck, mountCount } = desk.counts(folder.id)
    return {
      id: folder.id,
      path: folder.path,
      name: basename(folder.path) || folder.path,
      hasStore: session?.hasStore() ?? false,
      mountCount,
      trouble,
      loading: session?.store.loading() ?? null,
      degraded: session?.store.degraded() ?? null,
      counts: runs ?? noRuns,
      writebacks: { undelivered, stuck },
      problemCount: problemsOf({ folder, session, trouble, origin }, desk).length,
      origin,
      readOnly: folder.isFile ? onlyFileWords(folder.path) : null,
    }
  }
  const add = async (path: string): Promise<Workspace> => {
    const entry = await workspaces.add(path)
    await onListChanged()
    return show(entry)
  }

  return {
    'workspaces:list': async () => ({
      workspaces: await Promise.all(workspaces.entries().map(show)),
      revision: workspaces.revision(),
    }),
    'workspaces:choose': async () => {
      if (!chooseFolder)
        throw new RundeskError('not_supported', 'There is no folder dialog here. Type the path of the folder.')
      const path = await chooseFolder()
      return { workspace: path === null ? null : await add(path) }
    },
    'workspaces:add': async ({ path }) => {
      if (chooseFolder)
        throw new RundeskError('refused', 'A window names no folder by its path. Choose it in the dialog: Open Folder.')
      return { workspace: await add(path) }
    },
    'workspaces:remove': async ({ workspaceId }) => {
      await workspaces.remove(workspaceId)
      await onListChanged()
      return {}
    },
    'problems:query': async ({ workspaceId, offset, limit }) => {
      const entries = workspaces.entries().filter(({ folder }) => workspaceId === null || folder.id === workspaceId)
      const elsewhere =
        workspaceId === null ? [...ownProblems(), ...desk.problems(null).filter((problem) => !problem.workspaceId)] : []
      const problems = [...entries.flatMap((entry) => problemsOf(entry, desk)), ...elsewhere]
      return {
        problems: problems.slice(offset, offset + limit),
        total: problems.length,
        revision: workspaces.revision(),
      }
    },
    'problems:repair': async ({ workspaceId, code, path }) => {
      const session = workspaces.session(workspaceId)
      if (!isRepairedByReconciling(code)) await session.faults.repair({ code, path })
      else {
        await session.trajectories.reconcile()
        session.trajectoriesChanged()
      }
      return {}
    },
  }
}

/** Everything that is wrong in one workspace: its folder, its run store, its trajectories, its mounts. */
export function problemsOf({ folder, session, trouble }: WorkspaceEntry, desk: WritebackDesk): Problem[] {
  const own = trouble ? [{ code: 'invalid_workspace', path: folder.path, line: null, message: trouble }] : []
  const ofSession = session
    ? [...session.store.problems(), ...session.faultsFound(), ...session.trajectories.problems()]
    : []
  const all = [...own, ...ofSession, ...desk.problems(folder.id)]
  return all.map((problem) => ({ ...problem, workspaceId: folder.id }))
}
