import {
  close,
  closeSync,
  constants,
  fstat,
  fstatSync,
  lstat,
  lstatSync,
  open,
  openSync,
  read,
  readSync,
  type Stats,
} from 'node:fs'
import { RundeskError } from '../../shared/outcome'
import { errnoCode } from './errnoCode'

/** A file that has this stamp was not changed since it was last read. */
export interface Stamp {
  readonly ino: number
  readonly size: number
  readonly mtimeMs: number
}

/** How many files are looked at and read at once. */
const atOnce = 16
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

/** As `statOf`, but holds the thread, and errors count as nothing there. */
export function statNow(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false })
  } catch {
    return undefined
  }
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
): Promise<{ readonly text: string; readonly stamp: Stamp; readonly stats: Stats }> {
  const file = await opened(path)
  try {
    const stats = await new Promise<Stats>((resolve, reject) =>
      fstat(file, (error, found) => (error ? reject(error) : resolve(found))),
    )
    if (!stats.isFile()) throw new RundeskError('unreadable', 'is no plain file')
    if (stats.size > maxBytes)
      throw new RundeskError('unreadable', `holds ${stats.size} bytes, more than the ${maxBytes} that are read`)
    return { text: await readText(file, stats.size, maxBytes), stamp: stampOf(stats), stats }
  } finally {
    close(file, () => undefined)
  }
}

const nowBuffer = Buffer.allocUnsafe(128 * 1024)

/** As `readBounded`, but holds the thread; undefined for what is not a plain file of less than 128 kB. Throws the system's error. */
export function readNow(
  path: string,
): { readonly text: string; readonly stamp: Stamp; readonly stats: Stats } | undefined {
  const file = openSync(path, flags)
  try {
    const stats = fstatSync(file)
    if (!stats.isFile() || stats.size >= nowBuffer.length) return undefined
    const length = readSync(file, nowBuffer, 0, nowBuffer.length, 0)
    return length < stats.size || length === nowBuffer.length
      ? undefined
      : { text: toText(nowBuffer, length), stamp: stampOf(stats), stats }
  } finally {
    closeSync(file)
  }
}

/**
 * Reads a plain file, holding the thread. `bytes` is null for what cannot be read so or has 128 kB and more, and lasts until the
 * next call; `stats` is undefined when nothing could be opened: missing, a link, or not allowed.
 */
export function readBytesNow(path: string): { readonly bytes: Buffer | null; readonly stats: Stats | undefined } {
  let file: number | undefined
  try {
    file = openSync(path, flags)
    const stats = fstatSync(file)
    if (!stats.isFile() || stats.size >= nowBuffer.length) return { bytes: null, stats }
    const length = readSync(file, nowBuffer, 0, nowBuffer.length, 0)
    return { bytes: length < nowBuffer.length ? nowBuffer.subarray(0, length) : null, stats }
  } catch {
    return { bytes: null, stats: undefined }
  } finally {
    if (file !== undefined) closeSync(file)
  }
}

const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)

function opened(path: string): Promise<number> {
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
  return toText(buffer, length)
}

/** The text, without a byte order mark. */
function toText(buffer: Buffer, length: number): string {
  const hasMark = length >= 3 && buffer[0] === 0xef && buffer[1] === 0xbb && buffer[2] === 0xbf
  return buffer.toString('utf8', hasMark ? 3 : 0, length)
}

function readInto(file: number, buffer: Buffer, from: number): Promise<number> {
  return new Promise((resolve, reject) =>
    read(file, buffer, from, buffer.length - from, null, (error, bytes) => (error ? reject(error) : resolve(bytes))),
  )
}
