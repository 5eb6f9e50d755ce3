import { chmod, lstat, mkdir } from 'node:fs/promises'

/**
 * Makes a folder that the user alone may enter, whatever the process's umask is, and takes from one of the user's own that
 * is there what others may do in it. Missing parents are made alike. Throws the system's error.
 */
export async function makePrivateFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 })
  await narrow(path)
}

/**
 * Takes from a file or folder of the user's own what others may do with it. Links are left alone, and so is everything where
 * modes mean nothing; never throws.
 */
export async function narrow(path: string): Promise<void> {
  const stats = await lstat(path).catch(() => undefined)
  if (!stats || stats.isSymbolicLink() || (stats.mode & 0o077) === 0 || stats.uid !== process.getuid?.()) return
  await chmod(path, stats.mode & 0o700).catch(() => undefined)
}
