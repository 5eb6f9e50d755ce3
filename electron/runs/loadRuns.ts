import { stat } from 'node:fs/promises'
import type { Journal } from '../files/journal'
import { checksumBytes } from './checksumBytes'
import { readNewestRuns } from './newestRuns'
import type { RunMemory } from './runMemory'
import { createSnapshots } from './runSnapshot'

/** How far the first reading of a file came. */
export interface Loading {
  readonly doneBytes: number
  readonly totalBytes: number
  /** A person ended it early: only the newest runs are shown. */
  readonly stopped: boolean
}

/** Reads the file of a run store for the first time, as fast as its size allows. */
export interface Loader {
  /** Resolves when memory is as new as the file was, or the reading was stopped; called again it goes on. */
  readonly load: () => Promise<void>
  readonly stop: () => void
  readonly loading: () => Loading | null
  readonly isReading: () => boolean
  readonly isStopped: () => boolean
  readonly progressed: (progress: { readonly doneBytes: number; readonly totalBytes: number }) => void
  /** Resolves when what goes on in the background is done. */
  readonly checked: () => Promise<void>
  /** The file is another one now: what is being looked at of it no longer counts. */
  readonly forget: () => void
  readonly close: () => Promise<void>
}

/** From which size on, in bytes, a store counts as large. */
export interface LargeSizes {
  /** Smaller ones have no snapshot: reading them takes no time. */
  readonly snapshotBytes: number
  /** Of larger ones the newest runs are shown before all lines, or a snapshot that is as large, are read. */
  readonly newestFirstBytes: number
}

export const largeSizes: LargeSizes = { snapshotBytes: 4 * 1024 * 1024, newestFirstBytes: 128 * 1024 * 1024 }

/** A snapshot is compared with its file so long after it was read, in ms: a window that opens needs the thread. */
const checkAfterMs = 2_000

/**
 * A file that is known from a snapshot is read from where the snapshot ends; in the background its earlier bytes are
 * compared with the snapshot's checksum. Of a large one the newest runs are shown at once, unless its snapshot is small.
 */
export function createLoader({
  file,
  journal,
  memory,
  snapshotDir,
  sizes: { snapshotBytes, newestFirstBytes },
  onChange,
}: {
  readonly file: string
  readonly journal: Journal
  readonly memory: RunMemory
  readonly snapshotDir: string | undefined
  readonly sizes: LargeSizes
  readonly onChange: () => void
}): Loader {
  const snapshots = snapshotDir === undefined ? undefined : createSnapshots({ dir: snapshotDir, file })
  let progress: { doneBytes: number; totalBytes: number } | null = { doneBytes: 0, totalBytes: 0 }
  let reading = false
  let loaded = false
  let showsNewest = false
  let stopper = new AbortController()
  let background = new AbortController()
  let checking: Promise<void> = Promise.resolve()
  let checkNow = (): void => undefined
  /** Bytes that the snapshot on disk covers, and the checksum of the bytes that memory was checked with. */
  let covered = 0
  let checksum: { readonly bytes: number; readonly value: number } | undefined

  const showNewest = async (size: number): Promise<void> => {
    memory.showNewest(await readNewestRuns(journal, { size, signal: stopper.signal }))
    showsNewest = true
    onChange()
  }

  const readLarge = async (size: number): Promise<void> => {
    const { signal } = stopper
    if (size > newestFirstBytes && memory.view().table.size() === 0 && !showsNewest) await showNewest(size)
    await journal.refresh(signal)
    if (signal.aborted) return
    memory.showNewest(undefined)
    showsNewest = false
    if (snapshots) checking = makeSnapshot()
  }

  /** In the background: a checksum of what was read, and the snapshot. */
  const makeSnapshot = async (): Promise<void> => {
    const { signal } = background
    const bytes = memory.view().table.endOffset()
    try {
      const value = await checksumBytes(journal, { to: bytes, signal })
      if (value === undefined || signal.aborted) return
      checksum = { bytes, value }
      await save()
    } catch {
      // The file is gone or another one now. What follows it reads it anew.
    }
  }

  const readWhole = async (): Promise<void> => {
    journal.goOn({ offset: 0, lines: 0, inode: journal.position()?.inode ?? 0, size: 0, mtimeMs: 0 })
    memory.forgetFile()
    await journal.refresh()
  }

  const save = async (): Promise<void> => {
    const position = journal.position()
    if (!snapshots || !position || !checksum) return
    covered = position.offset
    await snapshots.write({ table: memory.view().table, problems: memory.problems.lines(), position, checksum })
  }

  const restore = async (size: number): Promise<boolean> => {
    const snapshotSize = (await snapshots?.sizeBytes()) ?? 0
    if (size > newestFirstBytes && snapshotSize > newestFirstBytes) await showNewest(size)
    if (stopper.signal.aborted) return false
    const found = await snapshots?.read()
    if (!found) return false
    journal.goOn(found.position)
    memory.showNewest(undefined)
    showsNewest = false
    memory.restore(found.table)
    memory.problems.restore(found.problems)
    covered = found.position.offset
    checksum = found.checksum
    return true
  }

  /** Resolves when whoever opened the store had time to show it, or somebody waits for what comes next. */
  const shownOrWanted = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, checkAfterMs)
      checkNow = () => {
        clearTimeout(timer)
        resolve()
      }
      signal.addEventListener('abort', checkNow, { once: true })
    })

  /** Looks in the background whether the bytes that the snapshot was made from are still the same. */
  const checkRestored = async (): Promise<void> => {
    const { signal } = background
    const wanted = checksum
    if (!wanted) return
    try {
      await shownOrWanted(signal)
      if (signal.aborted) return
      const value = await checksumBytes(journal, { to: wanted.bytes, signal })
      if (value === undefined || signal.aborted || value === wanted.value) return
      await snapshots?.remove()
      await readWhole()
    } catch {
      // As above.
    }
  }

  return {
    load: async () => {
      if (stopper.signal.aborted) stopper = new AbortController()
      reading = true
      progress ??= { doneBytes: 0, totalBytes: 0 }
      try {
        const size = await stat(file).then(
          (found) => found.size,
          () => 0,
        )
        progress = { doneBytes: 0, totalBytes: size }
        const restored = !loaded && size > snapshotBytes && (await restore(size))
        if (!loaded && !restored && size > snapshotBytes) await readLarge(size)
        if (stopper.signal.aborted) return
        await journal.refresh()
        loaded = true
        progress = null
        if (restored) checking = checkRestored()
      } catch (error) {
        progress = null
        throw error
      } finally {
        reading = false
      }
    },
    stop: () => stopper.abort(),
    loading: () => progress && { ...progress, stopped: stopper.signal.aborted },
    isReading: () => reading,
    isStopped: () => progress !== null && stopper.signal.aborted,
    progressed: (now) => {
      if (!progress) return
      progress = now
      onChange()
    },
    checked: async () => {
      for (let waited: Promise<void> | undefined; waited !== checking; ) {
        waited = checking
        checkNow()
        await waited
      }
    },
    forget: () => {
      background.abort()
      background = new AbortController()
      checksum = undefined
    },
    close: async () => {
      stopper.abort()
      background.abort()
      await checking
      const behind = (journal.position()?.offset ?? 0) - covered
      if (loaded && covered > 0 && behind > Math.max(snapshotBytes, covered / 20)) await save()
    },
  }
}
