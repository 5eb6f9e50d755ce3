import { type Dirent, readdir } from 'node:fs'
import { realpath } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { errnoCode } from '../files/errnoCode'
import { forEachAtOnce, isMissing, isSameStamp, stampOf, statOf } from './boundedRead'
import { readFacts, type ScannedFile } from './readFacts'
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
  /** Looks at everything again and reads what changed. Gives true when anything did. Never throws. */
  readonly refresh: () => Promise<boolean>
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

  const list = async (path: string, real: string): Promise<ListedFolder | undefined> => {
    const whole = path === '' ? real : join(root, path)
    try {
      const stats = await statOf(whole)
      if (!stats) return undefined
      if (!stats.isDirectory()) {
        troubles.push({ path: whole, message: 'is no folder' })
        return undefined
      }
      const known = memory.folders.get(path)
      const isSettled = known !== undefined && Math.abs(known.listedAtMs - known.mtimeMs) > settledMs
      if (isSettled && known.mtimeMs === stats.mtimeMs) return known
      const listedAtMs = Date.now()
      return { mtimeMs: stats.mtimeMs, listedAtMs, ...(await sortEntries(await entriesOf(whole), whole, real)) }
    } catch (error) {
      if (!isMissing(error)) troubles.push({ path: whole, message: `cannot be read (${errnoCode(error) ?? error})` })
      return undefined
    }
  }

  const walk = async (real: string): Promise<Set<string>> => {
    const found = new Set<string>()
    const seen = new Set<string>()
    let level = ['']
    for (let depth = 0; level.length > 0 && depth <= maxDepth; depth++) {
      const next: string[] = []
      await forEachAtOnce(level, async (path) => {
        const folder = await list(path, real)
        if (!folder) return
        memory.folders.set(path, folder)
        seen.add(path)
        const lead = path === '' ? '' : `${path}/`
        for (const name of folder.files) found.add(lead + name)
        for (const name of folder.folders) next.push(lead + name)
        for (const name of folder.outside)
          troubles.push({
            path: join(root, lead + name),
            message: 'is a link that leads outside, or nowhere: it is not followed',
          })
      })
      level = next
    }
    for (const path of memory.folders.keys()) if (!seen.has(path)) memory.folders.delete(path)
    return found
  }

  const look = async (path: string): Promise<boolean> => {
    const known = memory.files.get(path)
    const stats = await statOf(join(root, path)).catch(() => undefined)
    if (stats && known && isSameStamp(known.stamp, stampOf(stats)) && isSettledFile(known)) return false
    const file = await readFacts(root, path)
    if (memory.files.get(path) !== known) return true // It was saved meanwhile, and what was read is older.
    if (!file) return memory.files.delete(path)
    memory.files.set(path, file)
    return known === undefined || JSON.stringify(known.facts) !== JSON.stringify(file.facts)
  }

  const refresh = async (): Promise<boolean> => {
    const before = troubles
    const startedMs = Date.now()
    troubles = []
    const real = await realpath(root).catch(() => undefined)
    const found = real === undefined ? new Set<string>() : await walk(real)
    let changed = false
    for (const [path, { readAtMs }] of memory.files) {
      // What was saved since is not in this look.
      if (!found.has(path) && readAtMs < startedMs) changed = memory.files.delete(path) || changed
    }
    await forEachAtOnce([...found], async (path) => {
      if (await look(path)) changed = true
    })
    return changed || JSON.stringify(before) !== JSON.stringify(troubles)
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
    else if (entry.isSymbolicLink() && (await leadsOut(join(path, entry.name), real))) outside.push(entry.name)
  }
  return { files, folders, outside }
}

/** A link inside the folder shows nothing new; one that leads out, or nowhere, is not followed. */
async function leadsOut(path: string, real: string): Promise<boolean> {
  const target = await realpath(path).catch(() => undefined)
  return target === undefined || !target.startsWith(real + sep)
}
