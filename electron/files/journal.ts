import { type FileHandle, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { RundeskError } from '../../shared/outcome'
import { type AppendResult, createAppender, type Durability, type Placed } from './appender'
import { errnoCode } from './errnoCode'
import { type FileLine, readLines } from './lineReader'
import { withMutex } from './mutex'
import { openPlainFile } from './plainFile'
import { stands, type Written } from './syncAgain'

/** Where a line stands in the file. */
export interface LinePlace {
  readonly offset: number
  readonly length: number
  readonly number: number
}

/** How far a journal was read, to go on from there in another process. */
export interface JournalPosition {
  readonly offset: number
  readonly lines: number
  readonly inode: number
  readonly size: number
  readonly mtimeMs: number
}

/** An append-only file of lines that other programs append to as well. */
export interface Journal {
  /** Takes in what was appended since. A truncated or replaced file is read again from its start, after `onReset`; one whose folder vanished keeps what was read. */
  readonly refresh: (signal?: AbortSignal) => Promise<void>
  /**
   * Appends whole lines behind all earlier ones. Lines that are asked for together share one write, and those that wait
   * for the disk one sync. A line is never glued to a torn one. Never throws for a disk error; after one, what else was
   * waiting fails as well, so that nothing overtakes the lines that failed.
   */
  readonly append: (lines: readonly string[], durability: Durability) => Promise<AppendResult>
  /** Reads lines that were read before once more, without taking them in; `from` is the start of a line. */
  readonly scan: (options: Parameters<typeof readLines>[1]) => Promise<number>
  /** The bytes of the file from `offset` on. */
  readonly readBytes: (at: { readonly offset: number; readonly length: number }) => Promise<Buffer>
  /** Hands lines whose sync failed to the disk again, in their place. Throws the system's error when it still refuses. */
  readonly resync: () => Promise<void>
  readonly position: () => JournalPosition | undefined
  /** Goes on from where an earlier reader came, if it is still the same file; the caller has checked its content. */
  readonly goOn: (position: JournalPosition) => void
  /** Bytes behind the last newline, and how long they have stood there, in ms. */
  readonly tornTail: () => { readonly bytes: number; readonly ageMs: number }
  readonly close: () => Promise<void>
}

/** So many bytes at the end of what was read tell whether a file is still the same. */
const seenBytes = 64
const nothingSeen: Written = { offset: 0, data: Buffer.alloc(0) }

/**
 * Opens a journal. Nothing is read before the first `refresh`, nothing written before the first `append`; a missing file
 * is an empty journal. `onLine` gets every complete line once, in file order, but our own when it is certain where they
 * stand: those go to `onPlaced`, if there is one. Throws the system's error from `refresh` when the file cannot be read. The folder of the
 * file is made when it is missing, its parents are not: a workspace that vanished is not made up.
 */
export function createJournal({
  path,
  mode,
  syncsHere = false,
  onLine,
  onReset,
  onPlaced,
  onProgress,
}: {
  readonly path: string
  /** Of a file that is not there yet: 0o644 unless told. */
  readonly mode?: number
  /** As in `createAppender`. */
  readonly syncsHere?: boolean
  readonly onLine: (line: FileLine) => void
  readonly onReset: () => void
  readonly onPlaced?: (text: string, place: LinePlace) => void
  readonly onProgress?: (progress: { readonly doneBytes: number; readonly totalBytes: number }) => void
}): Journal {
  let offset = 0
  let lines = 0
  let inode: number | undefined
  let seenSize = 0
  let mtimeMs = 0
  /** The last bytes that were taken in. A file with others there is another one, even when its inode is the same. */
  let seenEnd = nothingSeen
  let reader: Promise<FileHandle> | undefined
  let reading = false
  let placed: Written | undefined

  const reset = (): void => {
    if (offset > 0 || lines > 0) onReset()
    offset = 0
    lines = 0
    seenSize = 0
    seenEnd = nothingSeen
    placed = undefined
  }
  /** Everybody who reads shares one handle, also those who ask while it is being opened. */
  const openReader = (): Promise<FileHandle> => {
    if (reader) return reader
    const opening = openPlainFile(path)
    opening.catch(() => {
      if (reader === opening) reader = undefined
    })
    reader = opening
    return opening
  }
  const closeReader = async (): Promise<void> => {
    const opening = reader
    reader = undefined
    const handle = await opening?.catch(() => undefined)
    await handle?.close()
  }

  const readTail = async (signal?: AbortSignal): Promise<void> => {
    const now = await stat(path).catch((error: unknown) => {
      if (errnoCode(error) === 'ENOENT' || errnoCode(error) === 'ENOTDIR') return undefined
      throw error
    })
    if (!now && inode !== undefined && !(await exists(dirname(path)))) {
      throw new RundeskError('unreadable', `${dirname(path)} is gone. What was last read of ${path} is shown.`)
    }
    if (!now || now.ino !== inode) await closeReader()
    if (!now) {
      reset()
      inode = undefined
      return
    }
    if (now.isDirectory()) throw new RundeskError('unreadable', `${path} is a folder, not a file.`)
    const handle = await openReader()
    const file = await handle.stat()
    const isSame = (inode === undefined || file.ino === inode) && file.size >= offset && (await stands(handle, seenEnd))
    if (!isSame) reset()
    if (placed && file.size > offset && !(await stands(handle, placed))) reset()
    placed = undefined
    inode = file.ino
    if (file.size !== offset || seenEnd === nothingSeen) {
      mtimeMs = Number.NaN // Until all of it was read: who is interrupted goes on at the next refresh.
      await readLines(handle, {
        from: offset,
        firstNumber: lines + 1,
        onLine: (line) => {
          offset = line.offset + line.length + 1
          lines = line.number
          onLine(line)
        },
        onProgress: (done) => onProgress?.({ doneBytes: done, totalBytes: file.size }),
        ...(signal ? { signal } : {}),
      })
      seenEnd = await bytesBefore(handle, offset)
      if (signal?.aborted) return
    }
    seenSize = Math.max(file.size, offset)
    mtimeMs = file.mtimeMs
  }

  /**
   * Our lines stand right behind what was read: they need not be read back. Should the file have been changed otherwise than
   * by appending just then, `placed` shows it the next time that anybody else changes it.
   */
  const place = (texts: readonly string[], written: Placed): void => {
    placed = written
    for (const text of texts) {
      const length = Buffer.byteLength(text)
      lines++
      onPlaced?.(text, { offset, length, number: lines })
      offset += length + 1
    }
    seenSize = offset
    seenEnd = written
    mtimeMs = written.mtimeMs
  }
  const appender = createAppender({
    path,
    syncsHere,
    ...(mode === undefined ? {} : { mode }),
    known: () => ({ inode, end: reading || !onPlaced ? undefined : offset }),
    onPlaced: place,
  })

  return {
    refresh: (signal) =>
      withMutex(`journal ${path}`, async () => {
        const file = await stat(path).catch(() => undefined)
        if (file && file.ino === inode && file.size === seenSize && file.mtimeMs === mtimeMs) return
        reading = true
        try {
          await readTail(signal)
        } finally {
          reading = false
        }
      }),
    append: appender.append,
    scan: async (options) => readLines(await openReader(), options),
    readBytes: async ({ offset: from, length }) => {
      const handle = await openReader()
      const buffer = Buffer.allocUnsafe(length)
      const { bytesRead } = await handle.read(buffer, 0, length, from)
      return buffer.subarray(0, bytesRead)
    },
    resync: appender.resync,
    position: () => (inode === undefined ? undefined : { offset, lines, inode, size: seenSize, mtimeMs }),
    goOn: (position) => {
      ;({ offset, lines, inode, mtimeMs } = position)
      seenSize = position.size
      seenEnd = nothingSeen
    },
    tornTail: () => ({ bytes: Math.max(0, seenSize - offset), ageMs: Date.now() - mtimeMs }),
    close: async () => {
      await appender.close()
      await withMutex(`journal ${path}`, closeReader)
    },
  }
}

async function bytesBefore(handle: FileHandle, end: number): Promise<Written> {
  const length = Math.min(seenBytes, end)
  const { bytesRead, buffer } = await handle.read(Buffer.alloc(length), 0, length, end - length)
  return { offset: end - length, data: buffer.subarray(0, bytesRead) }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
