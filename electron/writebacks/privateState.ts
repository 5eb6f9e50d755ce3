import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { readDocument } from './mountScan'
import { type PrivateState, privateStateSchema } from './recordSchemas'

/**
 * The private state of a mount: that in the folder named after the mount, else the one inside the mount
 * (docs/formats-writebacks.md, "Private state").
 */
export async function findPrivateState({
  localDir,
  home,
  remoteRoot,
  workspaceId,
  onProblem,
}: {
  readonly localDir: string
  readonly home: string
  readonly remoteRoot: string
  readonly workspaceId: string | null
  readonly onProblem: (code: string, path: string, message: string) => void
}): Promise<PrivateState | null> {
  const root = process.env.RELAYFILE_MOUNT_STATE_DIR || join(home, '.relayfile-mount-state')
  if (workspaceId !== null) {
    const id = createHash('sha256')
      .update([workspaceId, remoteRoot, localDir, 'daemon'].join('\0'))
      .digest('hex')
      .slice(0, 32)
    const own = await readDocument(join(root, id, 'state.json'), privateStateSchema, onProblem)
    if (own) return own
  }
  return readDocument(join(localDir, '.relayfile-mount-state.json'), privateStateSchema, onProblem)
}
