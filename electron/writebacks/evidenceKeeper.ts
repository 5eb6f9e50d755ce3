import type { HistoryRow, WritebackAttempt } from '../../shared/writebacks'
import { createBreath } from '../files/breath'
import { type EvidenceHistory, evidenceId, type KeptPlace } from './evidenceHistory'
import type { FirstThings } from './firstThings'
import { type FoldedItem, outboxFolders } from './foldItem'
import type { MountView, SeenEvidence } from './mountStore'
import { toEarlierAttempt, toHistoryRows } from './toHistory'

const handedOver = 256

/** Copies what is seen in one mount to the history. */
export interface EvidenceKeeper {
  readonly seen: (evidence: SeenEvidence) => void
  /**
   * Hands everything that was seen over, with the paths as they are known now; gives up the thread now and then, and waits
   * as long as a person waits for other things.
   */
  readonly flush: (view: MountView) => Promise<void>
}

export function createEvidenceKeeper(
  mount: string,
  { history, isOver }: { readonly history: EvidenceHistory; readonly isOver: FirstThings['over'] },
): EvidenceKeeper {
  let waiting: SeenEvidence[] = []
  return {
    seen: (evidence) => waiting.push(evidence),
    flush: async ({ scan }) => {
      if (waiting.length === 0) return
      const breathe = createBreath(8)
      const seenAt = new Date().toISOString()
      const taken = waiting
      waiting = []
      for (let from = 0; from < taken.length; from += handedOver) {
        const rows: HistoryRow[] = []
        for (const evidence of taken.slice(from, from + handedOver)) {
          const pause = breathe()
          if (pause) await pause
          for (let going = isOver(); going; going = isOver()) await going
          rows.push(...toHistoryRows(evidence, { mount, seenAt, pathsOf: scan.pathsOf }))
        }
        await history.keep(rows)
      }
    },
  }
}

/** Tells whether evidence of some mounts, as they are seen now, is still on disk; that of other mounts is not. */
export function onDiskIn(
  mounts: readonly { readonly localDir: string; readonly view: () => MountView | undefined }[],
): (place: KeptPlace) => boolean {
  const views = new Map(mounts.map(({ localDir, view }) => [localDir, view()]))
  return (place) => {
    const view = views.get(place.mount)
    return view !== undefined && isOnDisk(place, view)
  }
}

function isOnDisk({ kind, file, id, path }: KeptPlace, { scan, byPath }: MountView): boolean {
  switch (kind) {
    case 'dead-letter':
      return scan.hasDeadLetter(file)
    case 'pending':
    case 'failed':
    case 'acked':
      return outboxFolders.some((folder) => scan.outboxFile(folder, file) !== undefined)
    default: {
      const item = path === null ? undefined : byPath(path)?.item
      if (kind === 'conflict-copy') return item?.conflictCopies.includes(file) ?? false
      if (kind === 'denied' && item?.denied) {
        const { kind: what, reason } = item.denied
        return evidenceId([item.mount, 'denied', path, what, reason]) === id
      }
      return item?.kinds.includes(kind) ?? false
    }
  }
}

/** The tries of an item that only the history still tells of. */
export function earlierAttempts(
  rows: readonly HistoryRow[],
  { letters, outbox }: FoldedItem,
): readonly WritebackAttempt[] {
  const files = new Set(letters.map(({ file }) => file))
  const told = new Set(
    outboxFolders.flatMap((folder) =>
      outbox[folder].map(({ name, value }) => `${name} ${value?.lastAttemptAt ?? value?.firstSeenAt}`),
    ),
  )
  return rows
    .filter(({ kind, file, at }) => (kind === 'dead-letter' ? !files.has(file) : !told.has(`${file} ${at}`)))
    .flatMap(toEarlierAttempt)
}
