import { basename, isAbsolute, posix, relative, sep } from 'node:path'

/**
 * Paths inside an index are kept relative to the folder that holds the trajectories folder, with `/`
 * (`.trajectories/completed/2026-02/x.json`): that is where the other tools run. `path` is relative to the root.
 */
export function toIndexPath(root: string, path: string): string {
  return `${basename(root)}/${path}`
}

/** The path relative to the root that an index names; null for one that leads out of the folder. */
export function fromIndexPath(root: string, stored: unknown): string | null {
  if (typeof stored !== 'string' || stored === '' || stored.includes('\0')) return null
  const inside = isAbsolute(stored) ? relative(root, stored).split(sep).join('/') : withoutRoot(root, stored)
  const path = posix.normalize(inside)
  if (path === '.' || path === '..' || path.startsWith('../') || isAbsolute(path)) return null
  return path
}

/** Does the stored path lead to `path` (relative to the root)? */
export function leadsTo(root: string, stored: unknown, path: string): boolean {
  return stored === `${root}/${path}` || stored === toIndexPath(root, path) || fromIndexPath(root, stored) === path
}

/** A relative path counts from beside the root, from the workspace above it, or from the root itself. */
function withoutRoot(root: string, stored: string): string {
  const path = posix.normalize(stored.replaceAll('\\', '/'))
  const parts = root.split(sep)
  for (const lead of [parts.slice(-2).join('/'), parts.slice(-1).join('/')])
    if (path.startsWith(`${lead}/`)) return path.slice(lead.length + 1)
  return path
}
