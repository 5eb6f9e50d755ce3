import { type FSWatcher, lstatSync, type Stats, watch } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { sep } from 'node:path'
import { RundeskError } from '../../shared/outcome'
import { isMissing, readBounded, readNow, statNow, statOf } from '../files/boundedRead'
import { createBreath } from '../files/breath'
import { errnoCode } from '../files/errnoCode'
import { forEachQuickly } from '../files/forEachQuickly'

/** A file of a folder: what it was read as, or why it could not be. */
export interface CachedFile<T> {
  readonly name: string
  readonly path: string
  /** Changes whenever the file does. */
  readonly stamp: string
  readonly value: T | undefined
  readonly error: string | null
}

/** What became of one file since it was last looked at. */
export interface FileChange<T> {
  readonly name: string
  readonly before: CachedFile<T> | undefined
  readonly after: CachedFile<T> | undefined
}

/** The JSON files of one folder, each read again only when it changed. */
export interface RecordFolder<T> {
  /** Looks what changed. With `sweep` every file is looked at, else only where the system told of changes. */
  readonly refresh: (options: { readonly sweep: boolean }) => Promise<readonly FileChange<T>[]>
  readonly files: ReadonlyMap<string, CachedFile<T>>
  /** Why the folder itself cannot be read. */
  readonly error: () => string | null
  readonly close: () => void
}

/** Files up to here are read without changing threads. */
const quickBytes = 128 * 1024

/**
 * Watches one folder of records that are replaced atomically. Names that start with `.` or do not end in `.json` are
 * somebody's temporary files. A missing folder is empty; an unreadable one has an error, and what was read of it stays.
 * Symlinks, folders, pipes and what is longer than `maxBytes` are told, not read. `parse` throws for what it cannot read. With `watched` the system tells which files changed;
 * where it does not, the folder's own time tells that something did.
 */
export function createRecordFolder<T>({
  folder,
  maxBytes,
  watched,
  parse,
  prepare,
}: {
  readonly folder: string
  readonly maxBytes: number
  readonly watched: boolean
  readonly parse: (text: string, name: string) => T
  /** Makes a text of more than 128 kB shorter before it is parsed. */
  readonly prepare?: (text: string) => Promise<string>
}): RecordFolder<T> {
  const prefix = `${folder}${sep}`
  const files = new Map<string, CachedFile<T>>()
  const told = new Set<string>()
  let watcher: FSWatcher | undefined
  let watchedInode: number | undefined
  let anyTold = false
  let allTold = false
  let suspect = false
  let folderStamp = ''
  let error: string | null = null

  const stopWatching = (): void => {
    watcher?.close()
    watcher = undefined
    watchedInode = undefined
  }
  const startWatching = (inode: number): void => {
    if (!watched || watchedInode === inode) return
    stopWatching()
    try {
      watcher = watch(folder, { persistent: false }, (_kind, name) => {
        anyTold = true
        if (name === null) allTold = true
        else if (isRecordName(name)) told.add(name)
      })
      watcher.on('error', () => {
        stopWatching()
        allTold = true
      })
      watchedInode = inode
      allTold = true
    } catch {
      stopWatching() // The folder's own time tells as well, only later.
    }
  }

  const refresh: RecordFolder<T>['refresh'] = async ({ sweep }) => {
    let stats: Stats | undefined
    try {
      stats = await folderStats(folder)
    } catch (failure) {
      error = `cannot be read (${errnoCode(failure) ?? String(failure)})`
      return []
    }
    if (!stats) {
      stopWatching()
      folderStamp = ''
      error = null
      return drop([...files.keys()])
    }
    if (!stats.isDirectory()) {
      error = 'is no folder'
      return drop([...files.keys()])
    }
    startWatching(stats.ino)
    const stamp = stampText(stats)
    const moved = stamp !== folderStamp
    const unexplained = moved && !anyTold
    const whole = sweep || allTold || folderStamp === '' || (unexplained && (suspect || !watcher))
    suspect = unexplained && !whole
    if (!suspect) folderStamp = stamp
    anyTold = false
    if (!whole) {
      const names = [...told]
      told.clear()
      return lookAt(names)
    }
    told.clear()
    allTold = false
    let names: string[]
    try {
      names = (await readdir(folder)).filter(isRecordName)
    } catch (failure) {
      error = isMissing(failure) ? null : `cannot be read (${errnoCode(failure) ?? String(failure)})`
      folderStamp = ''
      return isMissing(failure) ? drop([...files.keys()]) : []
    }
    error = null
    const lost = drop(await missingFrom(names))
    return lost.concat(await lookAt(names))
  }

  /** The known files that have none of these names. */
  const missingFrom = async (names: readonly string[]): Promise<readonly string[]> => {
    if (files.size === 0) return []
    const breathe = createBreath()
    const there = new Set<string>()
    for (const name of names) {
      const pause = breathe()
      if (pause) await pause
      there.add(name)
    }
    const lost: string[] = []
    for (const name of files.keys()) {
      const pause = breathe()
      if (pause) await pause
      if (!there.has(name)) lost.push(name)
    }
    return lost
  }

  const drop = (names: readonly string[]): FileChange<T>[] =>
    names.flatMap((name) => {
      const before = files.get(name)
      return files.delete(name) ? [{ name, before, after: undefined }] : []
    })

  const lookAt = async (names: readonly string[]): Promise<FileChange<T>[]> => {
    const changes: FileChange<T>[] = []
    const large: string[] = []
    const put = (name: string, after: CachedFile<T> | undefined): void => {
      const before = files.get(name)
      if (after === before) return
      if (after) files.set(name, after)
      else files.delete(name)
      changes.push({ name, before, after })
    }
    const isSame = (name: string, stats: Stats): boolean => files.get(name)?.stamp === stampText(stats)
    await forEachQuickly(names, {
      act: async (name) => {
        const stats = await statOf(`${prefix}${name}`).catch(() => undefined)
        if (!stats) return put(name, undefined)
        if (isSame(name, stats)) return
        if (stats.isFile() && stats.size >= quickBytes) large.push(name)
        else readOne(name, stats)
      },
      actNow: (name) => {
        const known = files.has(name)
        const stats = known ? statNow(`${prefix}${name}`) : undefined
        if (known && !stats) put(name, undefined)
        else if (!stats || !isSame(name, stats)) readOne(name, stats)
        return true
      },
    })
    for (const name of large) put(name, await readLarge(name))
    return changes

    function readOne(name: string, before: Stats | undefined): void {
      const path = `${prefix}${name}`
      try {
        const read = readNow(path)
        if (read)
          put(
            name,
            parsed(name, stampText(read.stats), () => parse(read.text, name)),
          )
        else {
          const stats = before ?? lstatSync(path)
          if (stats.isFile()) large.push(name)
          else put(name, failed(name, stampText(stats), 'is no file'))
        }
      } catch (failure) {
        put(name, refused(name, failure))
      }
    }
  }

  const parsed = (name: string, stamp: string, read: () => T): CachedFile<T> => {
    try {
      return { name, path: `${prefix}${name}`, stamp, value: read(), error: null }
    } catch {
      return failed(name, stamp, 'is not a record: its JSON is damaged or of another shape')
    }
  }
  const failed = (name: string, stamp: string, why: string): CachedFile<T> => ({
    name,
    path: `${prefix}${name}`,
    stamp,
    value: undefined,
    error: why,
  })
  /** Undefined for what vanished while it was read. */
  const refused = (name: string, failure: unknown): CachedFile<T> | undefined => {
    if (isMissing(failure)) return undefined
    const stats = statNow(`${prefix}${name}`)
    if (!stats) return undefined
    const code = errnoCode(failure)
    if (stats.isSymbolicLink()) return failed(name, stampText(stats), 'is a symlink, which is not followed')
    if (failure instanceof RundeskError) return failed(name, stampText(stats), failure.message)
    return failed(name, stampText(stats), `cannot be read (${code ?? 'for an unknown reason'})`)
  }
  const readLarge = async (name: string): Promise<CachedFile<T> | undefined> => {
    try {
      const { text, stats } = await readBounded(`${prefix}${name}`, maxBytes)
      const short = prepare ? await prepare(text) : text
      return parsed(name, stampText(stats), () => parse(short, name))
    } catch (failure) {
      return refused(name, failure)
    }
  }

  return { refresh, files, error: () => error, close: stopWatching }
}

function folderStats(folder: string): Promise<Stats | undefined> {
  return stat(folder).catch((failure: unknown) => {
    if (isMissing(failure)) return undefined
    throw failure
  })
}

function isRecordName(name: string): boolean {
  return name.endsWith('.json') && !name.startsWith('.')
}

function stampText({ ino, size, mtimeMs, ctimeMs }: Stats): string {
  return [ino, size, mtimeMs, ctimeMs].join(' ') // One flat string: a template would keep each of its parts.
}
