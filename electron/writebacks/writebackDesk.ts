import { randomBytes } from 'node:crypto'
import { realpath, stat } from 'node:fs/promises'
import type { WritebackPage } from '../../shared/contract'
import { RundeskError } from '../../shared/outcome'
import type { Problem } from '../../shared/runs'
import type {
  GroupState,
  HistoryRow,
  Mount,
  WritebackDetail,
  WritebackGroup,
  WritebackSummary,
} from '../../shared/writebacks'
import { createAnswerCache } from './answerCache'
import { credentialFacts } from './credentialFacts'
import { noCredentials } from './credentials'
import { discoverMounts, type RegisteredMount, type RegistryMounts, registryMounts } from './discoverMounts'
import { createEvidenceHistory } from './evidenceHistory'
import { createEvidenceKeeper, type EvidenceKeeper, earlierAttempts, isOnDisk } from './evidenceKeeper'
import type { FoldedItem } from './foldItem'
import { createGroupStore, type GroupLine, type GroupStore } from './groupStore'
import { mergeSaid, type Said } from './groups'
import { createMountDesk, type MountDesk } from './mountDesk'
import type { MountView } from './mountStore'
import { type MountAround, missingMount, toMount } from './mountView'
import { createOperations, type Operations } from './operations'
import { emptyTrash } from './trashRetention'
import { createWritebackActs, type WritebackActs } from './writebackActs'
import { toDetail } from './writebackDetail'
import { answerQuestion, type WritebackAnswer, type WritebackQuestion } from './writebackQuery'

type DistributiveOmit<T, K extends string> = T extends unknown ? Omit<T, K> : never

export interface WritebackQuery extends WritebackQuestion {
  readonly offset: number
  readonly limit: number
  /** At most so many causes and problems; 500 unless set. */
  readonly listLimit?: number | undefined
}

/** Every mount of the watched folders: what is undelivered, why, and the acts on it. */
export interface WritebackDesk {
  /** Names the folders to look for mounts in; resolves when each mount was read once. */
  readonly setFolders: (folders: readonly { readonly workspaceId: string; readonly path: string }[]) => Promise<void>
  readonly query: (query: WritebackQuery) => Promise<WritebackPage>
  readonly get: (key: string) => Promise<WritebackDetail>
  /** Says what is to become of a cause, beside the data of every mount that it happens in. Throws `not_found`, `unreadable`. */
  readonly setGroup: (change: {
    readonly groupKey: string
    readonly state: GroupState
    readonly until?: string | null | undefined
  }) => Promise<WritebackGroup>
  readonly addNote: (note: { readonly groupKey: string; readonly text: string }) => Promise<WritebackGroup>
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
  /** The mounts that relayfile's registry names; never fails. */
  readonly registryMounts: () => Promise<RegistryMounts>
  readonly close: () => Promise<void>
}

const pollMs = 500
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
  readOnly = false,
  trashDays = null,
  onChanged,
  onOperationChanged,
}: {
  readonly dataDir: string
  readonly home: string
  readonly operator: string
  /** Is the system asked to tell of changes? Not worth it for one look. */
  readonly watched?: boolean
  /** Then nothing is written beside a mount's data. */
  readonly readOnly?: boolean
  /** How long the trash is kept; null leaves it alone. */
  readonly trashDays?: (() => number) | null
  readonly onChanged: (workspaceId: string) => void
  readonly onOperationChanged: (operationId: string) => void
}): WritebackDesk {
  let desks: readonly MountDesk[] = []
  let folders: readonly { readonly workspaceId: string; readonly path: string }[] = []
  let registryProblems: readonly Problem[] = []
  let registered: readonly RegisteredMount[] = []
  let missing: readonly Mount[] = []
  const history = createEvidenceHistory(dataDir)
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
    const keeper = keepers.get(localDir) ?? createEvidenceKeeper(localDir, history)
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
      isRunning: (id) => operations.isRunning(id),
    })

  const discover = async (): Promise<void> => {
    discoveredMs = Date.now()
    const before = JSON.stringify([registryProblems, missing])
    const next: MountDesk[] = []
    for (const { workspaceId, path } of folders) {
      for (const found of await discoverMounts(path)) {
        const localDir = await realpath(found).catch(() => found)
        if (next.some((desk) => desk.localDir === localDir)) continue
        const known = desks.find((desk) => desk.localDir === localDir && desk.workspaceId === workspaceId)
        next.push(known ?? openDesk(localDir, workspaceId))
      }
    }
    const left = desks.filter((desk) => !next.includes(desk))
    desks = next
    await Promise.all(left.map((desk) => desk.close()))
    const registry = await registryMounts(home)
    registryProblems = registry.problems
    registered = await Promise.all(
      registry.mounts.map(async (mount) => ({
        ...mount,
        localDir: await realpath(mount.localDir).catch(() => mount.localDir),
      })),
    )
    for (const { localDir } of next)
      if (!groupStores.has(localDir)) groupStores.set(localDir, createGroupStore(localDir))
    missing = await missingMounts()
    if (loading || (left.length === 0 && JSON.stringify([registryProblems, missing]) === before)) return
    revision++
    for (const { workspaceId } of folders) onChanged(workspaceId)
  }

  /** Registered mounts that are looked for here, but are not there. */
  const missingMounts = async (): Promise<readonly Mount[]> => {
    const gone: Mount[] = []
    for (const { name, localDir, workspaceIds } of registered) {
      const folder = folders.find(({ path }) => path === localDir)
      if (!folder || (await stat(localDir).catch(() => undefined))) continue
      const facts = await credentialFacts(workspaceIds, { home, nowMs: Date.now() })
      gone.push(missingMount(localDir, { workspaceId: folder.workspaceId, name, credentials: facts }))
    }
    return gone
  }

  const lookAround = async (): Promise<void> => {
    if (Date.now() - discoveredMs > discoverMs) await discover()
    await lookAtTrash()
    for (const desk of desks) {
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
    if (readOnly || trashDays === null || Date.now() - trashMs < trashEveryMs) return
    trashMs = Date.now()
    for (const { context } of desks)
      await emptyTrash(context, { days: trashDays(), nowMs: Date.now() }).catch(() => undefined)
  }

  const schedule = (): void => {
    if (closed) return
    timer = setTimeout(() => {
      looking = lookAround()
        .catch(() => undefined)
        .finally(schedule)
    }, pollMs)
    timer.unref()
  }

  const openFolders: WritebackDesk['setFolders'] = async (next) => {
    folders = next
    await discover()
    await Promise.all(desks.map((desk) => desk.refresh({ force: true })))
    for (const desk of desks) keepSeen(desk)
    await Promise.all([...groupStores.values()].map((store) => store.refresh().catch(() => false)))
    saidRevision++
    loading = false
    revision++
    for (const { workspaceId } of next) onChanged(workspaceId)
    clearTimeout(timer)
    schedule()
  }

  const chosen = (workspaceId: string | null): readonly MountDesk[] =>
    desks.filter((desk) => workspaceId === null || desk.workspaceId === workspaceId)
  const foldedOf = (some: readonly MountDesk[]): readonly FoldedItem[] => {
    const [first = [], ...others] = some.flatMap((desk) => {
      const view = desk.view()
      return view ? [view.items] : []
    })
    return others.length === 0 ? first : first.concat(...others)
  }

  const said = (groupKey: string): Said =>
    mergeSaid(
      [...groupStores.values()].map((store) => ({ verdict: store.verdict(groupKey), notes: store.notes(groupKey) })),
    )
  const answers = createAnswerCache<WritebackAnswer>()
  const answerOf = (question: WritebackQuestion): Promise<WritebackAnswer> => {
    const some = chosen(question.workspaceId)
    const nowMs = Date.now()
    const state = [saidRevision, Math.floor(nowMs / ignoredTickMs), ...some.map((desk) => desk.view())]
    return answers.get(question, state, () => answerQuestion(foldedOf(some), question, { said, nowMs }))
  }
  const groupOf = async (groupKey: string): Promise<WritebackGroup> => {
    const found = (await answerOf({ workspaceId: null, groupKey })).groups.find(({ key }) => key === groupKey)
    if (!found)
      throw new RundeskError(
        'not_found',
        `There is no group ${JSON.stringify(groupKey)}: nothing fails that way any more.`,
      )
    return found
  }
  const writeToGroup = async (
    groupKey: string,
    line: DistributiveOmit<GroupLine, 'groupKey' | 'at' | 'by'>,
  ): Promise<void> => {
    const group = await groupOf(groupKey)
    const mounts = new Set(foldedOf(desks).flatMap(({ item }) => (item.groupKey === group.key ? [item.mount] : [])))
    const at = new Date().toISOString()
    for (const mount of mounts)
      await groupStores.get(mount)?.write({ ...line, groupKey, at, by: operator } satisfies GroupLine)
    revision++
    saidRevision++
    for (const desk of desks) if (mounts.has(desk.localDir)) onChanged(desk.workspaceId)
  }
  const around = (desk: MountDesk): MountAround => {
    const known = registered.find(({ localDir }) => localDir === desk.localDir)
    return {
      workspaceId: desk.workspaceId,
      name: known?.name ?? null,
      credentials: desk.view()?.scan.credentials ?? noCredentials,
    }
  }
  const mountsOf = (workspaceId: string | null): Mount[] => [
    ...chosen(workspaceId).flatMap((desk) => {
      const scan = desk.view()?.scan
      return scan ? [toMount(scan, around(desk))] : []
    }),
    ...missing.filter((mount) => workspaceId === null || mount.workspaceId === workspaceId),
  ]
  const historyTrouble = (): Problem[] => {
    const trouble = history.trouble()
    if (!trouble) return []
    const message = `The history of evidence cannot be kept (${trouble.message}): what other tools remove is lost.`
    return [{ code: 'history_not_kept', path: trouble.path, line: null, message }]
  }
  const allProblems = (workspaceId: string | null): Problem[] => [
    ...(workspaceId === null ? [...registryProblems, ...historyTrouble()] : []),
    ...mountsOf(workspaceId).flatMap((mount) =>
      mount.problems.map((problem) => ({ ...problem, workspaceId: mount.workspaceId })),
    ),
  ]

  const findItem = (key: string): FoldedItem | undefined => {
    for (const desk of desks) {
      const found = desk.view()?.byKey(key)
      if (found) return found
    }
    return undefined
  }
  const named = (keys: readonly string[]): readonly FoldedItem[] =>
    keys.map((key) => {
      const found = findItem(key)
      if (found) return found
      throw new RundeskError(
        'not_found',
        `There is no writeback with the key ${JSON.stringify(key)}. It may have been delivered or put aside.`,
      )
    })
  const operations = createOperations({
    contexts: () => desks.map(({ context }) => context),
    onChanged: onOperationChanged,
  })
  const acts = createWritebackActs({ desks: () => desks, operations, by: operator })

  return {
    setFolders: (next) => {
      const opening = openFolders(next)
      looking = Promise.all([looking, opening]).catch(() => undefined)
      return opening
    },
    query: async ({ workspaceId, offset, limit, listLimit = 500, ...question }) => {
      const some = chosen(workspaceId)
      const answer = await answerOf({ workspaceId, ...question })
      return {
        items: answer.items.slice(offset, offset + limit).map(({ item }) => structuredClone(item)),
        total: answer.items.length,
        totals: { ...answer.totals },
        coverage: answer.coverage,
        groups: answer.groups.slice(0, listLimit).map((group) => structuredClone(group)),
        groupTotal: answer.groups.length,
        summary: summaryOf(some),
        mounts: mountsOf(workspaceId).map((mount) => ({ ...mount, problems: mount.problems.slice(0, listLimit) })),
        problems: allProblems(workspaceId).slice(0, listLimit),
        revision,
        loading,
      }
    },
    get: async (key) => {
      const folded = findItem(key)
      if (!folded)
        throw new RundeskError(
          'not_found',
          `There is no writeback with the key ${JSON.stringify(key)}. It may have been delivered or put aside.`,
        )
      return toDetail(folded, earlierAttempts(await history.ofItem(key), folded))
    },
    setGroup: async ({ groupKey, state, until }) => {
      await writeToGroup(groupKey, { kind: 'state', state, until: state === 'ignored' ? (until ?? null) : null })
      return groupOf(groupKey)
    },
    addNote: async ({ groupKey, text }) => {
      await writeToGroup(groupKey, { kind: 'note', id: randomBytes(8).toString('hex'), text })
      return groupOf(groupKey)
    },
    history: ({ workspaceId, search = '', offset, limit }) => {
      const views = new Map(
        desks.flatMap((desk) => {
          const view = desk.view()
          return view ? [[desk.localDir, view] as const] : []
        }),
      )
      const mounts = workspaceId === null ? null : new Set(chosen(workspaceId).map(({ localDir }) => localDir))
      return history.query({
        mounts,
        search,
        offset,
        limit,
        isOnDisk: (place) => {
          const view = views.get(place.mount)
          return view !== undefined && isOnDisk(place, view)
        },
      })
    },
    select: async (question) => (await answerOf(question)).items,
    named,
    desks: () => desks,
    operations,
    acts,
    problems: allProblems,
    counts: (workspaceId) => {
      const some = chosen(workspaceId)
      const { undelivered, stuck } = summaryOf(some)
      return { undelivered, stuck, mountCount: some.length }
    },
    registryMounts: () => registryMounts(home),
    close: async () => {
      closed = true
      clearTimeout(timer)
      await looking
      await operations.stop()
      await Promise.all(desks.map((desk) => desk.close()))
      await Promise.all([...groupStores.values()].map((store) => store.close()))
      await keeping
      await history.close()
    },
  }
}

function summaryOf(desks: readonly MountDesk[]): WritebackSummary {
  const views = desks.flatMap((desk) => desk.view() ?? [])
  const lastErrorByProvider: Record<string, string> = {}
  const summary = { pending: 0, undelivered: 0, stuck: 0, failedAttemptsEver: 0, lastErrorByProvider }
  for (const { scan, counts } of views) {
    summary.pending += scan.outboxCount('pending')
    summary.failedAttemptsEver += Math.trunc(scan.state?.failedWritebacks ?? 0)
    for (const { provider, lastError } of scan.state?.providers ?? [])
      if (provider && lastError) lastErrorByProvider[provider] = lastError
    summary.undelivered += counts.undelivered
    summary.stuck += counts.stuck
  }
  return summary
}
