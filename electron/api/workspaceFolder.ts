import { createHash } from 'node:crypto'
import { access, constants, realpath, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { RundeskError } from '../../shared/outcome'
import { causeOf } from '../../shared/systemErrors'
import { errnoCode } from '../files/errnoCode'

/** A folder, or a run file alone, as Rundesk knows it: its real path and the id made from it (16 hex digits). */
export interface WorkspaceFolder {
  readonly id: string
  readonly path: string
  /** It is a file of runs, opened by itself. */
  readonly isFile?: true
}

/** Resolves a folder that somebody named. Throws `invalid_workspace` with what is wrong and what to do. */
export async function toWorkspaceFolder(path: string): Promise<WorkspaceFolder> {
  const trouble = await folderTrouble(path)
  if (trouble) throw new RundeskError('invalid_workspace', trouble)
  const real = await realpath(path)
  return { id: folderId(real), path: real }
}

/** The id of a folder: the same for every name of it, the same in every process. */
export function folderId(realPath: string): string {
  return createHash('sha256').update(realPath).digest('hex').slice(0, 16)
}

/** Why the folder cannot be watched, in words; null when it can. */
export async function folderTrouble(path: string): Promise<string | null> {
  if (path === '') return 'A text without characters names no folder. Give the path of one (. is the current one).'
  const name = resolve(path)
  try {
    const found = await stat(name)
    if (!found.isDirectory()) return `${name} is a file, not a folder. Name the folder that the workflows run in.`
    await access(name, constants.R_OK | constants.X_OK)
    return null
  } catch (error) {
    switch (errnoCode(error)) {
      case 'ENOENT':
        return `${name} does not exist. Check the path, or remove it from the list.`
      case 'ENOTDIR':
        return `${name} leads through a file. Check the path.`
      case 'EACCES':
      case 'EPERM':
        return `${name} may not be read. Ask for read access, or run Rundesk as a user who has it.`
      case 'ELOOP':
        return `${name} is a symlink that leads back to itself. Remove the link, or name another folder.`
      case 'ENAMETOOLONG':
        return `${name.slice(0, 80)}… is longer than a path can be.`
      default:
        return `${name} cannot be opened (${causeOf(error)}).`
    }
  }
}
