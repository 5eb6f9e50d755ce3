import {
  closeSync,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { syncFolder } from './atomicWrite'
import { errnoCode } from './errnoCode'
import { mustBePlain } from './plainFile'
import { syncAgain, type Written } from './syncAgain'
import { toError } from './toError'

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

/** Lines that stand where they were meant to, and when the file was last changed then. */
export interface Placed extends Written {
  readonly mtimeMs: number
}

/** The writing half of a journal. */
export interface Appender {
  readonly append: (texts: readonly string[], durability: Durability) => Promise<AppendResult>
  /** Syncs what was refused, also the folders that hold the file's name. */
  readonly resync: () => Promise<void>
  readonly close: () => Promise<void>
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
/** A disk that took longer to sync, in ms, does not keep the thread again for a while. */
const slowSyncMs = 4
const againMs = 1_000
const syncData = (fd: number): Promise<void> =>
  new Promise((resolve, reject) => fdatasync(fd, (error) => (error ? reject(error) : resolve())))

/**
 * Appends lines to `path`. Lines asked for together share one write, those that wait for the disk one sync; what waits
 * behind a refused line is refused with it. `known` tells the inode of the file that is read, and where its last known line
 * ends while nobody reads; lines that were written exactly there are told to `onPlaced`.
 */
export function createAppender({
  path,
  mode = 0o644,
  syncsHere = false,
  known,
  onPlaced,
}: {
  readonly path: string
  /** Of a file that is not there yet. */
  readonly mode?: number
  /** Syncs on this thread, where no window waits for it: to hand a quick disk's sync to another takes as long. */
  readonly syncsHere?: boolean
  readonly known: () => { readonly inode: number | undefined; readonly end: number | undefined }
  readonly onPlaced: (texts: readonly string[], written: Placed) => void
}): Appender {
  let writer: { readonly fd: number; readonly mode: number } | undefined
  let waiting: Waiting[] = []
  let toSync: Waiting[] = []
  let scheduled = false
  let turnStart: number | undefined
  let slowUntilMs = 0
  let syncing: Promise<void> | undefined
  let unsynced: Written[] = []
  /** A sync of these failed: the next one may succeed without them. */
  let refused: Written[] = []
  /** Folders whose entries must be on the disk before a line in the file is. Who made the file may not have synced them. */
  let newIn = [dirname(path), dirname(dirname(path))]
  /** A whole line of ours without its newline, at the very end of a file of this size. */
  let unended: { readonly size: number; readonly text: string } | undefined

  /** A descriptor that a sync waits for is closed behind it: its number could be another file's by then. */
  const closeWriter = (): void => {
    if (!writer) return
    const { fd } = writer
    writer = undefined
    if (syncing) void syncing.finally(() => closeSync(fd))
    else closeSync(fd)
  }

  /**
   * The file to append to and its size. It is opened again when it was removed, replaced, or its permissions changed: who
   * has a file open may go on writing to one that is gone, or that nobody may write any more.
   */
  const prepare = (): { fd: number; size: number } => {
    if (writer) {
      const held = fstatSync(writer.fd)
      const { inode } = known()
      if (held.nlink > 0 && held.mode === writer.mode && (inode === undefined || held.ino === inode)) {
        return { fd: writer.fd, size: held.size }
      }
      closeWriter()
    }
    const folder = dirname(path)
    if (!statSync(path, { throwIfNoEntry: false })) newIn = makeFolder(folder) ? [folder, dirname(folder)] : [folder]
    const fd = openSync(path, 'a+', mode)
    const file = fstatSync(fd)
    try {
      mustBePlain(path, file)
    } catch (error) {
      closeSync(fd)
      throw error
    }
    writer = { fd, mode: file.mode }
    return { fd, size: file.size }
  }

  /** Writes the lines in one go; gives where they stand when that is certain. */
  const write = (
    texts: readonly string[],
    durability: Durability,
  ): AppendResult & { readonly placed?: Placed | undefined } => {
    let written = 0
    let lead = 0
    try {
      const { fd, size } = prepare()
      const { end } = known()
      const ended = size === 0 || size === end || endsInNewline(fd, size)
      const resumed = !ended && unended?.size === size && unended.text === texts[0] ? 1 : 0
      unended = undefined
      lead = ended ? 0 : 1
      const last = resumed < texts.length ? '\n' : ''
      const data = Buffer.from(`${ended ? '' : '\n'}${texts.slice(resumed).join('\n')}${last}`)
      while (written < data.length) written += writeSync(fd, data, written)
      // Had another program written between the look at the size and our write, the file would be longer by that.
      const now = resumed === 0 && size === end ? fstatSync(fd) : undefined
      const placed = now?.size === size + data.length ? { offset: size, data, mtimeMs: now.mtimeMs } : undefined
      if (placed && durability === 'synced') unsynced.push(placed)
      return { written: texts.length, error: undefined, placed }
    } catch (error) {
      const { count, left } = wholeLines(texts, written - lead)
      const rest = texts[count]
      if (writer && rest !== undefined && left > 0 && left === Buffer.byteLength(rest)) {
        unended = { size: fstatSync(writer.fd).size, text: rest }
      }
      return { written: count, error: toError(error) }
    }
  }

  const writeWaiting = (): void => {
    scheduled = false
    const batch: Waiting[] = []
    for (let bytes = 0; bytes < batchBytes; ) {
      const next = waiting[batch.length]
      if (!next) break
      batch.push(next)
      for (const text of next.texts) bytes += text.length
    }
    waiting = waiting.slice(batch.length)
    const durability = batch.some((one) => one.durability === 'synced') ? 'synced' : 'written'
    const texts = batch.length === 1 && batch[0] ? batch[0].texts : batch.flatMap((one) => one.texts)
    const result = write(texts, durability)
    if (result.error) {
      settleFailed([...batch, ...waiting], result)
      waiting = []
      return
    }
    for (const one of batch) {
      if (one.durability === 'synced') toSync.push(one)
      else one.resolve({ written: one.texts.length, error: undefined })
    }
    if (toSync.length > 0) syncing ??= syncWaiting()
    if (waiting.length > 0) schedule()
    if (result.placed) onPlaced(texts, result.placed) // While the disk syncs: to take many lines in takes as long.
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
    else void Promise.resolve().then(writeWaiting) // `queueMicrotask` does the same with an asynchronous resource for each.
  }

  const syncWaiting = async (): Promise<void> => {
    while (toSync.length > 0) {
      const batch = toSync
      const parts = unsynced
      toSync = []
      unsynced = []
      let error: Error | undefined
      try {
        await sync()
      } catch (thrown) {
        refused.push(...parts)
        error = toError(thrown)
      }
      for (const one of batch) one.resolve({ written: one.texts.length, error })
    }
    syncing = undefined
  }

  const sync = async (): Promise<void> => {
    if (!writer) throw new Error(`${path} was closed before it was on the disk.`)
    const results = await Promise.allSettled([syncFile(writer.fd), syncFolders()])
    for (const result of results) if (result.status === 'rejected') throw result.reason
  }

  const syncFile = async (fd: number): Promise<void> => {
    const startMs = performance.now()
    if (!syncsHere || startMs < slowUntilMs) return syncData(fd)
    fdatasyncSync(fd)
    const endMs = performance.now()
    if (endMs - startMs > slowSyncMs) slowUntilMs = endMs + againMs
  }

  const syncFolders = async (): Promise<void> => {
    const folders = newIn
    await Promise.all(folders.map(syncFolder))
    newIn = newIn.filter((folder) => !folders.includes(folder))
  }

  return {
    append: (texts, durability) =>
      new Promise((resolve) => {
        waiting.push({ texts, durability, resolve })
        schedule()
      }),
    resync: async () => {
      const parts = [...refused]
      if (await syncAgain(path, parts)) await syncFolders()
      refused = refused.filter((part) => !parts.includes(part))
    },
    close: async () => {
      while (scheduled || syncing) await (syncing ?? new Promise(setImmediate))
      closeWriter()
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

/** True when it was not there. Its parents are not made: a workspace that vanished is not made up. */
function makeFolder(folder: string): boolean {
  try {
    mkdirSync(folder, 0o755)
    return true
  } catch (error) {
    if (errnoCode(error) !== 'EEXIST') throw error
    return false
  }
}

function endsInNewline(fd: number, size: number): boolean {
  const last = Buffer.alloc(1)
  readSync(fd, last, 0, 1, size - 1)
  return last[0] === 0x0a
}
