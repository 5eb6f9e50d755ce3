import { lstatSync, mkdirSync, renameSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { causeOf } from '../../shared/systemErrors'
import { isMissing, statNow } from '../files/boundedRead'
import { createBreath } from '../files/breath'
import { errnoCode } from '../files/errnoCode'
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

/** Files that did not come to where they were to go, by where they were. */
export interface Unmoved {
  /** Neither there nor in the trash: another tool took them. */
  readonly gone: ReadonlySet<string>
  /** Still where they were: what happened to which file, and what to do. */
  readonly stuck: ReadonlyMap<string, string>
}

/** Moves files as planned, over nothing that lies there; what was moved before is left alone. Nothing is deleted. */
export async function moveAll(moves: readonly MovedFile[]): Promise<Unmoved> {
  const breathe = createBreath(16)
  const gone = new Set<string>()
  const stuck = new Map<string, string>()
  for (const move of moves) {
    const why = moveFile(move)
    if (why !== null) stuck.set(move.from, why)
    else if (!isThere(move.to)) gone.add(move.from)
    const pause = breathe()
    if (pause) await pause
  }
  return { gone, stuck }
}

/** Moves files back to where they were, over nothing that stands there. Gives those that it could not move, with why. */
export async function moveBack(moved: readonly MovedFile[]): Promise<ReadonlyMap<MovedFile, string>> {
  const breathe = createBreath(16)
  const stuck = new Map<MovedFile, string>()
  for (const move of moved) {
    const why = moveFile({ from: move.to, to: move.from })
    if (why !== null) stuck.set(move, why)
    const pause = breathe()
    if (pause) await pause
  }
  return stuck
}

/** Why a file is still where it was, and what to do; null when it is not, also when it never was. */
function moveFile({ from, to }: MovedFile): string | null {
  try {
    if (statNow(to)) return isThere(from) ? `${from} was not moved: ${to} exists already. ${inTheWay}` : null
    try {
      renameSync(from, to)
    } catch (error) {
      if (errnoCode(error) !== 'ENOENT' || !isThere(from)) throw error
      mkdirSync(dirname(to), { recursive: true, mode: 0o700 })
      renameSync(from, to)
    }
    return null
  } catch (error) {
    if (isGone(from)) return null
    return `${from} could not be moved to ${to} (${causeOf(error)}). ${remedies[errnoCode(error) ?? ''] ?? inTheWay}`
  }
}

const inTheWay = 'Remove what is in the way, then try again.'
const writable = 'Make both folders writable, then try again.'
const room = 'Make room on the disk, then try again.'
const remedies: Readonly<Record<string, string>> = {
  EACCES: writable,
  EPERM: writable,
  EROFS: writable,
  ENOSPC: room,
  EDQUOT: room,
  EXDEV: 'They lie on two disks: put both folders on one, then try again.',
}

/** What lies there and is no folder. */
export function isThere(path: string): boolean {
  return statNow(path)?.isDirectory() === false
}

/** False also when nobody can tell. */
function isGone(path: string): boolean {
  try {
    lstatSync(path)
    return false
  } catch (error) {
    return isMissing(error)
  }
}
