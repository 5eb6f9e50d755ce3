import type { Reconciliation } from '../../shared/trajectories'
import { createBreath } from '../files/breath'
import { isObject } from './fieldReader'
import { type IndexFacts, saysTheSame, toEntry } from './indexMerge'
import { toIndexPath } from './indexPaths'
import type { ListedTrajectory } from './trajectoryList'

/** What the index should tell of a record. */
export function toIndexFacts({ file, shown, path }: ListedTrajectory): IndexFacts {
  const { title, status, startedAt, completedAt } = file
  return {
    title,
    status,
    startedAt,
    completedAt,
    path,
    ...(shown.compactedInto === null ? {} : { compactedInto: shown.compactedInto }),
  }
}

/** Says the entry what it should, with its path in the form that this machine and others can follow? */
function isAsWritten(root: string, entry: unknown, trajectory: ListedTrajectory): boolean {
  const isRelative = isObject(entry) && entry.path === toIndexPath(root, trajectory.path)
  return isRelative && saysTheSame(root, entry, toIndexFacts(trajectory))
}

/** Does a record belong into an index? Those that were put aside, and compacted ones, do not. */
export function isIndexed({ shown }: ListedTrajectory): boolean {
  return shown.kind === 'trajectory' && shown.status !== 'unreadable' && ['active', 'completed'].includes(shown.place)
}

/**
 * Brings the entries in step with the files: adds what is missing, corrects what is wrong, drops what has no file. An
 * entry whose file was found in another part of the folder is corrected to it.
 */
export async function reconcileEntries(
  root: string,
  entries: Map<string, unknown>,
  listed: ReadonlyMap<string, ListedTrajectory>,
): Promise<Pick<Reconciliation, 'added' | 'corrected' | 'dropped' | 'unchanged'>> {
  const breathe = createBreath()
  const counts = { added: 0, corrected: 0, dropped: 0, unchanged: 0 }
  for (const [id, entry] of [...entries]) {
    await breathe()
    const trajectory = listed.get(id)
    if (!trajectory) {
      entries.delete(id)
      counts.dropped++
    } else if (trajectory.shown.status === 'unreadable' || isAsWritten(root, entry, trajectory)) {
      counts.unchanged++
    } else {
      entries.set(id, toEntry(root, toIndexFacts(trajectory), entry))
      counts.corrected++
    }
  }
  for (const [id, trajectory] of listed) {
    await breathe()
    if (entries.has(id) || !isIndexed(trajectory)) continue
    entries.set(id, toEntry(root, toIndexFacts(trajectory), undefined))
    counts.added++
  }
  return counts
}
