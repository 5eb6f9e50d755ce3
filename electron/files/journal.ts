import { type FileHandle, mkdir, open, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { RundeskError } from '../../shared/outcome'
import { errnoCode } from './errnoCode'
import { type FileLine, readLines } from './lineReader'
import { withMutex } from './mutex'

/** A line with its number, from 1. */
export interface JournalLine extends FileLine {
  readonly number: number
}

/** What one attempt to append did: how many of the lines stand whole in the file, and the error that stopped the rest. */
export interface AppendResult {
  readonly written: number
  readonly error: Error | undefined
}

/** An append-only file of lines that other programs append to as well. */
export interface Journal {
  /** Takes in what was appended since. A truncated or replaced file is read again from its start, after `onReset`. */
  readonly refresh: (signal?: AbortSignal) => Promise<void>
  /** Appends whole lines in one write, after making sure that the file ends in a newline. Never throws for a disk error. */
  readonly append: (lines: readonly string[], durability: 'written' | 'synced') => Promise<AppendResult>
  /** The text of a line that was read before. */
  readonly readAt: (at: { readonly offset: number; readonly length: number }) => Promise<string>
  /** Bytes behind the last newline, and how long they have stood there, in ms. */
  readonly tornTail: () => { readonly bytes: number; readonly ageMs: number }
}

/**
 * Opens a journal. Nothing is read before the first `refresh`; a missing file is an empty journal. `onLine` gets every
 * complete line once, in file order. Throws the system's error from `refresh` when the file cannot be read.
 */
export function createJournal({
  path,
  onLine,
  onReset,
  onProgress,
}: {
  readonly path: string
  readonly onLine: (line: JournalLine) => void
  readonly onReset: () => void
  readonly onProgress?: (progress: { readonly doneBytes: number; readonly totalBytes: number }) => void
}): Journal {
  let offset = 0
  let lines = 0
  let inode: number | undefined
  let seenSize = 0
  let mtimeMs = 0

  const reset = (): void => {
    if (offset > 0 || lines > 0) onReset()
    offset = 0
    lines = 0
    seenSize = 0
  }

  const readTail = async (signal?: AbortSignal): Promise<void> => {
    const handle = await open(path, 'r').catch((error: unknown) => {
      if (errnoCode(error) === 'ENOENT' || errnoCode(error) === 'ENOTDIR') return undefined
      throw error
    })
    if (!handle) {
      reset()
      inode = undefined
      return
    }
    try {
      const file = await handle.stat()
      if (file.isDirectory()) throw new RundeskError('unreadable', `${path} is a folder, not a file.`)
      if ((inode !== undefined && file.ino !== inode) || file.size < offset) reset()
      inode = file.ino
      seenSize = file.size
      mtimeMs = file.mtimeMs
      offset = await readLines(handle, {
        from: offset,
        onLine: (line) => onLine({ ...line, number: ++lines }),
        onProgress: (done) => onProgress?.({ doneBytes: done, totalBytes: file.size }),
        ...(signal ? { signal } : {}),
      })
      if (offset > seenSize) seenSize = offset
    } finally {
      await handle.close()
    }
  }

  return {
    refresh: (signal) =>
      withMutex(`journal ${path}`, async () => {
        const file = await stat(path).catch(() => undefined)
        if (file && file.ino === inode && file.size === seenSize && file.mtimeMs === mtimeMs) return
        await readTail(signal)
      }),
    append: (texts, durability) => withMutex(`append ${path}`, () => appendLines(path, texts, durability)),
    readAt: async ({ offset: from, length }) => {
      const handle = await open(path, 'r')
      try {
        const buffer = Buffer.alloc(length)
        const { bytesRead } = await handle.read(buffer, 0, length, from)
        return buffer.toString('utf8', 0, bytesRead)
      } finally {
        await handle.close()
      }
    },
    tornTail: () => ({ bytes: Math.max(0, seenSize - offset), ageMs: Date.now() - mtimeMs }),
  }
}

async function appendLines(
  path: string,
  texts: readonly string[],
  durability: 'written' | 'synced',
): Promise<AppendResult> {
  const ends: number[] = []
  let written = 0
  const complete = (): number => ends.filter((end) => end <= written).length
  try {
    await mkdir(dirname(path), { recursive: true })
    const handle = await open(path, 'a+', 0o644)
    try {
      const lead = (await endsInNewline(handle)) ? '' : '\n'
      const data = Buffer.from(`${lead}${texts.join('\n')}\n`)
      let end = lead.length
      for (const text of texts) {
        end += Buffer.byteLength(text) + 1
        ends.push(end)
      }
      while (written < data.length) written += (await handle.write(data, written)).bytesWritten
      if (durability === 'synced') await handle.sync()
    } finally {
      await handle.close()
    }
    return { written: texts.length, error: undefined }
  } catch (error) {
    return { written: complete(), error: error instanceof Error ? error : new Error(String(error)) }
  }
}

async function endsInNewline(handle: FileHandle): Promise<boolean> {
  const { size } = await handle.stat()
  if (size === 0) return true
  const last = Buffer.alloc(1)
  await handle.read(last, 0, 1, size - 1)
  return last[0] === 0x0a
}
