import { realpathSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { RundeskError } from '../../shared/outcome'
import type { Problem } from '../../shared/runs'
import { causeOf } from '../../shared/systemErrors'
import type { Reconciliation, Trajectory, TrajectorySummary } from '../../shared/trajectories'
import { stampOf, statOf } from '../files/boundedRead'
import { withMutex } from '../files/mutex'
import { removeStaleTemporaries } from '../files/temporaryFiles'
import { isObject } from './fieldReader'
import { createFolderScan, type FolderScan } from './folderScan'
import type { IndexReading } from './indexDocument'
import type { IndexFacts } from './indexMerge'
import { createListCache } from './listCache'
import { readWhole, toSummary } from './readFacts'
import { readTrajectory } from './readTrajectory'
import { isIndexed, reconcileEntries, toIndexFacts } from './reconcileEntries'
import { removeRecord, saveFiles } from './saveFiles'
import { checkDocument, isTrajectoryId, type Merge, type TrajectoryDocument } from './trajectoryDocument'
import { createTrajectoryIndex } from './trajectoryIndex'
import { detectLayout, type Layout } from './trajectoryLayout'
import { type ListedTrajectory, listTrajectories, oldestFirst, type TrajectoryList, withSaved } from './trajectoryList'
import { findProblems, type IndexLook } from './trajectoryProblems'

/** The trajectories of one folder. */
export interface TrajectoryStore {
  readonly root: string
  /** Looks at the folder again; gives true when what is shown changed. Changes nothing in it. */
  readonly refresh: () => Promise<boolean>
  /** As of the last refresh and the saves since, newest first. */
  readonly list: () => readonly TrajectorySummary[]
  /** Read anew from its file; undefined for an unknown id. */
  readonly get: (id: string) => Promise<Trajectory | undefined>
  /**
   * Writes a record; resolves when its file and its line in the journal are on disk. Saves of one record happen in the
   * order of their calls. `merge` gets what the file holds, if there is one, and gives what to write; either way fields
   * of the file that the result does not know are kept. Throws `refused` for a record that is none, or the system's error.
   */
  readonly save: (document: TrajectoryDocument, merge?: Merge) => Promise<void>
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
  let list: TrajectoryList | undefined
  let lookedAt: IndexLook = { reading: { kind: 'none' }, lines: new Map() }
  let found: readonly Problem[] = []
  let uncached = false
  /** Was a record saved or removed since the problems were looked for? */
  let acted = false

  const open = (): Promise<FolderScan> => {
    opening ??= cache.load().then((memory) => {
      scan = createFolderScan(root, memory)
      return scan
    })
    return opening
  }
  const current = (): TrajectoryList => {
    list ??= listTrajectories(root, scan?.memory.files ?? new Map(), compactionsIn(lookedAt.reading))
    return list
  }

  const scanAgain = (): Promise<boolean> =>
    withMutex(`scan ${root}`, async () => {
      const { changed, learned } = await (await open()).refresh()
      if (learned) uncached = true
      if (changed) list = undefined
      return changed
    })
  const refresh = (): Promise<boolean> =>
    withMutex(`trajectories ${root}`, async () => {
      const did = await scanAgain()
      const before = lookedAt
      lookedAt = await index.look()
      const isSame = isSameReading(before.reading, lookedAt.reading) && before.lines === lookedAt.lines
      if (!did && isSame && !acted) return false
      acted = false
      if (!isSame) list = undefined
      found = await findProblems({ root, listed: current().byId, troubles: scan?.troubles() ?? [], index: lookedAt })
      return true
    })

  const index = createTrajectoryIndex({
    root,
    wanted: async () => (await detectLayout(root)).hasIndex,
    filesOf: async () => {
      await scanAgain()
      const facts = new Map<string, IndexFacts>()
      const trajectories = [...current().byId.values()].filter(isIndexed).sort(oldestFirst)
      for (const trajectory of trajectories) facts.set(trajectory.shown.id, toIndexFacts(trajectory))
      return facts
    },
  })

  const find = async (id: string): Promise<ListedTrajectory | undefined> => {
    const known = current().byId.get(id)
    if (known) return known
    await refresh()
    return current().byId.get(id)
  }

  const save = async (document: TrajectoryDocument, merge: Merge | undefined): Promise<void> => {
    checkDocument(document)
    layout ??= await detectLayout(root)
    const { hasIndex } = layout
    const known = list?.byId.get(document.id)
    const saved = await saveFiles(root, {
      document,
      layout,
      merge,
      known: known ? [known.path, ...known.copies] : [],
      alongside: async (path, { id, task: { title }, status, startedAt, completedAt = null }) => {
        const at = new Date().toISOString()
        if (hasIndex) await index.note({ id, title, status, startedAt, completedAt, path, at })
      },
    })
    acted = true
    if (!opening) return // Nothing was looked at yet: there is nothing to keep in step.
    const { files } = (await opening).memory
    const stats = await statOf(join(root, saved.path))
    const file = toSummary(readTrajectory(saved.document, document.id, 'summary'))
    for (const path of saved.removed) files.delete(path)
    const facts = { kind: 'trajectory', summary: file } as const
    if (stats) files.set(saved.path, { stamp: stampOf(stats), readAtMs: Date.now(), facts })
    uncached = true
    list = list && withSaved(root, list, { path: saved.path, file, removed: saved.removed })
  }

  return {
    root,
    refresh,
    list: () => current().shown,
    get: async (id) => {
      const trajectory = await find(id)
      const whole = trajectory && (await readWhole(root, trajectory.path))
      return whole && { ...trajectory.shown, ...whole.reading }
    },
    save: (document, merge) =>
      withMutex(`trajectory ${root} ${document.id}`, async () => {
        try {
          await save(document, merge)
          failures.delete(document.id)
        } catch (error) {
          failures.set(document.id, notSaved(document.id, error))
          throw error
        }
      }),
    remove: (id) =>
      withMutex(`trajectory ${root} ${id}`, async () => {
        await refresh()
        const trajectory = current().byId.get(id)
        if (!trajectory) return false
        for (const path of [trajectory.path, ...trajectory.copies]) {
          await removeRecord(root, path, { withTraces: true })
          scan?.memory.files.delete(path)
        }
        uncached = true
        acted = true
        list = undefined
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
        counts = await reconcileEntries(root, entries, current().byId)
        return counts.added + counts.corrected + counts.dropped
      })
      await refresh()
      const failed = [...current().byId.values()].filter(({ file }) => file.status === 'unreadable')
      return {
        ...counts,
        scanned: current().shown.length,
        keptAside,
        failures: failed.map(({ shown: { path }, file }) => ({ path, message: file.problems[0]?.message ?? '' })),
      }
    },
    problems: () => {
      const problem = (code: string, path: string, message: string): Problem => ({ code, path, line: null, message })
      const trouble = index.trouble()
      return [
        ...[...failures.values()].map((message) => problem('trajectory_not_saved', root, message)),
        ...(trouble === null ? [] : [problem('index_not_written', join(root, 'index.json'), trouble)]),
        ...found,
      ]
    },
    close: () =>
      withMutex(`trajectories ${root}`, async () => {
        await index.close()
        if (uncached && scan) await cache.store(scan.memory)
        uncached = false
      }),
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

function isSameReading(left: IndexReading, right: IndexReading): boolean {
  if (left.kind === 'index' || right.kind === 'index') return left === right
  return JSON.stringify(left) === JSON.stringify(right)
}

/** Which record was compacted into which, as far as the index tells. */
function compactionsIn(reading: IndexReading): ReadonlyMap<string, string> {
  const compactions = new Map<string, string>()
  if (reading.kind !== 'index') return compactions
  for (const [id, entry] of reading.document.entries)
    if (isObject(entry) && typeof entry.compactedInto === 'string') compactions.set(id, entry.compactedInto)
  return compactions
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
  const why = causeOf(error)
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
