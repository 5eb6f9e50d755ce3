import { realpath } from 'node:fs/promises'
import type { WorkspaceIdentity } from './credentials'
import { type RegisteredMount, registryMounts } from './discoverMounts'

/** Which workspace a mount belongs to, by its state file and by relayfile's registry. */
export async function workspaceOf({
  localDir,
  home,
  stateWorkspaceId,
}: {
  readonly localDir: string
  readonly home: string
  /** As the mount's state.json gives it; null without one. */
  readonly stateWorkspaceId: string | null
}): Promise<WorkspaceIdentity> {
  const { mounts } = await registryMounts(home)
  const own: RegisteredMount[] = []
  for (const mount of mounts)
    if (mount.localDir === localDir || (await realpath(mount.localDir).catch(() => '')) === localDir) own.push(mount)
  const ids = [stateWorkspaceId ?? '', ...own.flatMap(({ workspaceIds }) => workspaceIds)].filter((id) => id !== '')
  return {
    ids: [...new Set(ids)],
    server: own.find(({ server }) => server !== null)?.server ?? null,
    alone: mounts.every((mount) => own.includes(mount)),
  }
}
