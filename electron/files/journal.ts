import { closeSync, fdatasync, fstatSync, mkdirSync, openSync, readSync, statSync, writeSync } from 'node:fs'
import { type FileHandle, open, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { RundeskError } from '../../shared/outcome'
import { errnoCode } from './errnoCode'
import { type FileLine, readLines } from './lineReader'
import { withMutex } from './mutex'

/** Where a line stands in the file. */
export interface LinePlace {
  readonly offset: number
  readonly length: number
  readonly number: number
}

/** How safe a line must be before its append is done: handed to the system, or on the disk. */
export type Durability = 'written' | 'synced'

/**
 * What one append did: how many of its lines stand whole in the file, and the error that stopped the rest. With an error
 * although all lines stand, the disk refused to sync them: they may not survive a crash before `resync` succeeded.
 */
export interface AppendResult {
  readonly written: number
  readonly error: Error | undefined
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
  /** Takes in what was appended since. A truncated or replaced file is read again from its start, after `onReset`. */
  readonly refresh: (signal?: AbortSignal) => Promise<void>
  /**
   * Appends whole lines behind all earlier ones. Lines that are asked for together share one write, and those that wait
   * for the disk one sync. A line is never glued to a torn one. Never throws for a disk error; after one, what else was
   * waiting fails as well, so that nothing overtakes the lines that failed.
   */
  readonly append: (lines: readonly string[], durability: Durability) => Promise<AppendResult>
  /** Reads lines that were read before once more, without taking them in; `from` is the start of a line. */
  readonly scan: (options: Omit<Parameters<typeof readLines>[1], 'to'> & { readonly to?: number }) => Promise<number>
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

interface Written {
  readonly offset: number
  readonly data: Buffer
}

interface Waiting {
  readonly texts: readonly string[]
  readonly durability: Durability
  readonly resolve: (result: AppendResult) => void
}

/** One write takes at most so many bytes of waiting lines, so that a burst does not keep the thread. */
const batchBytes = 4 * 1024 * 1024
/** How long one append after the other may keep the thread, in ms. */
const turnMs = 8
const syncData = promisify(fdatasync)

/**
 * Opens a journal. Nothing is read before the first `refresh`, nothing written before the first `append`; a missing file
 * is an empty journal. `onLine` gets every complete line once, in file order, but our own when it is certain where they
 * stand: those go to `onPlaced`. Throws the system's error from `refresh` when the file cannot be read. The folder of the
 * file is made when it is missing, its parents are not: a workspace that vanished is not made up.
 */
export function createJournal({
  path,
  onLine,
  onReset,
  onPlaced,
  onProgress,
}: {
  readonly path: string
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
  let reader: FileHandle | undefined
  let reading = false
  let writer: { readonly fd: number; readonly mode: number } | undefined
  let waiting: Waiting[] = []
  let toSync: Waiting[] = []
  let scheduled = false
  let turnStart: number | undefined
  let syncing: Promise<void> | undefined
  let unsynced: Written[] = []
  let placed: Written | undefined
  /** A whole line of ours without its newline, at the very end of a file of this size. */
  let unended: { readonly size: number; readonly text: string } | undefined

  const reset = (): void => {
    if (offset > 0 || lines > 0) onReset()
    offset = 0
    lines = 0
    seenSize = 0
    unsynced = []
    placed = undefined
  }
  const closeReader = async (): Promise<void> => {
    const handle = reader
    reader = undefined
    await handle?.close()
  }

  const readTail = async (signal?: AbortSignal): Promise<void> => {
    const now = await stat(path).catch((error: unknown) => {
      if (errnoCode(error) === 'ENOENT' || errnoCode(error) === 'ENOTDIR') return undefined
      throw error
    })
    if (!now || now.ino !== inode) await closeReader()
    if (!now) {
      reset()
      inode = undefined
      return
    }
    if (now.isDirectory()) throw new RundeskError('unreadable', `${path} is a folder, not a file.`)
    reader ??= await open(path, 'r')
    const file = await reader.stat()
    if ((inode !== undefined && file.ino !== inode) || file.size < offset) reset()
    if (placed && file.size > offset && !(await stands(reader, placed))) reset()
    placed = undefined
    inode = file.ino
    seenSize = file.size
    mtimeMs = file.mtimeMs
    await readLines(reader, {
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
    if (offset > seenSize) seenSize = offset
  }

  /**
   * The file to append to and its size. It is opened again when it was removed, replaced, or its permissions changed: who
   * has a file open may go on writing to one that is gone, or that nobody may write any more.
   */
  const prepare = (): { fd: number; size: number } => {
    if (writer) {
      const held = fstatSync(writer.fd)
      if (held.nlink > 0 && held.mode === writer.mode && (inode === undefined || held.ino === inode))
        return { fd: writer.fd, size: held.size }
      closeWriter()
    }
    if (!statSync(path, { throwIfNoEntry: false })) makeFolder(dirname(path))
    const fd = openSync(path, 'a+', 0o644)
    const file = fstatSync(fd)
    writer = { fd, mode: file.mode }
    return { fd, size: file.size }
  }
  const closeWriter = (): void => {
    if (writer) closeSync(writer.fd)
    writer = undefined
  }

  /** Writes the batch in one go; gives how many of its lines stand in the file, and the error that stopped it. */
  const write = (texts: readonly string[], durability: Durability): AppendResult => {
    let written = 0
    let lead = 0
    let data = Buffer.alloc(0)
    try {
      const { fd, size } = prepare()
      const ended = size === 0 || size === offset || endsInNewline(fd, size)
      const resumed = unended !== undefined && unended.size === size && unended.text === texts[0] ? 1 : 0
      unended = undefined
      lead = ended ? 0 : 1
      data = Buffer.from(`${ended ? '' : '\n'}${texts.slice(resumed).join('\n')}${resumed < texts.length ? '\n' : ''}`)
      while (written < data.length) written += writeSync(fd, data, written)
      if (resumed === 0 && !reading && size === offset) {
        placed = { offset, data }
        if (durability === 'synced') unsynced.push(placed)
        place(texts)
      }
      return { written: texts.length, error: undefined }
    } catch (error) {
      const whole = wholeLines(texts, written - lead)
      const rest = texts[whole.count]
      if (rest !== undefined && whole.left === Buffer.byteLength(rest) && written > lead && writer) {
        unended = { size: fstatSync(writer.fd).size, text: rest }
      }
      return { written: whole.count, error: error instanceof Error ? error : new Error(String(error)) }
    }
  }

  /**
   * Our lines stand right behind what was read: they need not be read back. Should another writer have come between the
   * look at the size and the write, the file is larger the next time, and `placed` is compared with it.
   */
  const place = (texts: readonly string[]): void => {
    for (const text of texts) {
      const length = Buffer.byteLength(text)
      lines++
      onPlaced?.(text, { offset, length, number: lines })
      offset += length + 1
    }
    seenSize = offset
  }

  const writeWaiting = (): void => {
    scheduled = false
    const batch: Waiting[] = []
    for (let bytes = 0; waiting.length > 0 && bytes < batchBytes; ) {
      const next = waiting.shift()
      if (!next) break
      batch.push(next)
      for (const text of next.texts) bytes += text.length
    }
    const durability = batch.some((one) => one.durability === 'synced') ? 'synced' : 'written'
    const result = write(
      batch.flatMap(({ texts }) => texts),
      durability,
    )
    if (result.error) {
      settleFailed(batch, result)
      for (const other of waiting) other.resolve({ written: 0, error: result.error })
      waiting = []
      return
    }
    for (const one of batch) {
      if (one.durability === 'synced') toSync.push(one)
      else one.resolve({ written: one.texts.length, error: undefined })
    }
    if (toSync.length > 0) syncing ??= syncWaiting()
    if (waiting.length > 0) schedule()
  }
  /** Writes behind what runs now, so that one write takes all lines of it; a long chain of writes lets others have a turn. */
  const schedule = (): void => {
    if (scheduled) return
    scheduled = true
    if (turnStart === undefined) {
      turnStart = performance.now()
      setImmediate(() => {
        turnStart = undefined
      })
    }
    if (performance.now() - turnStart > turnMs) setImmediate(writeWaiting)
    else queueMicrotask(writeWaiting)
  }

  const syncWaiting = async (): Promise<void> => {
    while (toSync.length > 0) {
      const batch = toSync
      const parts = unsynced
      toSync = []
      unsynced = []
      try {
        if (!writer) throw new Error(`${path} was closed before it was on the disk.`)
        await syncData(writer.fd)
        for (const one of batch) one.resolve({ written: one.texts.length, error: undefined })
      } catch (error) {
        unsynced = [...parts, ...unsynced]
        const problem = error instanceof Error ? error : new Error(String(error))
        for (const one of batch) one.resolve({ written: one.texts.length, error: problem })
      }
    }
    syncing = undefined
  }

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
    append: (texts, durability) =>
      new Promise((resolve) => {
        waiting.push({ texts, durability, resolve })
        schedule()
      }),
    scan: async (options) => {
      reader ??= await open(path, 'r')
      return readLines(reader, options)
    },
    readBytes: async ({ offset: from, length }) => {
      reader ??= await open(path, 'r')
      const buffer = Buffer.allocUnsafe(length)
      const { bytesRead } = await reader.read(buffer, 0, length, from)
      return buffer.subarray(0, bytesRead)
    },
    resync: async () => {
      const handle = await open(path, 'r+')
      try {
        for (const part of unsynced) {
          // A sync that failed may have left the bytes clean in memory only; written again, they are synced again.
          if (await stands(handle, part)) await handle.write(part.data, 0, part.data.length, part.offset)
        }
        await handle.datasync()
        unsynced = []
      } finally {
        await handle.close()
      }
    },
    position: () => (inode === undefined ? undefined : { offset, lines, inode, size: seenSize, mtimeMs }),
    goOn: (position) => {
      ;({ offset, lines, inode, mtimeMs } = position)
      seenSize = position.size
    },
    tornTail: () => ({ bytes: Math.max(0, seenSize - offset), ageMs: Date.now() - mtimeMs }),
    close: async () => {
      while (scheduled || syncing) await (syncing ?? new Promise(setImmediate))
      closeWriter()
      await withMutex(`journal ${path}`, closeReader)
    },
  }
}

/** Splits what a batch of several appends achieved over them, in order. */
function settleFailed(batch: readonly Waiting[], result: AppendResult): void {
  let left = result.written
  for (const { texts, resolve } of batch) {
    const written = Math.min(left, texts.length)
    left -= written
    resolve({ written, error: result.error })
  }
}

async function stands(handle: FileHandle, { offset, data }: Written): Promise<boolean> {
  const standing = Buffer.alloc(data.length)
  const { bytesRead } = await handle.read(standing, 0, data.length, offset)
  return bytesRead === data.length && standing.equals(data)
}

function wholeLines(texts: readonly string[], bytes: number): { readonly count: number; readonly left: number } {
  let count = 0
  let left = bytes
  for (const text of texts) {
    const length = Buffer.byteLength(text) + 1
    if (left < length) break
    left -= length
    count++
  }
  return { count, left }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder)
  } catch (error) {
    if (errnoCode(error) !== 'EEXIST') throw error
  }
}

function endsInNewline(fd: number, size: number): boolean {
  const last = Buffer.alloc(1)
  readSync(fd, last, 0, 1, size - 1)
  return last[0] === 0x0a
}
