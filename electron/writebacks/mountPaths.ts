import { sep } from 'node:path'
import { containedPath } from '../files/containedPath'

/** A remote path with one `/` before each part; its parts are left as they are. */
export function cleanPath(path: string): string {
  if (path.startsWith('/') && !/\/\/|\\|\/$/.test(path)) return path
  const clean = `/${path.replaceAll('\\', '/')}`.replace(/\/{2,}/g, '/')
  return clean.length > 1 ? clean.replace(/\/$/, '') : clean
}

/** The local file of a remote path of a mount; null for a path outside its root, or one that would leave the folder. */
export function toLocalPath(localDir: string, remoteRoot: string, remotePath: string): string | null {
  const root = cleanPath(remoteRoot)
  const path = cleanPath(remotePath)
  const inside = root === '/' ? path : path.startsWith(`${root}/`) ? path.slice(root.length) : null
  if (inside === null || inside === '/') return null
  if (!/\/\.{1,2}(?:\/|$)|\0/.test(inside) && sep === '/') return `${localDir}${inside}`
  try {
    return containedPath(localDir, inside)
  } catch {
    return null
  }
}

/** So many parts may belong to one path: a name with more commas before a slash is not looked for. */
const maxJoined = 4

/**
 * The paths of a record. A bulk request's paths are joined by commas without escaping, and a name may hold commas too.
 * Each path begins with `/`, so only `,/` can stand between two; of all ways to cut there, the one wins that makes the
 * most parts known paths, then the one that makes the most parts.
 */
export function splitPaths(joined: string, isKnown: (path: string) => boolean): readonly string[] {
  const text = joined.trim()
  if (text === '') return []
  if (!text.includes(',')) return [cleanPath(text)]
  const parts = text.split(/,(?=[/\\])/)
  if (parts.length === 1) return [cleanPath(text)]
  /** The best way to cut the first parts, as where its last path begins, and what it is worth. */
  const best: { readonly from: number; readonly worth: number }[] = [{ from: 0, worth: 0 }]
  for (let end = 1; end <= parts.length; end++) {
    let chosen = { from: end - 1, worth: Number.NEGATIVE_INFINITY }
    for (let from = Math.max(0, end - maxJoined); from < end; from++) {
      const joinedParts = end - from
      const known = isKnown(cleanPath(parts.slice(from, end).join(',')))
      const worth = (best[from]?.worth ?? 0) + (known ? 2 * joinedParts : 1 - joinedParts)
      if (worth > chosen.worth || (worth === chosen.worth && from > chosen.from)) chosen = { from, worth }
    }
    best.push(chosen)
  }
  const paths: string[] = []
  for (let end = parts.length; end > 0; end = best[end]?.from ?? 0)
    paths.unshift(cleanPath(parts.slice(best[end]?.from ?? 0, end).join(',')))
  return [...new Set(paths)]
}
