import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { errnoCode } from '../files/errnoCode'

/** A file of a folder: what it was read as, or why it could not be. */
export interface CachedFile<T> {
  readonly name: string
  readonly path: string
  /** Changes whenever the file does. */
  readonly stamp: string
  readonly value: T | undefined
  readonly error: string | null
}

/** Reads the JSON files of a folder, each again only when it changed. */
export interface FolderCache<T> {
  readonly read: () => Promise<{ readonly files: readonly CachedFile<T>[]; readonly error: string | null }>
}

const maxFileBytes = 64 * 1024 * 1024
const batch = 64

/**
 * Watches one folder of records that are replaced atomically. Names that start with `.` or do not end in `.json` are
 * somebody's temporary files. A missing folder is empty; an unreadable one is an error. `parse` throws for what it cannot read.
 */
export function createFolderCache<T>(folder: string, parse: (text: string, name: string) => T): FolderCache<T> {
  let known = new Map<string, CachedFile<T>>()

  const readOne = async (name: string): Promise<CachedFile<T> | undefined> => {
    const path = join(folder, name)
    const file = await stat(path).catch(() => undefined)
    if (!file) return undefined
    const stamp = `${file.ino} ${file.size} ${file.mtimeMs}`
    const before = known.get(name)
    if (before?.stamp === stamp) return before
    const failed = (error: string): CachedFile<T> => ({ name, path, stamp, value: undefined, error })
    if (!file.isFile()) return failed('is no file')
    if (file.size > maxFileBytes) return failed(`has ${file.size} bytes, more than a record can have`)
    try {
      return { name, path, stamp, value: parse(await readFile(path, 'utf8'), name), error: null }
    } catch (error) {
      return failed(
        errnoCode(error)
          ? `cannot be read (${errnoCode(error)})`
          : 'is not a record: its JSON is damaged or of another shape',
      )
    }
  }

  return {
    read: async () => {
      let names: string[]
      try {
        names = (await readdir(folder)).filter((name) => name.endsWith('.json') && !name.startsWith('.'))
      } catch (error) {
        const code = errnoCode(error)
        known = new Map()
        return { files: [], error: code === 'ENOENT' ? null : `cannot be read (${code ?? String(error)})` }
      }
      const files: CachedFile<T>[] = []
      for (let at = 0; at < names.length; at += batch) {
        const part = await Promise.all(names.slice(at, at + batch).map(readOne))
        files.push(...part.flatMap((file) => file ?? []))
      }
      known = new Map(files.map((file) => [file.name, file]))
      return { files: files.sort((left, right) => (left.name < right.name ? -1 : 1)), error: null }
    },
  }
}
