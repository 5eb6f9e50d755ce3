import { dirname } from 'node:path'
import { statNow } from '../files/boundedRead'
import { createBreath } from '../files/breath'
import type { ConflictCopies } from './conflictCopies'
import type { DeniedLog } from './deniedLog'
import type { EvidenceIndex, PathFiles } from './evidenceIndex'
import { type FoldContext, type FoldedItem, foldItem, noOutbox, type PathEvidence } from './foldItem'
import type { LocalFile, LocalFiles } from './localFiles'
import type { Markers } from './markers'
import type { MountFacts } from './mountFacts'
import { toLocalPath } from './mountPaths'

/** Gathers the evidence of single paths and folds it. */
export interface PathFolder {
  /** Gives a promise when the local file takes long to look at. */
  readonly fold: (
    path: string,
    now: { readonly facts: MountFacts; readonly context: FoldContext; readonly verifiedMs: number | null },
  ) => FoldedItem | undefined | Promise<FoldedItem | undefined>
  /** The paths to fold again because the mount says something else of them. */
  readonly changedByFacts: (before: MountFacts | undefined, now: MountFacts) => Promise<readonly string[]>
  /** Paths whose state changes with time alone. */
  readonly waiting: () => readonly string[]
}

/** How long a cycle of a mount takes that does not say so, and at least, in ms. */
const [usualCycleMs, leastCycleMs] = [30_000, 5_000]

export function createPathFolder({
  localDir,
  index,
  localFiles,
  conflicts,
  deniedLog,
  markers,
}: {
  readonly localDir: string
  readonly index: EvidenceIndex
  readonly localFiles: LocalFiles
  readonly conflicts: ConflictCopies
  readonly deniedLog: DeniedLog
  readonly markers: Markers
}): PathFolder {
  /** Files that the mount says are to be written, but that are missing: since when that is seen, in ms. */
  const missingSince = new Map<string, number>()

  const missingLong = (path: string, localPath: string | null, { state }: MountFacts, nowMs: number): boolean => {
    const since = missingSince.get(path) ?? nowMs
    missingSince.set(path, since)
    const cycleMs = Math.max(state?.intervalMs || usualCycleMs, leastCycleMs)
    if (nowMs - since > cycleMs) return true
    // A removed file changes the time of its folder: it is missing at least since then.
    const folder = localPath === null ? undefined : statNow(dirname(localPath))
    return !folder || nowMs - folder.mtimeMs > cycleMs
  }

  const fold: PathFolder['fold'] = (path, { facts, context, verifiedMs }) => {
    const localPath = toLocalPath(localDir, facts.remoteRoot, path)
    const looked = localFiles.look(localPath)
    const withLocal = (local: LocalFile): FoldedItem | undefined => {
      const files = index.of(path)
      const publicStatus = facts.publicFiles.get(path) ?? null
      const isMissing = publicStatus === 'writeback-pending' && !local.exists
      if (!isMissing) missingSince.delete(path)
      const failed = valuesOf(files?.outbox.failed)
      const letters = valuesOf(files?.letters)
      const evidence: PathEvidence = {
        path,
        letters: letters.length < 2 ? letters : [...letters].sort((left, right) => (left.file < right.file ? -1 : 1)),
        outbox:
          files && hasRecords(files.outbox)
            ? { pending: valuesOf(files.outbox.pending), failed, acked: valuesOf(files.outbox.acked) }
            : noOutbox,
        attention: failed.some(({ name }) => markers.has(name.slice(0, -'.json'.length))),
        copies: index.copiesOf(path, conflicts.copies),
        denied: deniedLog.denied.get(path) ?? null,
        privateEntry: facts.privateFiles.get(path) ?? null,
        publicStatus,
        localPath,
        local,
        missingLong: isMissing && missingLong(path, localPath, facts, context.nowMs),
        verifiedMs,
      }
      return foldItem(evidence, context)
    }
    return looked instanceof Promise ? looked.then(withLocal) : withLocal(looked)
  }

  const hasEvidence = (path: string): boolean =>
    index.of(path) !== undefined || deniedLog.denied.has(path) || index.copiesOf(path, conflicts.copies).length > 0

  return {
    fold,
    waiting: () => [...missingSince.keys()],
    changedByFacts: async (before, now) => {
      const breathe = createBreath()
      if (
        !before ||
        before.daemon.alive !== now.daemon.alive ||
        usability(before) !== usability(now) ||
        before.remoteRoot !== now.remoteRoot
      ) {
        const all = new Set(deniedLog.denied.keys())
        for (const path of before ? index.paths() : []) {
          const pause = breathe()
          if (pause) await pause
          all.add(path)
        }
        for (const [path, status] of now.publicFiles) if (status === 'writeback-pending') all.add(path)
        for (const [path, { deletePending }] of now.privateFiles) if (deletePending) all.add(path)
        for (const path of before?.publicFiles.keys() ?? []) if (before?.remoteRoot !== now.remoteRoot) all.add(path)
        return [...all]
      }
      const changed: string[] = []
      if (before.publicFiles !== now.publicFiles) {
        for (const [path, status] of now.publicFiles) {
          const pause = breathe()
          if (pause) await pause
          const old = before.publicFiles.get(path)
          if (old !== status && (status === 'writeback-pending' || old === 'writeback-pending' || hasEvidence(path)))
            changed.push(path)
        }
        for (const [path, status] of before.publicFiles)
          if (!now.publicFiles.has(path) && (status === 'writeback-pending' || hasEvidence(path))) changed.push(path)
      }
      if (before.privateFiles !== now.privateFiles) {
        for (const [path, entry] of now.privateFiles) {
          const pause = breathe()
          if (pause) await pause
          const old = before.privateFiles.get(path)
          const same =
            old?.hash === entry.hash &&
            old.dirty === entry.dirty &&
            old.deletePending === entry.deletePending &&
            old.writeDenied === entry.writeDenied
          if (!same && (entry.deletePending || old?.deletePending || hasEvidence(path))) changed.push(path)
        }
        for (const [path, { deletePending }] of before.privateFiles)
          if (!now.privateFiles.has(path) && (deletePending || hasEvidence(path))) changed.push(path)
      }
      return changed
    },
  }
}

function usability({ credentials }: MountFacts): string {
  return `${credentials.present} ${credentials.expired}`
}

function hasRecords({ pending, failed, acked }: PathFiles['outbox']): boolean {
  return pending.size + failed.size + acked.size > 0
}

/** Most paths have evidence of one kind only. */
function valuesOf<T>(files: ReadonlyMap<string, T> | undefined): readonly T[] {
  return files === undefined || files.size === 0 ? [] : [...files.values()]
}
