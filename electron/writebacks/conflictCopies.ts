import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { isMissing, statNow } from '../files/boundedRead'
import { createBreath } from '../files/breath'
import { errnoCode } from '../files/errnoCode'

/** A version of a file that a mount put aside. */
export interface ConflictCopy {
  /** `/<path>.<revision>.local` or `/<path>.invalid.<time>`, as below conflicts/. */
  readonly name: string
  readonly path: string
  /** When it was put there, in ms. */
  readonly atMs: number
  readonly sizeBytes: number
}

/** The copies in a mount's conflicts/ outside resolved/, looked at again where a folder changed. */
export interface ConflictCopies {
  /** Gives the names that came or went. */
  readonly refresh: () => Promise<readonly string[]>
  readonly copies: ReadonlyMap<string, ConflictCopy>
  readonly error: () => string | null
}

interface Known {
  readonly stamp: string
  readonly copies: readonly string[]
  readonly folders: readonly string[]
}

const maxDepth = 64

export function createConflictCopies(root: string): ConflictCopies {
  const copies = new Map<string, ConflictCopy>()
  let folders = new Map<string, Known>()
  let error: string | null = null

  const look = (inside: string): Known | undefined => {
    const path = join(root, inside)
    const stats = statNow(path)
    if (!stats?.isDirectory()) return undefined
    const stamp = `${stats.ino} ${stats.mtimeMs} ${stats.ctimeMs}`
    const before = folders.get(inside)
    if (before?.stamp === stamp) return before
    try {
      const entries = readdirSync(path, { withFileTypes: true })
      return {
        stamp,
        copies: entries.filter((entry) => entry.isFile()).map((entry) => `${inside}/${entry.name}`),
        folders: entries
          .filter((entry) => entry.isDirectory() && (inside !== '' || entry.name !== 'resolved'))
          .map((entry) => `${inside}/${entry.name}`),
      }
    } catch (failure) {
      if (!isMissing(failure)) error = `cannot be read (${errnoCode(failure) ?? String(failure)})`
      return before
    }
  }

  const refresh = async (): Promise<readonly string[]> => {
    const breathe = createBreath(8)
    const next = new Map<string, Known>()
    const waiting = ['']
    const changed: string[] = []
    error = null
    for (let inside = waiting.pop(); inside !== undefined; inside = waiting.pop()) {
      const pause = breathe()
      if (pause) await pause
      const found = inside.split('/').length > maxDepth ? undefined : look(inside)
      if (!found) continue
      next.set(inside, found)
      waiting.push(...found.folders)
      if (found !== folders.get(inside)) changed.push(...compare(folders.get(inside), found))
    }
    for (const [inside, known] of folders) if (!next.has(inside)) changed.push(...compare(known, undefined))
    folders = next
    for (const name of changed) {
      const stats = statNow(join(root, name))
      const isThere = stats?.isFile() && next.get(name.slice(0, name.lastIndexOf('/')))?.copies.includes(name)
      if (stats && isThere)
        copies.set(name, { name, path: join(root, name), atMs: stats.mtimeMs, sizeBytes: stats.size })
      else copies.delete(name)
    }
    return changed
  }

  return { refresh, copies, error: () => error }
}

function compare(before: Known | undefined, after: Known | undefined): readonly string[] {
  const old = new Set(before?.copies)
  const now = new Set(after?.copies)
  return [...[...now].filter((name) => !old.has(name)), ...[...old].filter((name) => !now.has(name))]
}

/**
 * The remote paths that a copy may be of, the likeliest first: neither a path nor a revision is escaped in its name, and
 * the mount's root may stand before it or not.
 */
export function pathsOfCopy(name: string, remoteRoot: string): readonly string[] {
  const inside = insidePaths(name)
  if (remoteRoot === '/') return inside
  return inside.flatMap((path) => (path.startsWith(`${remoteRoot}/`) ? [path] : [`${remoteRoot}${path}`]))
}

function insidePaths(name: string): readonly string[] {
  const invalid = /^(.+)\.invalid\.[^/]+$/.exec(name)?.[1]
  if (invalid !== undefined) return [invalid]
  if (!name.endsWith('.local')) return []
  const base = name.slice(0, -'.local'.length)
  const lowest = base.lastIndexOf('/') + 1
  const paths: string[] = []
  for (let dot = base.lastIndexOf('.'); dot > lowest; dot = base.lastIndexOf('.', dot - 1))
    paths.push(base.slice(0, dot))
  return paths
}
