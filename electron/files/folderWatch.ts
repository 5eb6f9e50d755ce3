import { type FSWatcher, watch } from 'node:fs'
import { lstat, stat, statfs } from 'node:fs/promises'
import { basename } from 'node:path'
import { isMissing } from './boundedRead'

/** A folder, and the names in it that matter; null: all of them. */
export interface WatchedFolder {
  readonly path: string
  readonly names: readonly string[] | null
}

/** Has the system tell of changes, so that nobody has to look for them all the time. */
export interface FolderWatch {
  /**
   * Joins folders that came and leaves those that went; cheap when called often. Gives whether the system tells of every
   * change now. False: whoever wants to know has to look.
   */
  readonly renew: () => Promise<boolean>
  readonly close: () => void
}

/** Folders are looked at again this often, in ms, or when one of them came or went. */
const renewMs = 2_000
/**
 * Types of file systems (statfs(2)) on which nothing changes behind the system's back: ext, XFS, Btrfs, tmpfs, ramfs,
 * overlay, F2FS, ZFS, bcachefs and eCryptfs. What other machines write on a shared one is told to nobody here.
 */
const localTypes: ReadonlySet<number> = new Set([
  0xef53, 0x58465342, 0x9123683e, 0x01021994, 0x858458f6, 0x794c7630, 0xf2f52010, 0x2fc12fc1, 0xca451a4e, 0xf15f,
])

/**
 * Watches folders, each of which lies in the one before; all but the first may be missing. `onTold` is called, often more
 * than once, when a name that matters changed, and when a folder came or went. With `file`, which lies in one of them, a
 * file that others may write from elsewhere (a link) counts as one of which nobody tells. Only Linux is trusted to tell.
 */
export function createFolderWatch({
  folders,
  file,
  onTold,
}: {
  readonly folders: readonly WatchedFolder[]
  readonly file?: string
  readonly onTold: () => void
}): FolderWatch {
  const joined = new Map<string, { readonly id: string; readonly watcher: FSWatcher; readonly isLocal: boolean }>()
  const inner: ReadonlySet<string> = new Set(folders.slice(1).map(({ path }) => basename(path)))
  let isTold = false
  let isStale = true
  let renewedMs = 0
  let closed = false

  const leave = (path: string): void => {
    joined.get(path)?.watcher.close()
    joined.delete(path)
  }
  const tell = ({ path, names }: WatchedFolder, name: string | null): void => {
    const isFolder = name === null || name === basename(path) || inner.has(name)
    if (isFolder) isStale = true
    if (isFolder || names === null || names.includes(name)) onTold()
  }
  const join = async (folder: WatchedFolder, id: string): Promise<boolean> => {
    const { path } = folder
    const known = joined.get(path)
    if (known?.id === id) return known.isLocal
    leave(path)
    try {
      const isLocal = localTypes.has((await statfs(path)).type)
      if (closed) return false
      const watcher = watch(path, { persistent: false }, (_kind, name) => tell(folder, name))
      watcher.on('error', () => {
        leave(path)
        tell(folder, null)
      })
      joined.set(path, { id, watcher, isLocal })
      return isLocal
    } catch {
      return false // It cannot be watched: too many are already, or we may not.
    }
  }
  /** Joins from the first folder to the first that is missing. */
  const joinAll = async (): Promise<boolean> => {
    let told = true
    let missing = false
    for (const [index, folder] of folders.entries()) {
      const found = missing ? undefined : await stat(folder.path).catch(orUndefined)
      if (!found?.isDirectory()) {
        missing = true
        if (index === 0 || found) told = false
        leave(folder.path)
      } else if (!(await join(folder, `${found.dev} ${found.ino}`))) told = false
    }
    return told
  }

  return {
    renew: async () => {
      if (process.platform !== 'linux' || closed) return false
      if (!isStale && performance.now() - renewedMs < renewMs) return isTold
      isStale = false
      renewedMs = performance.now()
      try {
        isTold = (await joinAll()) && (file === undefined || (await isOnlyHere(file)))
      } catch {
        isTold = false
      }
      return isTold
    },
    close: () => {
      closed = true
      for (const path of [...joined.keys()]) leave(path)
    },
  }
}

/** Is a file written nowhere else than under its own name? */
async function isOnlyHere(file: string): Promise<boolean> {
  const found = await lstat(file).catch(orUndefined)
  return !found || (!found.isSymbolicLink() && found.nlink <= 1)
}

function orUndefined(error: unknown): undefined {
  if (!isMissing(error)) throw error
  return undefined
}
