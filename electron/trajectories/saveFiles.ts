import { mkdir, rm, rmdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { placeFiles, syncFolder } from '../files/atomicWrite'
import { statOf } from '../files/boundedRead'
import { errnoCode } from '../files/errnoCode'
import { isObject } from './fieldReader'
import { readWhole } from './readFacts'
import { mustStayInside } from './stayInside'
import { type Merge, type TrajectoryDocument, withKeptFields } from './trajectoryDocument'
import { type Layout, pathFor, possiblePaths } from './trajectoryLayout'
import { toMarkdown } from './trajectoryMarkdown'
import { companionsOf, folderOf, isInOwnFolder, markdownOf, placeOf } from './trajectoryPaths'

/** What a save did. Paths are relative to the root. */
export interface SavedFiles {
  readonly path: string
  readonly document: TrajectoryDocument
  /** Older copies, gone now. */
  readonly removed: readonly string[]
}

/**
 * Writes a record where it belongs, atomically and synced, with its markdown when it is finished; fields that only the
 * file on disk had are kept. An older copy elsewhere is removed afterwards, never before. `known` are paths at which the
 * record was seen; `alongside` is done while the folder is synced. Throws `refused` where a link leads out of the folder,
 * or the system's error.
 */
export async function saveFiles(
  root: string,
  {
    document: given,
    layout,
    known,
    merge = (document) => document,
    alongside,
  }: {
    readonly document: TrajectoryDocument
    readonly layout: Layout
    readonly known: readonly string[]
    readonly merge?: Merge | undefined
    readonly alongside: (path: string, document: TrajectoryDocument) => Promise<void>
  },
): Promise<SavedFiles> {
  const { id, status, startedAt, completedAt } = given
  const copies = await copiesOf(root, [...known, ...possiblePaths(id, startedAt)])
  const place = status === 'active' ? 'active' : 'completed'
  const path =
    copies.find((copy) => placeOf(copy) === place) ?? pathFor(layout, { id, status, at: completedAt ?? startedAt })
  const newest = copies.includes(path) ? path : copies[0]
  const before = newest === undefined ? undefined : (await readWhole(root, newest))?.value
  const document = isObject(before) ? withKeptFields(merge(given, before), before) : given
  await makeFolder(root, folderOf(path))
  await placeFiles([
    { path: join(root, path), data: JSON.stringify(document, null, 2) },
    ...(status === 'active' ? [] : [{ path: join(root, markdownOf(path)), data: toMarkdown(document) }]),
  ])
  await Promise.all([syncFolder(join(root, folderOf(path))), alongside(path, document)])
  const removed = copies.filter((copy) => copy !== path)
  for (const copy of removed) await removeRecord(root, copy, { withTraces: false })
  return { path, document, removed }
}

/** Removes a record's file and its markdown, with traces also what others left of it, and its own folder when that is empty then. */
export async function removeRecord(
  root: string,
  path: string,
  { withTraces }: { readonly withTraces: boolean },
): Promise<void> {
  await mustStayInside(root, folderOf(path))
  const others = withTraces ? companionsOf(path) : [markdownOf(path)]
  for (const file of [path, ...others]) await rm(join(root, file), { force: true })
  if (!isInOwnFolder(path)) return
  await rmdir(join(root, folderOf(path))).catch((error: unknown) => {
    if (!['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes(errnoCode(error) ?? '')) throw error
  })
}

/** Only what lies in active/ and completed/ is ours to move; what was put aside stays. */
async function copiesOf(root: string, paths: readonly string[]): Promise<readonly string[]> {
  const wanted = [...new Set(paths)].filter((path) => ['active', 'completed'].includes(placeOf(path)))
  const found = await Promise.all(
    wanted.map(async (path) => ((await statOf(join(root, path)).catch(() => undefined))?.isFile() ? [path] : [])),
  )
  return found.flat()
}

/** Makes a folder below the root, name by name, so that no link leads out of it. New names are made durable. */
async function makeFolder(root: string, path: string): Promise<void> {
  await mkdir(root, { recursive: true, mode: 0o755 })
  const parts = path.split('/')
  for (let depth = 1; depth <= parts.length; depth++) {
    const folder = join(root, ...parts.slice(0, depth))
    const stats = await statOf(folder)
    if (stats?.isSymbolicLink()) await mustStayInside(root, parts.slice(0, depth).join('/'))
    if (stats) continue
    await mkdir(folder, { recursive: true, mode: 0o755 })
    await syncFolder(dirname(folder))
  }
}
