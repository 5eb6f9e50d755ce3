import type { WritebackPage } from '../../shared/contract'
import { groupState } from '../../shared/rules/groupState'
import type { Problem } from '../../shared/runs'
import type { HistoryRow, WritebackDetail } from '../../shared/writebacks'
import { alwaysThere, type Onlooker } from '../files/onlooker'
import { createAnswerCache } from './answerCache'
import { type RegistryMounts, registryMounts } from './discoverMounts'
import { createEvidenceHistory } from './evidenceHistory'
import { createEvidenceKeeper, type EvidenceKeeper, earlierAttempts, onDiskIn } from './evidenceKeeper'
import { createFirstThings } from './firstThings'
import type { FoldedItem } from './foldItem'
import { createGroupActs, type GroupActs } from './groupActs'
import { createGroupStore, type GroupStore } from './groupStore'
import { createItemLookup } from './itemLookup'
import { createMountDesk, type MountDesk } from './mountDesk'
import { createMountRoster, type WatchedFolder } from './mountRoster'
import type { MountView } from './mountStore'
import { createOperations, type Operations } from './operations'
import { emptyTrash } from './trashRetention'
import { createTroubleWatch, type Trouble } from './troubleWatch'
import { createWritebackActs, type WritebackActs } from './writebackActs'
import { toDetail } from './writebackDetail'
import { answerQuestion, type WritebackAnswer, type WritebackQuestion } from './writebackQuery'
import { summaryOf } from './writebackSummary'

export interface WritebackQuery extends WritebackQuestion {
  readonly offset: number
  readonly limit: number
  /** At most so many causes and problems; 500 unless set. */
  readonly listLimit?: number | undefined
}

/** Every mount of the watched folders: what is undelivered, why, and the acts on it. */
export interface WritebackDesk {
  /** Names the folders to look for mounts in; resolves when each mount was read once. */
  readonly setFolders: (folders: readonly WatchedFolder[]) => Promise<void>
  readonly query: (query: WritebackQuery) => Promise<WritebackPage>
  readonly get: (key: string) => Promise<WritebackDetail>
  readonly setGroup: GroupActs['setGroup']
  readonly addNote: GroupActs['addNote']
  /** Evidence that was seen earlier and is no longer on disk, newest first. */
  readonly history: (query: {
    readonly workspaceId: string | null
    readonly search?: string | undefined
    readonly offset: number
    readonly limit: number
  }) => Promise<{ readonly rows: HistoryRow[]; readonly total: number }>
  /** The items that fit, whole. */
  readonly select: (question: WritebackQuestion) => Promise<readonly FoldedItem[]>
  /** The items with these keys. Throws `not_found`. */
  readonly named: (keys: readonly string[]) => readonly FoldedItem[]
  readonly desks: () => readonly MountDesk[]
  readonly operations: Operations
  readonly acts: WritebackActs
  readonly problems: (workspaceId: string | null) => readonly Problem[]
  readonly counts: (workspaceId: string) => {
    readonly undelivered: number
    readonly stuck: number
    readonly mountCount: number
  }
  /** Empties what has lain in the trash for more than so many days; never fails. */
  readonly emptyTrash: (days: number) => Promise<void>
  /** The mounts that relayfile's registry names; never fails. */
  readonly registryMounts: () => Promise<RegistryMounts>
  readonly close: () => Promise<void>
}

/** How often mounts are looked at, in ms. */
const pollMs = { shown: 500, hidden: 1_500 } as const
/** How exactly the end of a time is seen until which a cause is ignored, in ms. */
const ignoredTickMs = 10_000
/** New mounts in a watched folder are looked for this often, in ms. */
const discoverMs = 5_000
const trashEveryMs = 3_600_000

/** Opens the desk. `home` is where relayfile keeps its registry and states; `dataDir` takes the backups. */
export function createWritebackDesk({
  dataDir,
  home,
  operator,
  watched = true,
  onlooker = alwaysThere,
  readOnly = () => false,
  trashDays = null,
  onChanged,
  onOperationChanged,
  onTrouble,
}: {
  readonly dataDir: string
  readonly home: string
  readonly operator: string
  /** Is the system asked to tell of changes? Not worth it for one look. */
  readonly watched?: boolean
  /** While nobody looks, mounts are looked at less often. */
  readonly onlooker?: Onlooker
  /** Then nothing is written beside a mount's data. */
  readonly readOnly?: () => boolean
  /** How long the trash is kept, which is emptied every hour; null leaves it alone. */
  readonly trashDays?: (() => number) | null
  readonly onChanged: (workspaceId: string) => void
  readonly onOperationChanged: (operationId: string) => void
  /** Hears of writebacks that begin to need a person. */
  readonly onTrouble?: ((trouble: Trouble) => void) | undefined
}): WritebackDesk {
  const history = createEvidenceHistory(dataDir)
  const firstThings = createFirstThings()
  const keepers = new Map<string, EvidenceKeeper>()
  let keeping: Promise<unknown> = Promise.resolve()
  const groupStores = new Map<string, GroupStore>()
  /** What listeners were last told of each mount: acts look at a mount in between. */
  const shown = new Map<string, MountView>()
  let saidRevision = 0
  let revision = 0
  let loading = true
  let timer: NodeJS.Timeout | undefined
  let closed = false
  let discoveredMs = 0
  /** What looks at the mounts now: it holds files open. */
  let looking: Promise<unknown> = Promise.resolve()
  let trashMs = Number.NEGATIVE_INFINITY

  const keeperOf = (localDir: string): EvidenceKeeper => {
    const keeper = keepers.get(localDir) ?? createEvidenceKeeper(localDir, { history, isOver: firstThings.over })
    keepers.set(localDir, keeper)
    return keeper
  }
  const keepSeen = (desk: MountDesk): void => {
    const view = desk.view()
    const flushed = view && keepers.get(desk.localDir)?.flush(view)
    if (flushed) keeping = Promise.all([keeping, flushed])
  }

  const openDesk = (localDir: string, workspaceId: string): MountDesk =>
    createMountDesk({
      ...{ localDir, workspaceId, home, dataDir, by: operator, watched, readOnly, onOperationChanged },
      onSeen: keeperOf(localDir).seen,
      onItemChange: trouble?.changed,
      isRunning: (id) => operations.isRunning(id),
    })

  const roster = createMountRoster({ home, openDesk })
  const discover = async (): Promise<void> => {
    discoveredMs = Date.now()
    const isOther = await roster.discover()
    for (const { localDir } of roster.desks())
      if (!groupStores.has(localDir)) groupStores.set(localDir, createGroupStore(localDir))
    if (loading || !isOther) return
    revision++
    for (const { workspaceId } of roster.folders()) onChanged(workspaceId)
  }

  const lookAround = async (): Promise<void> => {
    if (Date.now() - discoveredMs > discoverMs) await discover()
    await lookAtTrash()
    for (const desk of roster.desks()) {
      const spoken = await groupStores
        .get(desk.localDir)
        ?.refresh()
        .catch(() => false)
      if (spoken) saidRevision++
      await desk.refresh().catch(() => false)
      keepSeen(desk)
      const view = desk.view()
      if (view === shown.get(desk.localDir) && !spoken) continue
      if (view) shown.set(desk.localDir, view)
      revision++
      onChanged(desk.workspaceId)
    }
  }

  const lookAtTrash = async (): Promise<void> => {
    if (readOnly() || trashDays === null || Date.now() - trashMs < trashEveryMs) return
    trashMs = Date.now()
    await emptyAll(trashDays())
  }
  const emptyAll = async (days: number): Promise<void> => {
    for (const { context } of roster.desks())
      await emptyTrash(context, { days, nowMs: Date.now() }).catch(() => undefined)
  }

  const schedule = (): void => {
    if (closed) return
    const eachMs = onlooker.isThere() ? pollMs.shown : pollMs.hidden
    const pauseMs = roster.desks().length === 0 ? discoverMs + eachMs : eachMs
    timer = setTimeout(() => {
      looking = lookAround()
        .catch(() => undefined)
        .finally(schedule)
    }, pauseMs)
    timer.unref()
  }

  const openFolders: WritebackDesk['setFolders'] = async (next) => {
    roster.setFolders(next)
    await discover()
    await Promise.all(roster.desks().map((desk) => desk.refresh({ force: true })))
    for (const desk of roster.desks()) keepSeen(desk)
    await Promise.all([...groupStores.values()].map((store) => store.refresh().catch(() => false)))
    saidRevision++
    loading = false
    revision++
    for (const { workspaceId } of next) onChanged(workspaceId)
    clearTimeout(timer)
    schedule()
  }

  const foldedOf = (some: readonly MountDesk[]): readonly FoldedItem[] => {
    const [first = [], ...others] = some.flatMap((desk) => {
      const view = desk.view()
      return view ? [view.items] : []
    })
    return others.length === 0 ? first : first.concat(...others)
  }

  const answers = createAnswerCache<WritebackAnswer>()
  const answerOf = (question: WritebackQuestion): Promise<WritebackAnswer> => {
    const some = roster.chosen(question.workspaceId)
    const nowMs = Date.now()
    const state = [saidRevision, Math.floor(nowMs / ignoredTickMs), ...some.map((desk) => desk.view())]
    return answers.get(question, state, () => answerQuestion(foldedOf(some), question, { said: groupActs.said, nowMs }))
  }
  const groupActs = createGroupActs({
    stores: () => groupStores,
    groups: async (groupKey) => (await answerOf({ workspaceId: null, groupKey })).groups,
    mountsOf: (groupKey) =>
      new Set(foldedOf(roster.desks()).flatMap(({ item }) => (item.groupKey === groupKey ? [item.mount] : []))),
    by: operator,
    onWritten: (mounts) => {
      revision++
      saidRevision++
      for (const desk of roster.desks()) if (mounts.has(desk.localDir)) onChanged(desk.workspaceId)
    },
  })
  const isIgnored = (groupKey: string): boolean => {
    const nowMs = Date.now()
    return groupState(groupActs.said(groupKey).verdict, { undelivered: 1, lastFailedMs: nowMs }, nowMs) === 'ignored'
  }
  const trouble = onTrouble && createTroubleWatch({ isIgnored, onTrouble })
  const historyTrouble = (): Problem[] => {
    const unkept = history.trouble()
    if (!unkept) return []
    const message = `The history of evidence cannot be kept (${unkept.message}): what other tools remove is lost.`
    return [{ code: 'history_not_kept', path: unkept.path, line: null, message }]
  }
  const allProblems = (workspaceId: string | null): Problem[] => [
    ...(workspaceId === null ? [...roster.registryProblems(), ...historyTrouble()] : []),
    ...roster
      .mountsOf(workspaceId)
      .flatMap((mount) => mount.problems.map((problem) => ({ ...problem, workspaceId: mount.workspaceId }))),
  ]

  const items = createItemLookup(roster.desks)
  const operations = createOperations({
    contexts: () => roster.desks().map(({ context }) => context),
    onChanged: onOperationChanged,
  })
  const acts = createWritebackActs({ desks: roster.desks, operations, by: operator, first: firstThings.first })

  return {
    setFolders: (next) => {
      const opening = openFolders(next)
      looking = Promise.all([looking, opening]).catch(() => undefined)
      return opening
    },
    query: async ({ workspaceId, offset, limit, listLimit = 500, ...question }) => {
      const some = roster.chosen(workspaceId)
      const answer = await answerOf({ workspaceId, ...question })
      return {
        items: answer.items.slice(offset, offset + limit).map(({ item }) => structuredClone(item)),
        total: answer.items.length,
        totals: { ...answer.totals },
        coverage: answer.coverage,
        groups: answer.groups.slice(0, listLimit).map((group) => structuredClone(group)),
        groupTotal: answer.groups.length,
        summary: summaryOf(some),
        mounts: roster
          .mountsOf(workspaceId)
          .map((mount) => ({ ...mount, problems: mount.problems.slice(0, listLimit) })),
        problems: allProblems(workspaceId).slice(0, listLimit),
        revision,
        loading,
      }
    },
    get: async (key) => {
      const folded = items.get(key)
      return toDetail(folded, earlierAttempts(await history.ofItem(key), folded))
    },
    setGroup: groupActs.setGroup,
    addNote: groupActs.addNote,
    history: ({ workspaceId, search = '', offset, limit }) => {
      const mounts = workspaceId === null ? null : new Set(roster.chosen(workspaceId).map(({ localDir }) => localDir))
      return history.query({ mounts, search, offset, limit, isOnDisk: onDiskIn(roster.desks()) })
    },
    select: async (question) => (await answerOf(question)).items,
    named: items.named,
    desks: roster.desks,
    operations,
    acts,
    problems: allProblems,
    counts: (workspaceId) => {
      const some = roster.chosen(workspaceId)
      const { undelivered, stuck } = summaryOf(some)
      return { undelivered, stuck, mountCount: some.length }
    },
    emptyTrash: emptyAll,
    registryMounts: () => registryMounts(home),
    close: async () => {
      closed = true
      clearTimeout(timer)
      await looking
      await operations.stop()
      await Promise.all(roster.desks().map((desk) => desk.close()))
      trouble?.close()
      await Promise.all([...groupStores.values()].map((store) => store.close()))
      await keeping
      await history.close()
    },
  }
}
