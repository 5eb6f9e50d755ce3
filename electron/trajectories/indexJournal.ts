import { constants } from 'node:fs'
import { type FileHandle, mkdir, open as openFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { syncFolder } from '../files/atomicWrite'
import { isMissing } from '../files/boundedRead'
import { createJournal, type Journal } from '../files/journal'
import { lineText } from '../files/lineReader'

const indexLineSchema = z.looseObject({
  id: z.string().min(1),
  title: z.string(),
  status: z.string(),
  startedAt: z.string().nullable(),
  completedAt: z.string().nullable(),
  /** Relative to the trajectories folder. */
  path: z.string(),
  compactedInto: z.string().optional(),
  /** When the record was saved or removed. */
  at: z.string(),
  removed: z.literal(true).optional(),
})
/** One save or removal, told to whoever rewrites the index next. */
export type IndexLine = z.infer<typeof indexLineSchema>

/**
 * The saves of all Rundesk processes that the shared index may not have yet: `index.jsonl`, appended and synced before a
 * save counts. Lines already in the index do no harm.
 */
export interface IndexJournal {
  /** Resolves when the line is on disk. Lines of concurrent callers share one sync. Throws the system's error. */
  readonly append: (line: IndexLine) => Promise<void>
  /** Takes in what all processes appended. */
  readonly refresh: () => Promise<void>
  /** The newest line of every id. */
  readonly latest: () => ReadonlyMap<string, IndexLine>
  readonly sizeBytes: () => number
  /**
   * Begins a new file, once everything in the old one is in the index. Only under the index's lock. `takeRest` is called
   * when nobody can append to the old file any more, with lines that came in meanwhile in `latest`.
   */
  readonly rotate: (takeRest: () => Promise<void>) => Promise<void>
  readonly close: () => Promise<void>
}

/** Opens the journal in `folder`, which is made by the first append. */
export function createIndexJournal(folder: string): IndexJournal {
  const path = join(folder, 'index.jsonl')
  const oldPath = join(folder, 'index.old.jsonl')
  const current = createLineTable(path)
  const old = createLineTable(oldPath)
  const appender = createAppender(path)
  let waiting: Waiting[] = []
  let writing = false
  let latest: ReadonlyMap<string, IndexLine> = new Map()
  let merged = 0

  const write = async (): Promise<void> => {
    writing = true
    while (waiting.length > 0) {
      const batch = waiting
      waiting = []
      const written = await appender.append(batch.map(({ text }) => text).join('')).then(
        () => undefined,
        (error: unknown) => ({ error }),
      )
      for (const { resolve, reject } of batch) {
        if (written) reject(written.error)
        else resolve()
      }
    }
    writing = false
  }

  const refresh = async (): Promise<void> => {
    await old.journal.refresh()
    await current.journal.refresh()
    const revision = old.revision() + current.revision()
    if (revision === merged) return
    merged = revision
    latest = new Map([...old.lines, ...current.lines])
  }

  return {
    append: (line) =>
      new Promise((resolve, reject) => {
        waiting.push({ text: `${JSON.stringify(line)}\n`, resolve, reject })
        if (!writing) void write()
      }),
    refresh,
    latest: () => latest,
    sizeBytes: () => old.bytes() + current.bytes(),
    rotate: async (takeRest) => {
      await rm(oldPath, { force: true })
      await rename(path, oldPath).catch((error: unknown) => {
        if (!isMissing(error)) throw error
      })
      await refresh()
      await takeRest()
      await rm(oldPath, { force: true })
      await refresh()
    },
    close: async () => {
      await Promise.all([appender.close(), current.journal.close(), old.journal.close()])
    },
  }
}

interface Waiting {
  readonly text: string
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/** The newest line of every id in one file. What is no line of ours is left out. */
function createLineTable(path: string): {
  readonly journal: Journal
  readonly lines: ReadonlyMap<string, IndexLine>
  readonly bytes: () => number
  /** Grows with every change. */
  readonly revision: () => number
} {
  const lines = new Map<string, IndexLine>()
  let bytes = 0
  let revision = 0
  const journal = createJournal({
    path,
    onLine: (read) => {
      bytes = read.offset + read.length
      if (read.length === 0) return
      revision++
      const line = parseLine(lineText(read))
      if (line) lines.set(line.id, line)
    },
    onReset: () => {
      lines.clear()
      revision++
      bytes = 0
    },
  })
  return { journal, lines, bytes: () => bytes, revision: () => revision }
}

function parseLine(text: string): IndexLine | undefined {
  try {
    return indexLineSchema.parse(JSON.parse(text))
  } catch {
    return undefined // Half a line of a process that died: its save was never told as done.
  }
}

/** As `a`, but a symlink is not followed. */
const appendFlags = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0)

/** Appends texts to a file, and follows it when it is replaced. */
interface Appender {
  readonly append: (text: string) => Promise<void>
  readonly close: () => Promise<void>
}

function createAppender(path: string): Appender {
  let open: { readonly handle: FileHandle; readonly ino: number } | undefined

  const close = async (): Promise<void> => {
    const { handle } = open ?? {}
    open = undefined
    await handle?.close()
  }
  const opened = async (): Promise<{ readonly handle: FileHandle; readonly ino: number }> => {
    if (open) return open
    await mkdir(dirname(path), { recursive: true, mode: 0o755 })
    const handle = await openFile(path, appendFlags, 0o644)
    open = { handle, ino: (await handle.stat()).ino }
    await syncFolder(dirname(path))
    return open
  }

  return {
    append: async (text) => {
      // A newline first, always: whoever died in the middle of a line leaves it to itself. Empty lines tell nothing.
      const data = Buffer.from(`\n${text}`)
      for (;;) {
        const { handle, ino } = await opened()
        for (let written = 0; written < data.length; ) written += (await handle.write(data, written)).bytesWritten
        await handle.datasync()
        const there = await stat(path).catch(() => undefined)
        if (there?.ino === ino) return
        await close() // It was replaced meanwhile: what was appended may be lost with it.
      }
    },
    close,
  }
}
