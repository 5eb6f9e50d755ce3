import { join } from 'node:path'
import type { Problem } from '../../shared/runs'
import { createBreath } from '../files/breath'
import { createConflictCopies } from './conflictCopies'
import { type DeadLetterFile, maxDeadLetterBytes, parseDeadLetter } from './deadLetters'
import { createDeniedLog } from './deniedLog'
import { createEvidenceIndex } from './evidenceIndex'
import { type FoldedItem, type OutboxFolder, outboxFolders } from './foldItem'
import { createPathFolder } from './foldPath'
import { itemKey } from './itemKey'
import { createItemList, type ItemCounts } from './itemList'
import { createLocalFiles, type LocalFiles } from './localFiles'
import { createMarkers } from './markers'
import { createMountFacts, type MountFacts } from './mountFacts'
import { createMountProblems } from './mountProblems'
import { withoutContent } from './outboxText'
import { type CachedFile, createRecordFolder, type FileChange, type RecordFolder } from './recordFolder'
import { type OutboxRecord, outboxSchema } from './recordSchemas'
import { createTextPool } from './searchIndex'
import { unreadableItem } from './unreadableItem'

/** Everything that the files of one mount say at one time. */
export interface MountScan extends Omit<MountFacts, 'problems'> {
  readonly localDir: string
  readonly problems: readonly Problem[]
  /** How many records lie in each folder of the outbox. */
  readonly outboxCount: (folder: OutboxFolder) => number
  readonly outboxFile: (folder: OutboxFolder, name: string) => CachedFile<OutboxRecord> | undefined
  /** The outbox records of a path, whether it is an item or not. */
  readonly outboxOf: (path: string) => FoldedItem['outbox'] | undefined
  readonly hasDeadLetter: (file: string) => boolean
  /** The paths that a dead letter belongs to. */
  readonly pathsOf: (file: string) => readonly string[]
}

export interface MountView {
  readonly scan: MountScan
  /** In the order of their paths. */
  readonly items: readonly FoldedItem[]
  readonly counts: ItemCounts
  readonly byKey: (key: string) => FoldedItem | undefined
  readonly byPath: (path: string) => FoldedItem | undefined
}

/** Evidence that was just read for the first time, or became another one. */
export type SeenEvidence =
  | { readonly kind: 'dead-letter'; readonly file: CachedFile<DeadLetterFile>; readonly text: string }
  | { readonly kind: OutboxFolder; readonly file: CachedFile<OutboxRecord> }
  | { readonly kind: 'item'; readonly folded: FoldedItem }

/** An item that came, changed or went. */
export interface ItemChange {
  readonly before: FoldedItem | undefined
  readonly after: FoldedItem | undefined
}

/** What one mount says, followed incrementally: what did not change is neither read nor folded again. Changes nothing on disk. */
export interface MountStore {
  readonly view: () => MountView | undefined
  /** Gives true when the view changed. With `sweep` every file is looked at, also where the system told of no change. */
  readonly refresh: (options?: { readonly sweep: boolean }) => Promise<boolean>
  readonly localFile: LocalFiles['look']
  readonly close: () => void
}

interface Dirty {
  readonly paths: ReadonlySet<string>
  readonly unreadable: ReadonlySet<string>
}

const maxOutboxBytes = 64 * 1024 * 1024
/** The lower-cased answers of servers that a search looks into, of one mount. */
const maxIndexedBytes = 64 * 1024 * 1024
const least = { sweepMs: 3_000, restPerSweep: 40 }

export function createMountStore({
  localDir,
  workspaceId,
  home,
  watched,
  verified,
  onSeen,
  onItemChange,
}: {
  readonly localDir: string
  readonly workspaceId: string
  readonly home: string
  /** Is the system asked to tell of changes? */
  readonly watched: boolean
  /** When acts of ours on paths were last verified, in ms: those that still count. Another map when that changed. */
  readonly verified: () => ReadonlyMap<string, number>
  readonly onSeen?: (evidence: SeenEvidence) => void
  /** Hears of each change since the first view. */
  readonly onItemChange?: ((change: ItemChange) => void) | undefined
}): MountStore {
  const relay = join(localDir, '.relay')
  const pool = createTextPool(maxIndexedBytes)
  const texts = new Map<string, string>()
  const dead = createRecordFolder<DeadLetterFile>({
    folder: join(relay, 'dead-letter'),
    maxBytes: maxDeadLetterBytes,
    watched,
    parse: (text, name) => {
      const parsed = parseDeadLetter(text, name, pool.take)
      if (onSeen) texts.set(name, text)
      return parsed
    },
  })
  const outbox = Object.fromEntries(
    outboxFolders.map((folder) => [folder, outboxFolder(join(relay, 'outbox', folder), watched)]),
  ) as Record<OutboxFolder, RecordFolder<OutboxRecord>>
  const markers = createMarkers(join(relay, 'outbox', 'attention'))
  const conflicts = createConflictCopies(join(relay, 'conflicts'))
  const deniedLog = createDeniedLog(join(relay, 'permissions-denied.log'))
  const localFiles = createLocalFiles(localDir)
  const readFacts = createMountFacts({ localDir, home })
  const list = createItemList()
  const problems = createMountProblems(localDir)
  let facts: MountFacts | undefined
  let lastVerified: ReadonlyMap<string, number> = new Map()
  let view: MountView | undefined
  let sweptMs = Number.NEGATIVE_INFINITY
  let sweepTookMs = 0
  let header = ''
  const index = createEvidenceIndex({
    localDir,
    remoteRoot: () => facts?.remoteRoot ?? '/',
    isListed: (path) => (facts?.publicFiles.has(path) || facts?.privateFiles.has(path)) ?? false,
  })
  const folder = createPathFolder({ localDir, index, localFiles, conflicts, deniedLog, markers })
  const unreadableKeys = new Map<string, string>()

  /** Takes in what changed on disk; gives what to fold again. */
  const takeIn = async (sweep: boolean): Promise<Dirty> => {
    const before = facts
    const now = await readFacts()
    facts = now
    if (before && before.remoteRoot !== now.remoteRoot) index.takeCopies([...conflicts.copies.keys()], conflicts.copies)
    for (const name of outboxFolders) {
      const changes = await outbox[name].refresh({ sweep })
      await index.takeOutbox(name, changes)
      problems.takeOutbox(name, changes)
      if (onSeen) tell(changes, (file) => onSeen({ kind: name, file }))
    }
    const deadChanges = await dead.refresh({ sweep })
    await index.takeDead(deadChanges, dead.files)
    problems.takeDead(deadChanges)
    if (onSeen) tell(deadChanges, (file) => onSeen({ kind: 'dead-letter', file, text: texts.get(file.name) ?? '' }))
    texts.clear()
    index.takeCopies(await conflicts.refresh(), conflicts.copies)
    if (before !== undefined) index.splitAgain()
    const { paths: dirty, unreadable } = index.takeDirty()
    for (const path of await deniedLog.refresh()) dirty.add(path)
    for (const command of await markers.refresh()) {
      const path = outbox.failed.files.get(`${command}.json`)?.value?.remotePath
      if (path !== undefined) dirty.add(path)
    }
    for (const path of await folder.changedByFacts(before, now)) dirty.add(path)
    const nextVerified = verified()
    if (nextVerified !== lastVerified) {
      for (const [path, ms] of nextVerified) if (lastVerified.get(path) !== ms) dirty.add(path)
      for (const path of lastVerified.keys()) if (!nextVerified.has(path)) dirty.add(path)
      lastVerified = nextVerified
    }
    for (const path of folder.waiting()) dirty.add(path)
    if (sweep) for (const path of await changedLocally()) dirty.add(path)
    return { paths: dirty, unreadable }
  }

  const changedLocally = async (): Promise<readonly string[]> => {
    const breathe = createBreath()
    localFiles.forgetFolders()
    const changed: string[] = [...deniedLog.denied.keys()]
    for (const { item, localPath } of list.sorted()) {
      const pause = breathe()
      if (pause) await pause
      if (item.path !== null && localPath !== null && localFiles.isChanged(localPath)) changed.push(item.path)
    }
    return changed
  }

  const foldAll = async (
    { paths, unreadable }: Dirty,
    now: MountFacts,
  ): Promise<Map<string, FoldedItem | undefined>> => {
    const breathe = createBreath(8)
    const changes = new Map<string, FoldedItem | undefined>()
    const { present, expired } = now.credentials
    const credentials = !present ? 'none' : expired ? 'expired' : 'usable'
    const context = { localDir, workspaceId, daemonAlive: now.daemon.alive, credentials, nowMs: Date.now() } as const
    const offer = (key: string, after: FoldedItem | undefined): void => {
      const before = list.get(key)
      if (!before && !after) return
      if (before && after && shownOf(before) === shownOf(after)) return
      changes.set(key, after)
      if (view) onItemChange?.({ before, after })
      if (after && onSeen && hasOther(after)) onSeen({ kind: 'item', folded: after })
    }
    for (const path of paths) {
      const pause = breathe()
      if (pause) await pause
      const folded = folder.fold(path, { facts: now, context, verifiedMs: lastVerified.get(path) ?? null })
      const after = folded instanceof Promise ? await folded : folded
      offer(after?.item.key ?? itemKey(localDir, path), after)
    }
    for (const at of unreadable) {
      const pause = breathe()
      if (pause) await pause
      const found = index.unreadable.get(at)
      const folded = found && unreadableItem(found.record, found.letter, context)
      const key = folded?.item.key ?? unreadableKeys.get(at)
      if (key === undefined) continue
      if (folded) unreadableKeys.set(at, key)
      else unreadableKeys.delete(at)
      offer(key, folded)
    }
    return changes
  }

  const refresh: MountStore['refresh'] = async ({ sweep: forced } = { sweep: false }) => {
    const startMs = performance.now()
    const sweep = forced || startMs - sweptMs > Math.max(least.sweepMs, least.restPerSweep * sweepTookMs)
    const dirty = await takeIn(sweep)
    if (!facts) return false
    const changes = await foldAll(dirty, facts)
    if (changes.size > 0) await list.change(changes)
    const folders = { dead, ...outbox, conflicts }
    const all = problems.all(facts, { folders, waits: outbox.pending.files.size > 0 })
    const { publicFiles: _public, privateFiles: _private, ...shown } = facts
    const nextHeader = JSON.stringify([shown, all.length, ...outboxFolders.map((name) => outbox[name].files.size)])
    const changed = changes.size > 0 || nextHeader !== header || all !== view?.scan.problems
    header = nextHeader
    if (changed || !view) view = toView(facts, all)
    if (sweep) {
      sweptMs = performance.now()
      sweepTookMs = sweptMs - startMs
    }
    if (pool.isFull() && sweep) pool.keepOnly(list.sorted().flatMap(({ texts: { bodies } }) => bodies))
    return changed
  }

  const toView = (now: MountFacts, all: readonly Problem[]): MountView => ({
    scan: {
      ...now,
      localDir,
      problems: all,
      outboxCount: (name) => outbox[name].files.size,
      outboxFile: (name, file) => outbox[name].files.get(file),
      outboxOf: (path) => {
        const files = index.of(path)?.outbox
        return (
          files && {
            pending: [...files.pending.values()],
            failed: [...files.failed.values()],
            acked: [...files.acked.values()],
          }
        )
      },
      hasDeadLetter: (file) => dead.files.has(file),
      pathsOf: index.pathsOf,
    },
    items: list.sorted(),
    counts: list.counts(),
    byKey: list.get,
    byPath: (path) => list.get(itemKey(localDir, path)),
  })

  return {
    view: () => view,
    refresh,
    localFile: localFiles.look,
    close: () => {
      dead.close()
      for (const name of outboxFolders) outbox[name].close()
    },
  }
}

/** What an item shows, and what acts on it go by: a daemon that died changes the way it is delivered, not the item. */
function shownOf({ item, facts, verifiedMs }: FoldedItem): string {
  return JSON.stringify([item, facts, verifiedMs])
}

function outboxFolder(folder: string, watched: boolean): RecordFolder<OutboxRecord> {
  return createRecordFolder({
    folder,
    maxBytes: maxOutboxBytes,
    watched,
    parse: (text) => outboxSchema.parse(JSON.parse(text)),
    prepare: withoutContent,
  })
}

/** Has an item evidence that is no record? */
function hasOther({ item }: FoldedItem): boolean {
  return item.denied !== null || item.conflictCopies.length > 0 || item.kinds.includes('refused-delete')
}

function tell<T>(changes: readonly FileChange<T>[], say: (file: CachedFile<T>) => void): void {
  for (const { after } of changes) if (after?.value !== undefined) say(after)
}
