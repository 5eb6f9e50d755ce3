import { type Dirent, readdir, type Stats } from 'node:fs'
import { realpath } from 'node:fs/promises'
import { basename, join, sep } from 'node:path'
import { causeOf } from '../../shared/systemErrors'
import { forEachAtOnce, isMissing, isSameStamp, stampOf, statNow, statOf } from '../files/boundedRead'
import { forEachQuickly } from '../files/forEachQuickly'
import { readFacts, readFactsNow, type ScannedFile } from './readFacts'
import { roleOf } from './trajectoryPaths'

/** What lies in one folder, and when it was listed. */
export interface ListedFolder {
  readonly mtimeMs: number
  readonly listedAtMs: number
  readonly files: readonly string[]
  readonly folders: readonly string[]
  /** Symlinks that lead out of the root. They are not followed. */
  readonly outside: readonly string[]
}

/** What a scan knows; a later scan, also of another process, can start from it. Paths are relative to the root, with `/`. */
export interface ScanMemory {
  readonly folders: Map<string, ListedFolder>
  readonly files: Map<string, ScannedFile>
}

export interface FolderTrouble {
  readonly path: string
  readonly message: string
}

export interface FolderScan {
  /**
   * Looks at everything again and reads what changed. `changed`: something else is shown; `learned`: the memory knows
   * something that the next scan need not look up. Never throws.
   */
  readonly refresh: () => Promise<{ readonly changed: boolean; readonly learned: boolean }>
  readonly memory: ScanMemory
  readonly troubles: () => readonly FolderTrouble[]
}

/**
 * A file written this shortly before it was looked at may be written again without another time stamp: it is looked at
 * once more.
 */
const settledMs = 2_000
const maxDepth = 6

/**
 * Finds the trajectories of a folder. A folder whose time did not change is not listed again, and a file with the same
 * inode, size and time is not read again. Changes nothing on disk and follows no symlink below the root.
 */
export function createFolderScan(root: string, memory: ScanMemory): FolderScan {
  let troubles: FolderTrouble[] = []
  let learned = false

  const list = async (path: string, real: string): Promise<ListedFolder | undefined> => {
    const whole = path === '' ? real : `${root}/${path}`
    try {
      const stats = await statOf(whole)
      if (!stats) return undefined
      if (!stats.isDirectory()) {
        troubles.push({ path: whole, message: 'is no folder' })
        return undefined
      }
      const listedAtMs = Date.now()
      return { mtimeMs: stats.mtimeMs, listedAtMs, ...(await sortEntries(await entriesOf(whole), whole, real)) }
    } catch (error) {
      if (!isMissing(error)) troubles.push({ path: whole, message: `cannot be read (${causeOf(error)})` })
      return undefined
    }
  }

  /** Lists those of the folders that changed, and gives those that are there. */
  const listAgain = async (paths: readonly string[], real: string): Promise<readonly string[]> => {
    const there: string[] = []
    const changed: string[] = []
    await statEach(paths, (path, stats) => {
      const known = memory.folders.get(path)
      const isSettled = known !== undefined && Math.abs(known.listedAtMs - known.mtimeMs) > settledMs
      if (isSettled && known.mtimeMs === stats?.mtimeMs) there.push(path)
      else changed.push(path)
    })
    await forEachAtOnce(changed, async (path) => {
      const folder = await list(path, real)
      if (!folder) return
      memory.folders.set(path, folder)
      learned = true
      there.push(path)
    })
    return there
  }

  const walk = async (real: string): Promise<Set<string>> => {
    const found = new Set<string>()
    const seen = new Set<string>()
    let level = ['']
    for (let depth = 0; level.length > 0 && depth <= maxDepth; depth++) {
      const next: string[] = []
      for (const path of await listAgain(level, real)) {
        seen.add(path)
        const folder = memory.folders.get(path)
        const lead = path === '' ? '' : `${path}/`
        for (const name of folder?.files ?? []) found.add(lead + name)
        for (const name of folder?.folders ?? []) next.push(lead + name)
        for (const name of folder?.outside ?? [])
          troubles.push({
            path: join(root, lead + name),
            message: 'is a link that leads outside, or nowhere: it is not followed',
          })
      }
      level = next
    }
    for (const path of memory.folders.keys()) if (!seen.has(path)) memory.folders.delete(path)
    return found
  }

  const statEach = (paths: readonly string[], take: (path: string, stats: Stats | undefined) => void): Promise<void> =>
    forEachQuickly(paths, {
      act: async (path) => take(path, await statOf(`${root}/${path}`).catch(() => undefined)),
      actNow: (path) => {
        take(path, statNow(`${root}/${path}`))
        return true
      },
    })

  const isKnown = (path: string, stats: Stats | undefined): boolean => {
    const known = memory.files.get(path)
    return (
      stats !== undefined && known !== undefined && isSameStamp(known.stamp, stampOf(stats)) && isSettledFile(known)
    )
  }
  /** Gives whether that is news. */
  const takeIn = (path: string, file: ScannedFile | undefined): boolean => {
    const known = memory.files.get(path)
    if (!file) return memory.files.delete(path)
    memory.files.set(path, file)
    learned = true
    return known === undefined || JSON.stringify(known.facts) !== JSON.stringify(file.facts)
  }
  const readEach = async (paths: readonly string[]): Promise<boolean> => {
    let changed = false
    await forEachQuickly(paths, {
      act: async (path) => {
        const known = memory.files.get(path)
        const file = await readFacts(root, path)
        // A record that was saved meanwhile is newer than what was read.
        if (memory.files.get(path) !== known || takeIn(path, file)) changed = true
      },
      actNow: (path) => {
        const file = readFactsNow(root, path)
        if (file === 'later') return false
        if (takeIn(path, file)) changed = true
        return true
      },
    })
    return changed
  }

  const refresh: FolderScan['refresh'] = async () => {
    const before = troubles
    const startedMs = Date.now()
    troubles = []
    learned = false
    const real = await realpath(root).catch(() => undefined)
    const found = real === undefined ? new Set<string>() : await walk(real)
    let changed = false
    for (const [path, { readAtMs }] of memory.files) {
      // What was saved since is not in this look.
      if (!found.has(path) && readAtMs < startedMs) changed = memory.files.delete(path) || changed
    }
    const unknown: string[] = []
    await statEach([...found], (path, stats) => {
      if (!isKnown(path, stats)) unknown.push(path)
    })
    changed = (await readEach(unknown)) || changed
    return { changed: changed || JSON.stringify(before) !== JSON.stringify(troubles), learned: changed || learned }
  }

  return { refresh, memory, troubles: () => troubles }
}

function isSettledFile({ stamp, readAtMs }: ScannedFile): boolean {
  return Math.abs(readAtMs - stamp.mtimeMs) > settledMs
}

function entriesOf(path: string): Promise<Dirent[]> {
  return new Promise((resolve, reject) =>
    readdir(path, { withFileTypes: true }, (error, entries) => (error ? reject(error) : resolve(entries))),
  )
}

async function sortEntries(
  entries: readonly Dirent[],
  path: string,
  real: string,
): Promise<Pick<ListedFolder, 'files' | 'folders' | 'outside'>> {
  const files: string[] = []
  const folders: string[] = []
  const outside: string[] = []
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue
    if (entry.isDirectory()) folders.push(entry.name)
    else if (entry.isFile() && roleOf(entry.name) !== null) files.push(entry.name)
    else if (entry.isSymbolicLink() && (await hidesSomething(join(path, entry.name), real))) outside.push(entry.name)
  }
  return { files, folders, outside }
}

/** Would a trajectory, or a folder, be behind the link? One that stays in the folder shows nothing new. */
async function hidesSomething(path: string, real: string): Promise<boolean> {
  const target = await realpath(path).catch(() => undefined)
  if (target?.startsWith(real + sep)) return false
  if (roleOf(basename(path)) !== null) return true
  return target !== undefined && (await statOf(target).catch(() => undefined))?.isDirectory() === true
}
