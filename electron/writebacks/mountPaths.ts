import { containedPath } from '../files/containedPath'

/** The local file of a remote path of a mount; null for a path outside its root, or one that would leave the folder. */
export function toLocalPath(localDir: string, remoteRoot: string, remotePath: string): string | null {
  const root = normalise(remoteRoot)
  const path = normalise(remotePath)
  const inside = root === '/' ? path : path.startsWith(`${root}/`) ? path.slice(root.length) : null
  if (inside === null || inside === '/') return null
  try {
    return containedPath(localDir, inside)
  } catch {
    return null
  }
}

function normalise(path: string): string {
  const clean = `/${path.replaceAll('\\', '/')}`.replace(/\/+/g, '/')
  return clean.length > 1 ? clean.replace(/\/$/, '') : clean
}

/**
 * The paths of a record. A bulk request's paths are joined by commas without escaping, and a name may hold commas too:
 * a part that does not begin with `/` belongs to the one before, and a split whose parts are known wins over one whose are not.
 */
export function splitPaths(joined: string, isKnown: (path: string) => boolean): readonly string[] {
  const text = joined.trim()
  if (text === '') return []
  if (!text.includes(',') || isKnown(text)) return [text]
  const parts: string[] = []
  for (const part of text.split(',')) {
    const before = parts.at(-1)
    const together = `${before},${part}`
    const belongs = before !== undefined && (!part.startsWith('/') || (!isKnown(part) && isKnown(together)))
    if (belongs) parts[parts.length - 1] = together
    else parts.push(part)
  }
  return parts
}
