import { realpathSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { RundeskError } from '../../shared/outcome'
import type { Problem } from '../../shared/runs'
import type { Reconciliation, Trajectory, TrajectorySummary } from '../../shared/trajectories'
import { removeStaleTemporaries } from '../files/atomicWrite'
import { errnoCode } from '../files/errnoCode'
import { withMutex } from '../files/mutex'
import { stampOf, statOf } from './boundedRead'
import { isObject } from './fieldReader'
import { createFolderScan, type FolderScan } from './folderScan'
import type { IndexFacts } from './indexMerge'
import { createListCache } from './listCache'
import { readWhole, toSummary } from './readFacts'
import { readTrajectory } from './readTrajectory'
import { isIndexed, reconcileEntries, toIndexFacts } from './reconcileEntries'
import { removeRecord, saveFiles } from './saveFiles'
import { checkDocument, isTrajectoryId, type TrajectoryDocument } from './trajectoryDocument'
import { createTrajectoryIndex, type TrajectoryIndex } from './trajectoryIndex'
import { detectLayout, type Layout } from './trajectoryLayout'
import { type ListedTrajectory, listTrajectories } from './trajectoryList'
import { toProblems } from './trajectoryProblems'

/** The trajectories of one folder. */
export interface TrajectoryStore {
  readonly root: string
  /** Looks at the folder again; gives true when what is shown changed. Changes nothing in it. */
  readonly refresh: () => Promise<boolean>
  /** As of the last refresh and the saves since, newest first. */
  readonly list: () => readonly TrajectorySummary[]
  /** Read anew from its file; undefined for an unknown id. */
  readonly get: (id: string) => Promise<Trajectory | undefined>
  /** The record as its file holds it, unknown fields and all; undefined when there is none or it is no JSON object. */
  readonly read: (id: string) => Promise<Readonly<Record<string, unknown>> | undefined>
  /**
   * Writes a record; resolves when its file and its line in the journal are on disk. Saves of one record happen in the
   * order of their calls. Throws `refused` for a record that is none, or the system's error.
   */
  readonly save: (document: TrajectoryDocument) => Promise<void>
  /** Removes a record with all that belongs to it; false when there was none. Nothing outside the folder is touched. */
  readonly remove: (id: string) => Promise<boolean>
  /** Brings the index in step with the files. Throws when it cannot be written. */
  readonly reconcile: () => Promise<Reconciliation>
  readonly problems: () => readonly Problem[]
  /** Writes what is due. */
  readonly close: () => Promise<void>
}

/**
 * Opens a trajectories folder of any generation (docs/formats-trajectories.md), which need not exist. Nothing is read
 * before the first `refresh`, and nothing is written but by `save`, `remove` and `reconcile`. What the scan learns is
 * kept in `cacheDir`, if there is one, so that the next process need not read every file.
 */
export function createTrajectoryStore({
  root: given,
  cacheDir = null,
}: {
  readonly root: string
  readonly cacheDir?: string | null
}): TrajectoryStore {
  const root = realRoot(given)
  const cache = createListCache(cacheDir, root)
  const failures = new Map<string, string>()
  let opening: Promise<FolderScan> | undefined
  let scan: FolderScan | undefined
  let layout: Layout | undefined
  let listed: ReadonlyMap<string, ListedTrajectory> | undefined
  let shown: readonly TrajectorySummary[] | undefined
  let lookedAt: Awaited<ReturnType<TrajectoryIndex['look']>> = { reading: { kind: 'none' }, lines: new Map() }
  let problems: { readonly key: string; readonly list: readonly Problem[] } | undefined
  let uncached = false

  const changed = (): void => {
    listed = undefined
    shown = undefined
    problems = undefined
  }
  const open = (): Promise<FolderScan> => {
    opening ??= cache.load().then((memory) => {
      scan = createFolderScan(root, memory)
      return scan
    })
    return opening
  }
  const compactions = (): ReadonlyMap<string, string> => {
    const found = new Map<string, string>()
    if (lookedAt.reading.kind !== 'index') return found
    for (const [id, entry] of lookedAt.reading.document.entries)
      if (isObject(entry) && typeof entry.compactedInto === 'string') found.set(id, entry.compactedInto)
    return found
  }
  const current = (): ReadonlyMap<string, ListedTrajectory> => {
    listed ??= listTrajectories(root, scan?.memory.files ?? new Map(), compactions())
    return listed
  }

  const scanAgain = async (): Promise<boolean> => {
    const did = await (await open()).refresh()
    if (did) {
      uncached = true
      changed()
    }
    return did
  }
  const refresh = (): Promise<boolean> =>
    withMutex(`trajectories ${root}`, async () => {
      const did = await scanAgain()
      const before = lookedAt
      lookedAt = await index.look()
      const isSame = before.reading === lookedAt.reading && before.lines === lookedAt.lines
      if (!isSame) changed()
      return did || !isSame
    })

  const index = createTrajectoryIndex({
    root,
    wanted: async () => (await detectLayout(root)).hasIndex,
    filesOf: async () => {
      await scanAgain()
      const facts = new Map<string, IndexFacts>()
      // Oldest first, the order in which they came to be.
      for (const [id, trajectory] of [...current()].reverse())
        if (isIndexed(trajectory)) facts.set(id, toIndexFacts(trajectory))
      return facts
    },
  })

  const find = async (id: string): Promise<ListedTrajectory | undefined> => {
    const known = current().get(id)
    if (known) return known
    await refresh()
    return current().get(id)
  }

  const save = async (document: TrajectoryDocument): Promise<void> => {
    checkDocument(document)
    layout ??= await detectLayout(root)
    const known = listed?.get(document.id)
    const saved = await saveFiles(root, {
      document,
      layout,
      known: known ? [known.path, ...known.copies] : [],
    })
    const reading = readTrajectory(saved.document, document.id)
    const summary = toSummary(reading)
    const files = opening && (await opening).memory.files // Unopened, there is nothing to keep in step.
    const stats = files && (await statOf(join(root, saved.path)))
    for (const path of saved.removed) files?.delete(path)
    const facts = { kind: 'trajectory', summary } as const
    if (stats) files.set(saved.path, { stamp: stampOf(stats), readAtMs: Date.now(), facts })
    uncached = true
    changed()
    if (!layout.hasIndex) return
    const { id, title, status, startedAt, completedAt } = summary
    await index.note({ id, title, status, startedAt, completedAt, path: saved.path, at: new Date().toISOString() })
  }

  return {
    root,
    refresh,
    list: () => {
      shown ??= [...current().values()].map((trajectory) => trajectory.shown)
      return shown
    },
    get: async (id) => {
      const trajectory = await find(id)
      const whole = trajectory && (await readWhole(root, trajectory.path))
      return whole && { ...trajectory.shown, ...whole.reading }
    },
    read: async (id) => {
      const trajectory = await find(id)
      const whole = trajectory && (await readWhole(root, trajectory.path))
      return isObject(whole?.value) ? whole.value : undefined
    },
    save: (document) =>
      withMutex(`trajectory ${root} ${document.id}`, async () => {
        try {
          await save(document)
          if (failures.delete(document.id)) changed()
        } catch (error) {
          failures.set(document.id, notSaved(document.id, error))
          changed()
          throw error
        }
      }),
    remove: (id) =>
      withMutex(`trajectory ${root} ${id}`, async () => {
        await refresh()
        const trajectory = current().get(id)
        if (!trajectory) return false
        for (const path of [trajectory.path, ...trajectory.copies]) {
          await removeRecord(root, path, { withTraces: true })
          scan?.memory.files.delete(path)
        }
        uncached = true
        changed()
        if (!(await detectLayout(root)).hasIndex) return true
        const { title, status, startedAt, completedAt } = trajectory.file
        const facts = { title, status, startedAt, completedAt, path: trajectory.path }
        await index.note({ id, ...facts, at: new Date().toISOString(), removed: true })
        return true
      }),
    reconcile: async () => {
      if (!(await statOf(root))) return emptyReconciliation
      await removeLeftovers(root)
      let counts = { added: 0, corrected: 0, dropped: 0, unchanged: 0 }
      const { keptAside } = await index.rewrite(async (entries) => {
        await scanAgain()
        counts = reconcileEntries(root, entries, current())
        return counts.added + counts.corrected + counts.dropped
      })
      await refresh()
      const failed = [...current().values()].filter(({ file }) => file.status === 'unreadable')
      return {
        ...counts,
        scanned: current().size,
        keptAside,
        failures: failed.map(({ shown: { path }, file }) => ({ path, message: file.problems[0]?.message ?? '' })),
      }
    },
    problems: () => {
      const indexTrouble = index.trouble()
      const key = indexTrouble ?? ''
      if (problems?.key === key) return problems.list
      const list = toProblems({
        root,
        listed: current(),
        troubles: scan?.troubles() ?? [],
        index: lookedAt,
        indexTrouble,
        failures,
      })
      problems = { key, list }
      return list
    },
    close: async () => {
      await index.close()
      if (uncached && scan) await cache.store(scan.memory)
    },
  }
}

const emptyReconciliation: Reconciliation = {
  scanned: 0,
  added: 0,
  corrected: 0,
  dropped: 0,
  unchanged: 0,
  keptAside: null,
  failures: [],
}

/** Two names of one folder are one store, and one set of locks. */
function realRoot(root: string): string {
  try {
    return realpathSync(root)
  } catch {
    return resolve(root)
  }
}

function notSaved(id: string, error: unknown): string {
  const why = errnoCode(error) ?? (error instanceof Error ? error.message : String(error))
  const advice = error instanceof RundeskError ? '' : ' Make room, or give write access, and save it again.'
  return `The trajectory ${isTrajectoryId(id) ? id : JSON.stringify(id)} could not be saved (${why}).${advice}`
}

/** Removes what writers that died left in the folders that are written to. */
async function removeLeftovers(root: string): Promise<void> {
  const completed = join(root, 'completed')
  const months = await readdir(completed, { withFileTypes: true }).catch(() => [])
  const folders = months.filter((entry) => entry.isDirectory()).map((entry) => join(completed, entry.name))
  for (const folder of [root, join(root, 'active'), completed, ...folders]) await removeStaleTemporaries(folder)
}
