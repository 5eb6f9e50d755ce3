import { lstatSync, realpathSync } from 'node:fs'
import { dirname, sep } from 'node:path'
import { RundeskError } from '../../shared/outcome'

/**
 * Throws `refused` when a local file, by whatever links lead to it, would lie outside of its mount, or is a link itself:
 * nothing is read from there to be sent, and nothing is written there.
 */
export function stayInside(localDir: string, localPath: string): void {
  const folder = realOf(dirname(localPath))
  if (folder === undefined)
    throw new RundeskError('refused', `The folder of ${localPath} is gone. Make it again, then try again.`)
  const root = realOf(localDir)
  if (folder !== root && !folder.startsWith(`${root}${sep}`))
    throw new RundeskError('refused', `${localPath} lies behind a link that leads out of the mount, so it is not used.`)
  if (lstatSync(localPath, { throwIfNoEntry: false })?.isSymbolicLink())
    throw new RundeskError('refused', `${localPath} is a link. Only the mount itself can send it.`)
}

function realOf(path: string): string | undefined {
  try {
    return realpathSync.native(path)
  } catch {
    return undefined
  }
}
