import { close, constants, fstat, lstat, open, read, type Stats } from 'node:fs'
import { RundeskError } from '../../shared/outcome'
import { errnoCode } from '../files/errnoCode'

/** A file that has this stamp was not changed since it was last read. */
export interface Stamp {
  readonly ino: number
  readonly size: number
  readonly mtimeMs: number
}

/** How many files are looked at and read at once. */
const atOnce = 16
/** No trajectory is that large: the largest known has 43 kB. */
const maxFileBytes = 16 * 1024 * 1024
/** Most files fit in one read of this size. */
const firstReadBytes = 32 * 1024

/** Calls `act` for every item, sixteen at once. Rejects with the first error. */
export async function forEachAtOnce<T>(items: readonly T[], act: (item: T) => Promise<void>): Promise<void> {
  let next = 0
  const work = async (): Promise<void> => {
    while (next < items.length) {
      const item = items[next++]
      if (item !== undefined) await act(item)
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, work))
}

/** The stats of a file or folder itself (symlinks are not followed); undefined when nothing is there. Throws other errors. */
export function statOf(path: string): Promise<Stats | undefined> {
  // With callbacks: promises of node:fs cost thrice as much, and a folder may hold many thousands of files.
  return new Promise((resolve, reject) => {
    lstat(path, (error, stats) => {
      if (!error) resolve(stats)
      else if (isMissing(error)) resolve(undefined)
      else reject(error)
    })
  })
}

/** Is this the error of something that is not (or no longer) there? */
export function isMissing(error: unknown): boolean {
  const code = errnoCode(error)
  return code === 'ENOENT' || code === 'ENOTDIR'
}

export function stampOf({ ino, size, mtimeMs }: Stats): Stamp {
  return { ino, size, mtimeMs }
}

export function isSameStamp(left: Stamp | undefined, right: Stamp): boolean {
  return left?.ino === right.ino && left.size === right.size && left.mtimeMs === right.mtimeMs
}

/**
 * Reads a whole file of at most `maxBytes` (16 MiB), with the stamp it had before. Symlinks, folders and devices are not read.
 * Throws `unreadable` with the reason in words, or the system's error.
 */
export async function readBounded(
  path: string,
  maxBytes = maxFileBytes,
): Promise<{ readonly text: string; readonly stamp: Stamp }> {
  const file = await opened(path)
  try {
    const stats = await new Promise<Stats>((resolve, reject) =>
      fstat(file, (error, found) => (error ? reject(error) : resolve(found))),
    )
    if (!stats.isFile()) throw new RundeskError('unreadable', 'is no plain file')
    if (stats.size > maxBytes)
      throw new RundeskError('unreadable', `holds ${stats.size} bytes, more than the ${maxBytes} that are read`)
    return { text: await readText(file, stats.size, maxBytes), stamp: stampOf(stats) }
  } finally {
    close(file, () => undefined)
  }
}

function opened(path: string): Promise<number> {
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)
  return new Promise((resolve, reject) => open(path, flags, (error, file) => (error ? reject(error) : resolve(file))))
}

async function readText(file: number, size: number, maxBytes: number): Promise<string> {
  let buffer = Buffer.allocUnsafe(Math.max(firstReadBytes, size + 1))
  let length = 0
  for (;;) {
    const bytes = await readInto(file, buffer, length)
    length += bytes
    if (bytes === 0 || (length >= size && length < buffer.length)) break
    if (length < buffer.length) continue
    if (length > maxBytes) throw new RundeskError('unreadable', 'grows while it is read')
    buffer = Buffer.concat([buffer], buffer.length * 2)
  }
  const start = buffer[0] === 0xef && buffer[1] === 0xbb && buffer[2] === 0xbf ? 3 : 0
  return buffer.toString('utf8', Math.min(start, length), length)
}

function readInto(file: number, buffer: Buffer, from: number): Promise<number> {
  return new Promise((resolve, reject) =>
    read(file, buffer, from, buffer.length - from, null, (error, bytes) => (error ? reject(error) : resolve(bytes))),
  )
}
