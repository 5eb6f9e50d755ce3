import { realpath, stat } from 'node:fs/promises'
import type { Problem } from '../../shared/runs'
import type { Mount } from '../../shared/writebacks'
import { credentialFacts } from './credentialFacts'
import { noCredentials } from './credentials'
import { discoverMounts, type RegisteredMount, registryMounts } from './discoverMounts'
import type { MountDesk } from './mountDesk'
import { type MountAround, missingMount, toMount } from './mountView'

/** A folder to look for mounts in. */
export interface WatchedFolder {
  readonly workspaceId: string
  readonly path: string
}

/** Which mounts there are: each with its desk, those that are registered but missing, and what the registry says. */
export interface MountRoster {
  readonly setFolders: (folders: readonly WatchedFolder[]) => void
  readonly folders: () => readonly WatchedFolder[]
  /** Looks for mounts; opens the desks of new ones and closes those of mounts that left. True when a mount left, or missing mounts or the registry's problems are others. */
  readonly discover: () => Promise<boolean>
  readonly desks: () => readonly MountDesk[]
  /** The desks of one workspace; null stands for all. */
  readonly chosen: (workspaceId: string | null) => readonly MountDesk[]
  readonly mountsOf: (workspaceId: string | null) => Mount[]
  readonly registryProblems: () => readonly Problem[]
}

export function createMountRoster({
  home,
  openDesk,
}: {
  readonly home: string
  readonly openDesk: (localDir: string, workspaceId: string) => MountDesk
}): MountRoster {
  let desks: readonly MountDesk[] = []
  let folders: readonly WatchedFolder[] = []
  let registryProblems: readonly Problem[] = []
  let registered: readonly RegisteredMount[] = []
  let missing: readonly Mount[] = []

  const chosen: MountRoster['chosen'] = (workspaceId) =>
    desks.filter((desk) => workspaceId === null || desk.workspaceId === workspaceId)
  const around = (desk: MountDesk): MountAround => {
    const known = registered.find(({ localDir }) => localDir === desk.localDir)
    return {
      workspaceId: desk.workspaceId,
      name: known?.name ?? null,
      credentials: desk.view()?.scan.credentials ?? noCredentials,
    }
  }

  return {
    setFolders: (next) => {
      folders = next
    },
    folders: () => folders,
    desks: () => desks,
    chosen,
    discover: async () => {
      const before = JSON.stringify([registryProblems, missing])
      const next: MountDesk[] = []
      for (const { workspaceId, path } of folders) {
        for (const found of await discoverMounts(path)) {
          const localDir = await realpath(found).catch(() => found)
          if (next.some((desk) => desk.localDir === localDir)) continue
          const known = desks.find((desk) => desk.localDir === localDir && desk.workspaceId === workspaceId)
          next.push(known ?? openDesk(localDir, workspaceId))
        }
      }
      const left = desks.filter((desk) => !next.includes(desk))
      desks = next
      await Promise.all(left.map((desk) => desk.close()))
      const registry = await registryMounts(home)
      registryProblems = registry.problems
      registered = await withRealPaths(registry.mounts)
      missing = await missingMounts(registered, { folders, home })
      return left.length > 0 || JSON.stringify([registryProblems, missing]) !== before
    },
    mountsOf: (workspaceId) => [
      ...chosen(workspaceId).flatMap((desk) => {
        const scan = desk.view()?.scan
        return scan ? [toMount(scan, around(desk))] : []
      }),
      ...missing.filter((mount) => workspaceId === null || mount.workspaceId === workspaceId),
    ],
    registryProblems: () => registryProblems,
  }
}

/** Registered mounts that are looked for in one of the folders, but are not there. */
async function missingMounts(
  registered: readonly RegisteredMount[],
  {
    folders,
    home,
  }: {
    readonly folders: readonly WatchedFolder[]
    readonly home: string
  },
): Promise<readonly Mount[]> {
  const gone: Mount[] = []
  for (const { name, localDir, workspaceIds } of registered) {
    const folder = folders.find(({ path }) => path === localDir)
    if (!folder || (await stat(localDir).catch(() => undefined))) continue
    const facts = await credentialFacts(workspaceIds, { home, nowMs: Date.now() })
    gone.push(missingMount(localDir, { workspaceId: folder.workspaceId, name, credentials: facts }))
  }
  return gone
}

/** The mounts with links in their folders' paths followed, where the folder is there. */
function withRealPaths(mounts: readonly RegisteredMount[]): Promise<readonly RegisteredMount[]> {
  return Promise.all(
    mounts.map(async (mount) => ({
      ...mount,
      localDir: await realpath(mount.localDir).catch(() => mount.localDir),
    })),
  )
}
