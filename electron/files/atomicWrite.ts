import { randomBytes } from 'node:crypto'
import { chmod, chown, open, readdir, realpath, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { errnoCode } from './errnoCode'
import { isProcessAlive } from './processIdentity'

const temporary = /\.tmp-(\d+)-[0-9a-f]{12}$/

/**
 * Replaces a whole file so that a reader, and a crash, sees the old or the new content, never half: unique temporary
 * name in the same folder, write, fsync, rename, fsync of the folder. A symlink is written through; mode and owner of
 * an existing file are kept, a new one gets `mode` (0o644). Throws the system's error and then leaves no temporary file.
 */
export async function writeFileAtomic(
  path: string,
  data: string | Uint8Array,
  { mode = 0o644 }: { readonly mode?: number } = {},
): Promise<void> {
  const target = await throughSymlink(path)
  const folder = dirname(target)
  const temp = join(folder, `.${basename(target)}.tmp-${process.pid}-${randomBytes(6).toString('hex')}`)
  const existing = await stat(target).catch(() => undefined)
  try {
    const handle = await open(temp, 'wx', existing ? existing.mode & 0o7777 : mode)
    try {
      await handle.writeFile(data)
      await handle.sync()
    } finally {
      await handle.close()
    }
    if (existing) await keepOwner(temp, existing)
    await rename(temp, target)
  } catch (error) {
    await rm(temp, { force: true }).catch(() => undefined)
    throw error
  }
  await syncFolder(folder)
}

async function throughSymlink(path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch (error) {
    if (errnoCode(error) === 'ENOENT') return path
    throw error
  }
}

async function keepOwner(temp: string, existing: { uid: number; gid: number; mode: number }): Promise<void> {
  await chmod(temp, existing.mode & 0o7777)
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

/** Removes the temporary files that writers of this folder left behind when they died. */
export async function removeStaleTemporaries(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const match = temporary.exec(name)
    if (match && !isProcessAlive(Number(match[1]))) await rm(join(folder, name), { force: true })
  }
}
