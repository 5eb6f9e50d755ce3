import { isAbsolute, relative, resolve, sep } from 'node:path'
import { RundeskError } from '../../shared/outcome'

/**
 * Joins parts from files, IPC or the network to a folder of ours and proves that the result stays strictly inside it.
 * Throws `refused` when it would not (`..`, absolute parts, NUL bytes). Symlinks are not followed here.
 */
export function containedPath(root: string, ...parts: readonly string[]): string {
  const base = resolve(root)
  const joined = resolve(base, ...parts.map((part) => `.${sep}${part}`))
  const inside = relative(base, joined)
  const leaves = inside === '' || inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside)
  if (leaves || parts.some((part) => part.includes('\0'))) {
    throw new RundeskError(
      'refused',
      `${JSON.stringify(parts.join('/'))} leads outside ${base}: it is not used as a path.`,
    )
  }
  return joined
}

/** Is this one plain file name: not empty, not `.` or `..`, with no separator and no NUL? */
export function isPlainName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !/[/\\\0]/.test(name)
}
