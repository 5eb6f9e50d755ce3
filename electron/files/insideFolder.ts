import { constants, type FileHandle, open, readlink, realpath } from 'node:fs/promises'
import { basename, dirname, join, sep } from 'node:path'
import { RundeskError } from '../../shared/outcome'
import { placeFiles, syncFolder } from './atomicWrite'
import { removeStaleTemporaries } from './temporaryFiles'

const noFollow = constants.O_NOFOLLOW ?? 0

/**
 * Reads a plain file that lies in `root`, by whatever links lead to it. What is looked at is the file that is open, so that a
 * link that is swapped meanwhile changes nothing. Throws `refused` for a file that lies elsewhere, or the system's error.
 */
export async function readInside(root: string, path: string): Promise<Buffer> {
  const file = await open(path, constants.O_RDONLY | noFollow | (constants.O_NONBLOCK ?? 0))
  try {
    if (!(await file.stat()).isFile()) throw new RundeskError('refused', `${path} is no plain file, so it is not used.`)
    await mustLieIn(root, { path, handle: file })
    return await file.readFile()
  } finally {
    await file.close()
  }
}

/**
 * Replaces a whole file of a folder that lies in `root`, as `writeFileAtomic` does, but a link in its place is replaced, not
 * followed. On Linux it is written into the folder that was looked at, whatever becomes of its name meanwhile. Throws
 * `refused` for a folder that lies elsewhere, or the system's error.
 */
export async function writeInside(root: string, path: string, data: Uint8Array): Promise<void> {
  const folder = await open(dirname(path), constants.O_RDONLY | (constants.O_DIRECTORY ?? 0))
  try {
    await mustLieIn(root, { path: dirname(path), handle: folder })
    const held = process.platform === 'linux' ? `/proc/self/fd/${folder.fd}` : dirname(path)
    await removeStaleTemporaries(held)
    await placeFiles([{ path: join(held, basename(path)), data }])
    await syncFolder(held)
  } finally {
    await folder.close()
  }
}

/** On Linux the system itself says where an open file lies; elsewhere the path is looked at again, which a swap may outrun. */
async function mustLieIn(
  root: string,
  { path, handle }: { readonly path: string; readonly handle: FileHandle },
): Promise<void> {
  const base = await realpath(root)
  const real = process.platform === 'linux' ? await readlink(`/proc/self/fd/${handle.fd}`) : await realpath(path)
  if (real !== base && !real.startsWith(`${base}${sep}`))
    throw new RundeskError('refused', `${path} lies behind a link that leads out of ${root}, so it is not used.`)
}
