import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { DiskEvent } from './diskTrace.testkit'

/** What may be on a disk after the power went: the files by path, and what was acknowledged before. */
export interface CrashState {
  /** How many events had happened. */
  readonly after: number
  readonly folders: readonly string[]
  readonly files: ReadonlyMap<string, Buffer>
  readonly acknowledged: readonly string[]
}

interface Piece {
  readonly offset: number
  readonly data: Buffer
}
/** A name that a folder gains (`node`) or loses. One operation may do both, as a rename does. */
type NameChange = readonly { readonly path: string; readonly node: number | undefined }[]
interface FileNode {
  readonly safe: Buffer
  readonly loose: readonly Piece[]
}
interface Disk {
  readonly nodes: ReadonlyMap<number, FileNode | 'folder'>
  /** Names that are on the disk for certain, and changes of names by folder that may or may not be, in any combination. */
  readonly names: ReadonlyMap<string, number>
  readonly looseNames: ReadonlyMap<string, readonly NameChange[]>
  /** What the program itself sees. */
  readonly seen: ReadonlyMap<string, number>
  readonly acknowledged: readonly string[]
}

/**
 * Every state in which a power cut may leave the folder, by what POSIX promises and no more: a write that was not synced
 * is there, half there, missing, or there as zeros, whatever became of other writes; a name that was made, renamed or
 * removed is as it was or as it is, until its folder was synced; a synced file may lack its name. Equal states come once.
 */
export function* crashStates(events: readonly DiskEvent[]): Generator<CrashState> {
  const known = new Set<string>()
  let disk: Disk = { nodes: new Map(), names: new Map(), looseNames: new Map(), seen: new Map(), acknowledged: [] }
  for (let after = 0; after <= events.length; after++) {
    for (const state of statesOf(disk, after)) {
      const key = JSON.stringify([
        state.folders,
        [...state.files].map(([path, data]) => [path, data.toString('latin1')]),
        state.acknowledged,
      ])
      if (known.has(key)) continue
      known.add(key)
      yield state
    }
    const event = events[after]
    if (event) disk = apply(disk, event)
  }
}

function apply(disk: Disk, event: DiskEvent): Disk {
  const node = disk.seen.get(event.path)
  const file = (): { readonly id: number; readonly content: FileNode } => {
    const content = node === undefined ? undefined : disk.nodes.get(node)
    if (node === undefined || content === undefined || content === 'folder') throw new Error(`no file ${event.path}`)
    return { id: node, content }
  }
  switch (event.kind) {
    case 'acknowledge':
      return { ...disk, acknowledged: [...disk.acknowledged, event.id] }
    case 'make file':
    case 'make folder': {
      const id = disk.nodes.size
      const made = event.kind === 'make folder' ? 'folder' : { safe: Buffer.alloc(0), loose: [] }
      const nodes = new Map(disk.nodes).set(id, made)
      return rename({ ...disk, nodes }, [{ path: event.path, node: id }])
    }
    case 'remove':
      return rename(disk, [{ path: event.path, node: undefined }])
    case 'rename':
    case 'link': {
      const moved = { path: event.path, node: disk.seen.get(event.from) }
      return rename(disk, event.kind === 'link' ? [moved] : [moved, { path: event.from, node: undefined }])
    }
    case 'write': {
      const { id, content } = file()
      const loose = [...content.loose, { offset: event.offset, data: event.data }]
      return { ...disk, nodes: new Map(disk.nodes).set(id, { ...content, loose }) }
    }
    case 'sync': {
      const { id, content } = file()
      const safe = content.loose.reduce((bytes, piece) => put(bytes, piece), content.safe)
      return { ...disk, nodes: new Map(disk.nodes).set(id, { safe, loose: [] }) }
    }
    case 'sync folder': {
      const names = new Map(disk.names)
      for (const change of disk.looseNames.get(event.path) ?? []) changeNames(names, change)
      const looseNames = new Map(disk.looseNames)
      looseNames.delete(event.path)
      return { ...disk, names, looseNames }
    }
  }
}

const folderOf = (path: string): string => (dirname(path) === '.' ? '' : dirname(path))

function rename(disk: Disk, change: NameChange): Disk {
  const folder = folderOf(change[0]?.path ?? '')
  const seen = new Map(disk.seen)
  changeNames(seen, change)
  const looseNames = new Map(disk.looseNames).set(folder, [...(disk.looseNames.get(folder) ?? []), change])
  return { ...disk, seen, looseNames }
}

function changeNames(names: Map<string, number>, change: NameChange): void {
  for (const { path, node } of change) {
    if (node === undefined) names.delete(path)
    else names.set(path, node)
  }
}

function* statesOf(disk: Disk, after: number): Generator<CrashState> {
  for (const changes of subsets([...disk.looseNames.values()].flat())) {
    const names = new Map(disk.names)
    for (const change of changes) changeNames(names, change)
    const reachable = [...names].filter(([path]) => hasFolders(path, { names, disk })).sort()
    const folders = reachable.flatMap(([path, node]) => (disk.nodes.get(node) === 'folder' ? [path] : []))
    const nodes = [...new Set(reachable.map(([, node]) => node))].filter((node) => disk.nodes.get(node) !== 'folder')
    for (const contents of contentsOf(nodes, disk)) {
      const files = new Map(
        reachable.flatMap(([path, node]) => {
          const content = contents.get(node)
          return content ? [[path, content] as const] : []
        }),
      )
      yield { after, folders, files, acknowledged: disk.acknowledged }
    }
  }
}

function hasFolders(path: string, { names, disk }: { names: ReadonlyMap<string, number>; disk: Disk }): boolean {
  const folder = folderOf(path)
  if (folder === '') return true
  const node = names.get(folder)
  return node !== undefined && disk.nodes.get(node) === 'folder' && hasFolders(folder, { names, disk })
}

function* contentsOf(nodes: readonly number[], disk: Disk): Generator<ReadonlyMap<number, Buffer>> {
  const [first, ...others] = nodes
  if (first === undefined) return yield new Map()
  const file = disk.nodes.get(first)
  if (file === undefined || file === 'folder') return yield* contentsOf(others, disk)
  for (const rest of contentsOf(others, disk))
    for (const content of fates(file.safe, file.loose)) yield new Map(rest).set(first, content)
}

/** Each write missing, half there, there as zeros, or whole. */
function* fates(bytes: Buffer, [piece, ...others]: readonly Piece[]): Generator<Buffer> {
  if (!piece) return yield bytes
  const { offset, data } = piece
  yield* fates(bytes, others)
  yield* fates(put(bytes, { offset, data: data.subarray(0, Math.ceil(data.length / 2)) }), others)
  yield* fates(put(bytes, { offset, data: Buffer.alloc(data.length) }), others)
  yield* fates(put(bytes, piece), others)
}

function put(bytes: Buffer, { offset, data }: Piece): Buffer {
  const result = Buffer.alloc(Math.max(bytes.length, offset + data.length))
  bytes.copy(result)
  data.copy(result, offset)
  return result
}

function* subsets<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let mask = 0; mask < 2 ** all.length; mask++) yield all.filter((_one, index) => (mask & (1 << index)) !== 0)
}

/** Writes such a state into an empty folder. */
export async function restoreState(folder: string, { folders, files }: CrashState): Promise<void> {
  for (const path of folders) await mkdir(join(folder, path), { recursive: true })
  for (const [path, data] of files) await writeFile(join(folder, path), data)
}
