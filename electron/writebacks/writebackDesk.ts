import { randomBytes } from 'node:crypto'
import { realpath, stat } from 'node:fs/promises'
import type { WritebackPage } from '../../shared/contract'
import { RundeskError } from '../../shared/outcome'
import type { Problem } from '../../shared/runs'
import type {
  CredentialsFacts,
  GroupState,
  HistoryRow,
  Mount,
  Operation,
  WritebackDetail,
  WritebackGroup,
  WritebackSummary,
} from '../../shared/writebacks'
import { credentialFacts, noCredentials } from './credentialFacts'
import { discoverMounts, type RegisteredMount, type RegistryMounts, registryMounts } from './discoverMounts'
import type { FoldedItem } from './foldItem'
import { createGroupStore, type GroupLine, type GroupStore } from './groupStore'
import { mergeSaid, type Said } from './groups'
import { createMountDesk, createOperationId, type ItemRef, type MountDesk } from './mountDesk'
import { type MountAround, missingMount, toMount } from './mountView'
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
  readonly retry: (input: { readonly items: readonly ItemRef[]; readonly reason: string | null }) => Promise<Operation>
  readonly dismiss: (input: {
    readonly items: readonly ItemRef[]
    readonly reason: string | null
  }) => Promise<Operation>
  readonly restore: (input: { readonly keys: readonly string[] }) => Promise<Operation>
  readonly operation: (id: string) => Promise<Operation>
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
/** New mounts in a watched folder are looked for this often, in ms. */
const discoverMs = 5_000

/** Opens the desk. `home` is where relayfile keeps its registry and states; `dataDir` takes the backups. */
export function createWritebackDesk({
  dataDir,
  home,
  operator,
  watched = true,
  onChanged,
  onOperationChanged,
}: {
  readonly dataDir: string
  readonly home: string
  readonly operator: string
  /** Is the system asked to tell of changes? Not worth it for one look. */
  readonly watched?: boolean
  readonly onChanged: (workspaceId: string) => void
  readonly onOperationChanged: (operationId: string) => void
}): WritebackDesk {
  let desks: readonly MountDesk[] = []
  let folders: readonly { readonly workspaceId: string; readonly path: string }[] = []
  let registryProblems: readonly Problem[] = []
  let registered: readonly RegisteredMount[] = []
  let missing: readonly Mount[] = []
  const credentials = new Map<string, CredentialsFacts>()
  const groupStores = new Map<string, GroupStore>()
  let revision = 0
  let loading = true
  let timer: NodeJS.Timeout | undefined
  let closed = false
  let discoveredMs = 0

  const discover = async (): Promise<void> => {
    discoveredMs = Date.now()
    const next: MountDesk[] = []
    for (const { workspaceId, path } of folders) {
      for (const found of await discoverMounts(path)) {
        const localDir = await realpath(found).catch(() => found)
        if (next.some((desk) => desk.localDir === localDir)) continue
        const known = desks.find((desk) => desk.localDir === localDir && desk.workspaceId === workspaceId)
        next.push(
          known ??
            createMountDesk({
              localDir,
              workspaceId,
              home,
              dataDir,
              by: operator,
              watched,
              onSeen: () => undefined,
              onOperationChanged,
            }),
        )
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
    await lookAtCredentials()
    missing = await missingMounts()
  }

  const lookAtCredentials = async (): Promise<void> => {
    for (const desk of desks) {
      const own = desk.view()?.scan.state?.workspaceId
      const named = registered.find(({ localDir }) => localDir === desk.localDir)?.workspaceIds ?? []
      const facts = await credentialFacts([...(own ? [own] : []), ...named], { home, nowMs: Date.now() })
      credentials.set(desk.localDir, facts)
    }
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
    for (const desk of desks) {
      const spoken = await groupStores
        .get(desk.localDir)
        ?.refresh()
        .catch(() => false)
      const changed = await desk.refresh().catch(() => false)
      if (!changed && !spoken) continue
      revision++
      onChanged(desk.workspaceId)
    }
  }

  const schedule = (): void => {
    if (closed) return
    timer = setTimeout(
      () =>
        void lookAround()
          .catch(() => undefined)
          .finally(schedule),
      pollMs,
    )
    timer.unref()
  }

  const chosen = (workspaceId: string | null): readonly MountDesk[] =>
    desks.filter((desk) => workspaceId === null || desk.workspaceId === workspaceId)
  const foldedOf = (some: readonly MountDesk[]): readonly FoldedItem[] =>
    some.flatMap((desk) => desk.view()?.items ?? [])

  const said = (groupKey: string): Said =>
    mergeSaid(
      [...groupStores.values()].map((store) => ({ verdict: store.verdict(groupKey), notes: store.notes(groupKey) })),
    )
  const answerOf = (question: WritebackQuestion): Promise<WritebackAnswer> =>
    answerQuestion(foldedOf(chosen(question.workspaceId)), question, { said, nowMs: Date.now() })
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
    for (const desk of desks) if (mounts.has(desk.localDir)) onChanged(desk.workspaceId)
  }
  const around = (desk: MountDesk): MountAround => {
    const known = registered.find(({ localDir }) => localDir === desk.localDir)
    return {
      workspaceId: desk.workspaceId,
      name: known?.name ?? null,
      credentials: credentials.get(desk.localDir) ?? noCredentials,
    }
  }
  const mountsOf = (workspaceId: string | null): Mount[] => [
    ...chosen(workspaceId).flatMap((desk) => {
      const scan = desk.view()?.scan
      return scan ? [toMount(scan, around(desk))] : []
    }),
    ...missing.filter((mount) => workspaceId === null || mount.workspaceId === workspaceId),
  ]
  const allProblems = (workspaceId: string | null): Problem[] => [
    ...(workspaceId === null ? registryProblems : []),
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
  const act = async (
    refs: readonly ItemRef[],
    perform: (desk: MountDesk, id: string, refs: readonly ItemRef[]) => Promise<Operation>,
  ): Promise<Operation> => {
    const id = createOperationId()
    const parts: Operation[] = []
    const homeless: ItemRef[] = []
    const byDesk = new Map<MountDesk, ItemRef[]>()
    for (const ref of refs) {
      const desk = desks.find((one) => one.view()?.byKey(ref.key))
      if (!desk) homeless.push(ref)
      else byDesk.set(desk, [...(byDesk.get(desk) ?? []), ref])
    }
    for (const [desk, own] of byDesk) parts.push(await perform(desk, id, own))
    return merge(id, parts, homeless)
  }

  const merge = (id: string, parts: readonly Operation[], homeless: readonly ItemRef[]): Operation => {
    const [first] = parts
    const at = new Date().toISOString()
    const gone = homeless.map(({ key }) => ({
      key,
      path: null,
      outcome: 'changed' as const,
      detail: 'It is no longer in the list.',
    }))
    const base = first ?? {
      id,
      act: 'retry' as const,
      startedAt: at,
      endedAt: at,
      by: operator,
      reason: null,
      items: [],
    }
    const endedAt = parts.some((part) => part.endedAt === null) ? null : base.endedAt
    return { ...base, endedAt, items: [...parts.flatMap((part) => part.items), ...gone] }
  }

  return {
    setFolders: async (next) => {
      folders = next
      await discover()
      await Promise.all(desks.map((desk) => desk.refresh({ force: true })))
      await Promise.all([...groupStores.values()].map((store) => store.refresh().catch(() => false)))
      await lookAtCredentials()
      loading = false
      revision++
      for (const { workspaceId } of next) onChanged(workspaceId)
      clearTimeout(timer)
      schedule()
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
      return toDetail(folded, [])
    },
    setGroup: async ({ groupKey, state, until }) => {
      await writeToGroup(groupKey, { kind: 'state', state, until: state === 'ignored' ? (until ?? null) : null })
      return groupOf(groupKey)
    },
    addNote: async ({ groupKey, text }) => {
      await writeToGroup(groupKey, { kind: 'note', id: randomBytes(8).toString('hex'), text })
      return groupOf(groupKey)
    },
    history: async () => ({ rows: [], total: 0 }),
    retry: ({ items, reason }) => act(items, (desk, id, refs) => desk.retry(id, refs, reason)),
    dismiss: ({ items, reason }) => act(items, (desk, id, refs) => desk.dismiss(id, refs, reason)),
    restore: async ({ keys }) => {
      const id = createOperationId()
      const known = keys.filter((key) => desks.some((desk) => desk.dismissed(key)))
      const parts: Operation[] = []
      for (const desk of desks) {
        const own = known.filter((key) => desk.dismissed(key))
        if (own.length > 0) parts.push(await desk.restore(id, own))
      }
      const missing = keys.filter((key) => !known.includes(key)).map((key) => ({ key, version: '' }))
      return merge(id, parts, missing)
    },
    operation: async (id) => {
      const parts = desks.flatMap((desk) => desk.operation(id) ?? [])
      if (parts.length === 0) throw new RundeskError('not_found', `There is no operation ${JSON.stringify(id)}.`)
      return merge(id, parts, [])
    },
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
      await Promise.all(desks.map((desk) => desk.close()))
      await Promise.all([...groupStores.values()].map((store) => store.close()))
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
