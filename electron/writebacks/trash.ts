import { mkdirSync, renameSync } from 'node:fs'
import { access, mkdir, rename } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { RundeskError } from '../../shared/outcome'
import { createBreath } from '../files/breath'
import type { DeadLetter } from './deadLetters'
import type { MovedFile } from './ledgerLines'
import { rundeskFolder } from './mountContext'

export function trashFolder(mountDir: string, operationId: string): string {
  return join(rundeskFolder(mountDir), 'trash', operationId)
}

/** Where records, each with its sidecar behind it, will lie in the trash of an operation. */
export function plannedMoves(
  letters: readonly DeadLetter[],
  { mountDir, operationId }: { readonly mountDir: string; readonly operationId: string },
): MovedFile[] {
  const folder = trashFolder(mountDir, operationId)
  return letters.flatMap(({ path, sidecar }) => {
    const files = sidecar ? [path, join(dirname(path), sidecar.name)] : [path]
    return files.map((from) => ({ from, to: join(folder, basename(from)) }))
  })
}

/** Moves files as planned; what is not there any more was moved before. Nothing is deleted. Gives how many were moved. */
export async function moveAll(moves: readonly MovedFile[]): Promise<number> {
  const breathe = createBreath(16)
  let done = 0
  for (const move of moves) {
    if (isMoved(move) || (makeFolder(dirname(move.to)) && isMoved(move))) done++
    const pause = breathe()
    if (pause) await pause
  }
  return done
}

/** False when there is nothing to move, it was moved before, or its folder is missing. */
function isMoved({ from, to }: MovedFile): boolean {
  try {
    renameSync(from, to)
    return true
  } catch {
    return false
  }
}

/** True when it was not there. */
function makeFolder(folder: string): boolean {
  return mkdirSync(folder, { recursive: true, mode: 0o700 }) !== undefined
}

/**
 * Moves files back to where they were; those that are there already are left alone. Throws `changed`, moving nothing, when something new stands there; `not_found` when
 * they are not in the trash any more.
 */
export async function moveBack(moved: readonly MovedFile[]): Promise<void> {
  const inTrash: MovedFile[] = []
  for (const move of moved) if (await exists(move.to)) inTrash.push(move)
  if (inTrash.length === 0 && moved.length > 0 && (await allExist(moved.map(({ from }) => from)))) return
  if (inTrash.length === 0)
    throw new RundeskError('not_found', 'Its records are no longer in the trash: their time there was over.')
  for (const { from } of inTrash) {
    if (await exists(from))
      throw new RundeskError('changed', `${from} exists again, so the old record is not put back over it.`)
  }
  for (const { from, to } of inTrash) {
    await mkdir(dirname(from), { recursive: true })
    await rename(to, from)
  }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

async function allExist(paths: readonly string[]): Promise<boolean> {
  for (const path of paths) if (!(await exists(path))) return false
  return true
}
