import { dirname, join } from 'node:path'
import { createFolderWatch, type FolderWatch } from '../files/folderWatch'

/** Between two looks at a store, in ms, after which it is looked at even when nobody told of a change. */
const pausesMs = {
  /** The system tells of every change: this is for what it forgot. */
  told: { shown: 2_000, hidden: 10_000 },
  /** A process that ends tells nobody. */
  held: { shown: 500, hidden: 1_000 },
  untold: { shown: 250, hidden: 1_000 },
} as const

/** How long to wait until the next look at a store. */
export function pauseOf({
  isTold,
  isShown,
  isHeld,
  isUnsaved,
}: {
  /** Does the system tell of every change? */
  readonly isTold: boolean
  readonly isShown: boolean
  /** Does a living process hold a run? */
  readonly isHeld: boolean
  /** Are rows waiting for the disk? */
  readonly isUnsaved: boolean
}): number {
  const seen = isShown ? 'shown' : 'hidden'
  if (isUnsaved || !isTold) return pausesMs.untold[seen]
  return isHeld ? pausesMs.held[seen] : pausesMs.told[seen]
}

/** Has the system tell of changes of a store and of its leases. Without a workspace the file stands alone. */
export function watchStore({
  workspaceDir,
  file,
  onTold,
}: {
  readonly workspaceDir: string | null
  readonly file: string
  readonly onTold: () => void
}): FolderWatch {
  const relayDir = dirname(file)
  const name = file.slice(relayDir.length + 1)
  if (workspaceDir === null) return createFolderWatch({ folders: [{ path: relayDir, names: [name] }], file, onTold })
  const folders = [
    { path: workspaceDir, names: ['.agent-relay'] },
    { path: relayDir, names: [name, 'rundesk'] },
    { path: join(relayDir, 'rundesk'), names: ['leases'] },
    { path: join(relayDir, 'rundesk', 'leases'), names: null },
  ]
  return createFolderWatch({ folders, file, onTold })
}
