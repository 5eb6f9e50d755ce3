import { open } from 'node:fs/promises'
import { errnoCode } from './errnoCode'

/** Bytes that one write put into a file. */
export interface Written {
  readonly offset: number
  readonly data: Buffer
}

/**
 * Syncs what a sync of the file refused: what still stands of it is written once more in its place, for a sync that failed
 * may have left it clean in memory only. False when others removed the file: nothing is left to sync then. Throws the
 * system's error when the disk still refuses.
 */
export async function syncAgain(path: string, parts: readonly Written[]): Promise<boolean> {
  const handle = await open(path, 'r+').catch((error: unknown) => {
    if (errnoCode(error) === 'ENOENT') return undefined
    throw error
  })
  if (!handle) return false
  try {
    for (const part of parts) {
      if (await stands(handle, part)) await handle.write(part.data, 0, part.data.length, part.offset)
    }
    await handle.datasync()
    return true
  } finally {
    await handle.close()
  }
}

/** Do these bytes stand where they were written? */
export async function stands(
  handle: {
    readonly read: (buffer: Buffer, offset: number, length: number, position: number) => Promise<{ bytesRead: number }>
  },
  { offset, data }: Written,
): Promise<boolean> {
  const standing = Buffer.alloc(data.length)
  const { bytesRead } = await handle.read(standing, 0, data.length, offset)
  return bytesRead === data.length && standing.equals(data)
}
