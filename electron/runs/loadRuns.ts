import { stat } from 'node:fs/promises'
import type { Journal } from '../files/journal'
import { readNewestRuns } from './newestRuns'
import type { RunMemory } from './runMemory'
import { createSnapshots } from './runSnapshot'
import { checksumLines, validateLines } from './validateLines'

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
  /** Are lines taken by their beginning now? */
  readonly isQuick: () => boolean
  readonly progressed: (progress: { readonly doneBytes: number; readonly totalBytes: number }) => void
  /** Resolves when every line was looked at whole. */
  readonly checked: () => Promise<void>
  /** The file is another one now: what is being looked at of it no longer counts. */
  readonly forget: () => void
  readonly close: () => Promise<void>
}

/** Files up to this size are read whole lines at once, larger ones by the beginnings of their lines first. */
const quickBytes = 4 * 1024 * 1024

/**
 * A file that is known from a snapshot is read from where the snapshot ends. Of a large one that is not, the newest runs
 * are shown at once; then the beginnings of all lines tell every run's state; then, in the background, every line is
 * parsed, and a snapshot written.
 */
export function createLoader({
  file,
  journal,
  memory,
  snapshotDir,
  onChange,
}: {
  readonly file: string
  readonly journal: Journal
  readonly memory: RunMemory
  readonly snapshotDir: string | undefined
  readonly onChange: () => void
}): Loader {
  const snapshots = snapshotDir === undefined ? undefined : createSnapshots({ dir: snapshotDir, file })
  let progress: { doneBytes: number; totalBytes: number } | null = { doneBytes: 0, totalBytes: 0 }
  let quick = false
  let reading = false
  let loaded = false
  let stopper = new AbortController()
  let background = new AbortController()
  let checking: Promise<void> = Promise.resolve()
  /** Bytes that the snapshot on disk covers, and the checksum of the bytes that memory was checked with. */
  let covered = 0
  let checksum: { readonly bytes: number; readonly value: number } | undefined

  const readLarge = async (size: number): Promise<void> => {
    const { signal } = stopper
    if (memory.view().table.size() === 0) memory.showNewest(await readNewestRuns(journal, { size, signal }))
    onChange()
    quick = true
    try {
      await journal.refresh(signal)
    } finally {
      quick = false
    }
    if (signal.aborted) return
    memory.showNewest(undefined)
    check()
  }

  /** Looks at every line whole, in the background. */
  const check = (): void => {
    const { signal } = background
    const to = memory.view().table.endOffset()
    const earlier = memory.problems.lines()
    checking = validateLines(journal, { path: file, to, earlier, signal })
      .then(async (validation) => {
        if (!validation || signal.aborted) return
        if (validation.misread) return readWhole()
        memory.problems.restore(validation.problems)
        checksum = { bytes: to, value: validation.checksum }
        onChange()
        await save()
      })
      .catch(() => undefined) // The file is gone or another one: what follows it looks again.
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

  const restore = async (): Promise<boolean> => {
    const found = await snapshots?.read()
    if (!found) return false
    journal.goOn(found.position)
    memory.restore(found.table)
    memory.problems.restore(found.problems)
    covered = found.position.offset
    checksum = found.checksum
    checkRestored()
    return true
  }

  /** Looks in the background whether the bytes that the snapshot was made from are still the same. */
  const checkRestored = (): void => {
    const { signal } = background
    const wanted = checksum
    if (!wanted) return
    checking = checksumLines(journal, { to: wanted.bytes, signal })
      .then(async (value) => {
        if (value === undefined || signal.aborted || value === wanted.value) return
        await snapshots?.remove()
        await readWhole()
      })
      .catch(() => undefined)
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
        if (!loaded && size > quickBytes && !(await restore())) await readLarge(size)
        if (stopper.signal.aborted) return
        await journal.refresh()
        loaded = true
        progress = null
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
    isQuick: () => quick,
    progressed: (now) => {
      if (!progress) return
      progress = now
      onChange()
    },
    checked: async () => {
      for (let waited: Promise<void> | undefined; waited !== checking; ) {
        waited = checking
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
      if (loaded && covered > 0 && behind > Math.max(quickBytes, covered / 20)) await save()
    },
  }
}
