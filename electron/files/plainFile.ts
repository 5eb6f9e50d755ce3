import { constants, type FileHandle, open } from 'node:fs/promises'
import { RundeskError } from '../../shared/outcome'

/**
 * Opens a plain file, or what links lead to, for reading. Pipes, devices and folders are refused without waiting for whoever
 * is at their other end. Throws `unreadable`, or the system's error.
 */
export async function openPlainFile(path: string): Promise<FileHandle> {
  const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  try {
    mustBePlain(path, await handle.stat())
    return handle
  } catch (error) {
    await handle.close()
    throw error
  }
}

/** The text of such a file. */
export async function readPlainText(path: string): Promise<string> {
  const handle = await openPlainFile(path)
  try {
    return await handle.readFile('utf8')
  } finally {
    await handle.close()
  }
}

/** Throws `unreadable` for what is no plain file. */
export function mustBePlain(path: string, stats: { readonly isFile: () => boolean }): void {
  if (!stats.isFile())
    throw new RundeskError('unreadable', `${path} is no plain file, so it is not read. Move it away, or delete it.`)
}
