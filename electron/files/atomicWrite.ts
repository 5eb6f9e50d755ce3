import { chmod, chown, open, realpath, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { errnoCode } from './errnoCode'
import { removeStaleTemporariesOnce, temporaryPath } from './temporaryFiles'

/**
 * Replaces a whole file so that a reader, and a crash, sees the old or the new content, never half: unique temporary
 * name in the same folder, write, fsync, rename, fsync of the folder. A symlink is written through; mode and owner of
 * an existing file are kept, a new one gets `mode` (0o644); with `forUserAlone` it is 0o600, whatever it was. Throws the system's error and then leaves no temporary file.
 * What writers of the folder left there when they died is removed at this process's first write.
 */
export async function writeFileAtomic(
  path: string,
  data: string | Uint8Array,
  { mode = 0o644, forUserAlone = false }: { readonly mode?: number; readonly forUserAlone?: boolean } = {},
): Promise<void> {
  const target = await throughSymlink(path)
  const folder = dirname(target)
  await removeStaleTemporariesOnce(folder)
  await placeFile(target, data, { mode: forUserAlone ? 0o600 : mode, keepMode: !forUserAlone })
  await syncFolder(folder)
}

/**
 * As `writeFileAtomic` for several files of one folder, up to the sync of that folder: a crash may undo it until the
 * caller has done `syncFolder`. Symlinks are replaced, not written through.
 */
export async function placeFiles(
  files: readonly { readonly path: string; readonly data: string | Uint8Array }[],
): Promise<void> {
  await Promise.all(files.map(({ path, data }) => placeFile(path, data, { mode: 0o644, keepMode: true })))
}

async function placeFile(
  target: string,
  data: string | Uint8Array,
  { mode: newMode, keepMode }: { readonly mode: number; readonly keepMode: boolean },
): Promise<void> {
  const temp = temporaryPath(target)
  const existing = await stat(target).catch(() => undefined)
  const mode = existing && keepMode ? existing.mode & 0o7777 : newMode
  try {
    const handle = await open(temp, 'wx', mode)
    try {
      await handle.writeFile(data)
      await handle.sync()
    } finally {
      await handle.close()
    }
    if (existing) await keepOwner(temp, existing, mode)
    await rename(temp, target)
  } catch (error) {
    await rm(temp, { force: true }).catch(() => undefined)
    throw error
  }
}

async function throughSymlink(path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch (error) {
    if (errnoCode(error) === 'ENOENT') return path
    throw error
  }
}

async function keepOwner(temp: string, existing: { uid: number; gid: number }, mode: number): Promise<void> {
  await chmod(temp, mode)
  const created = await stat(temp)
  if (created.uid === existing.uid && created.gid === existing.gid) return
  await chown(temp, existing.uid, existing.gid).catch(() => undefined) // Only root may give files away.
}

/** Makes a rename or a new name in the folder durable. Systems that cannot sync a folder do not need it. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined)
  if (!handle) return
  try {
    await handle.sync()
  } catch (error) {
    if (!['EPERM', 'EINVAL', 'EISDIR', 'ENOTSUP'].includes(errnoCode(error) ?? '')) throw error
  } finally {
    await handle.close()
  }
}
