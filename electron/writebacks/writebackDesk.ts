import { realpath } from 'node:fs/promises'
import type { WritebackPage } from '../../shared/contract'
import { RundeskError } from '../../shared/outcome'
import type { Problem } from '../../shared/runs'
import {
  type Operation,
  settledStates,
  type WritebackDetail,
  type WritebackGroup,
  type WritebackItem,
  type WritebackState,
  type WritebackSummary,
} from '../../shared/writebacks'
import { discoverMounts, type RegistryMounts, registryMounts } from './discoverMounts'
import type { FoldedItem } from './foldItems'
import { createMountDesk, createOperationId, type ItemRef, type MountDesk } from './mountDesk'
import { outboxFolders } from './mountScan'

export interface WritebackQuery {
  readonly workspaceId: string | null
  readonly state?: WritebackState | undefined
  readonly groupKey?: string | undefined
  readonly search?: string | undefined
  readonly offset: number
  readonly limit: number
}

/** Every mount of the watched folders: what is undelivered, why, and the acts on it. */
export interface WritebackDesk {
  /** Names the folders to look for mounts in; resolves when each mount was read once. */
  readonly setFolders: (folders: readonly { readonly workspaceId: string; readonly path: string }[]) => Promise<void>
  readonly query: (query: WritebackQuery) => Promise<WritebackPage>
  readonly get: (key: string) => Promise<WritebackDetail>
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
  onChanged,
  onOperationChanged,
}: {
  readonly dataDir: string
  readonly home: string
  readonly operator: string
  readonly onChanged: (workspaceId: string) => void
  readonly onOperationChanged: (operationId: string) => void
}): WritebackDesk {
  let desks: readonly MountDesk[] = []
  let folders: readonly { readonly workspaceId: string; readonly path: string }[] = []
  let registryProblems: readonly Problem[] = []
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
        next.push(known ?? createMountDesk({ localDir, workspaceId, home, dataDir, by: operator, onOperationChanged }))
      }
    }
    const left = desks.filter((desk) => !next.includes(desk))
    desks = next
    await Promise.all(left.map((desk) => desk.close()))
    registryProblems = (await registryMounts(home)).problems
  }

  const lookAround = async (): Promise<void> => {
    if (Date.now() - discoveredMs > discoverMs) await discover()
    for (const desk of desks) {
      const changed = await desk.refresh().catch(() => false)
      if (!changed) continue
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

  const act = async (
    refs: readonly ItemRef[],
    perform: (desk: MountDesk, id: string, refs: readonly ItemRef[]) => Promise<Operation>,
  ): Promise<Operation> => {
    const id = createOperationId()
    const parts: Operation[] = []
    const homeless: ItemRef[] = []
    const byDesk = new Map<MountDesk, ItemRef[]>()
    for (const ref of refs) {
      const desk = desks.find((one) => one.view()?.items.some(({ item }) => item.key === ref.key))
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
      loading = false
      revision++
      for (const { workspaceId } of next) onChanged(workspaceId)
      clearTimeout(timer)
      schedule()
    },
    query: async ({ workspaceId, state, groupKey, search, offset, limit }) => {
      const some = chosen(workspaceId)
      const all = foldedOf(some).map(({ item }) => item)
      const wanted = search?.trim().toLowerCase() ?? ''
      const found = all.filter(
        (item) =>
          (state === undefined || item.state === state) &&
          (wanted === '' || `${item.path ?? ''} ${item.message ?? ''}`.toLowerCase().includes(wanted)),
      )
      const items = found.filter((item) => groupKey === undefined || item.groupKey === groupKey)
      return {
        items: items.slice(offset, offset + limit).map((item) => structuredClone(item)),
        total: items.length,
        groups: groupsOf(found),
        summary: summaryOf(some, all),
        mounts: some.flatMap((desk) => toMount(desk)),
        problems: problemsOf(some, registryProblems),
        revision,
        loading,
      }
    },
    get: async (key) => {
      const folded = foldedOf(desks).find(({ item }) => item.key === key)
      if (!folded)
        throw new RundeskError(
          'not_found',
          `There is no writeback with the key ${JSON.stringify(key)}. It may have been delivered or put aside.`,
        )
      return toDetail(folded)
    },
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
    problems: (workspaceId) => problemsOf(chosen(workspaceId), workspaceId === null ? registryProblems : []),
    counts: (workspaceId) => {
      const some = chosen(workspaceId)
      const items = foldedOf(some).map(({ item }) => item)
      return {
        undelivered: items.filter(isUndelivered).length,
        stuck: items.filter((item) => item.state === 'stuck').length,
        mountCount: some.length,
      }
    },
    registryMounts: () => registryMounts(home),
    close: async () => {
      closed = true
      clearTimeout(timer)
      await Promise.all(desks.map((desk) => desk.close()))
    },
  }
}

function isUndelivered(item: WritebackItem): boolean {
  return !settledStates.includes(item.state)
}

function problemsOf(desks: readonly MountDesk[], registry: readonly Problem[]): Problem[] {
  return [
    ...registry.map((problem) => ({ ...problem })),
    ...desks.flatMap((desk) =>
      (desk.view()?.scan.problems ?? []).map((problem) => ({ ...problem, workspaceId: desk.workspaceId })),
    ),
  ]
}

function toMount(desk: MountDesk): WritebackPage['mounts'] {
  const view = desk.view()
  if (!view) return []
  const { scan } = view
  return [
    {
      workspaceId: desk.workspaceId,
      relayWorkspaceId: scan.state?.workspaceId ?? null,
      localDir: desk.localDir,
      remoteRoot: scan.remoteRoot,
      daemon: { alive: scan.daemon.alive, pid: scan.daemon.pid },
      status: scan.state?.status ?? null,
      problems: scan.problems.map((problem) => ({ ...problem })),
    },
  ]
}

function summaryOf(desks: readonly MountDesk[], items: readonly WritebackItem[]): WritebackSummary {
  const states = desks.flatMap((desk) => desk.view()?.scan ?? [])
  const lastErrorByProvider: Record<string, string> = {}
  for (const { state } of states) {
    for (const { provider, lastError } of state?.providers ?? [])
      if (provider && lastError) lastErrorByProvider[provider] = lastError
  }
  return {
    pending: states.reduce((sum, { outbox }) => sum + outbox.pending.length, 0),
    undelivered: items.filter(isUndelivered).length,
    stuck: items.filter((item) => item.state === 'stuck').length,
    failedAttemptsEver: states.reduce((sum, { state }) => sum + Math.trunc(state?.failedWritebacks ?? 0), 0),
    lastErrorByProvider,
  }
}

function groupsOf(items: readonly WritebackItem[]): WritebackGroup[] {
  const groups = new Map<string, WritebackGroup>()
  for (const item of items) {
    const known = groups.get(item.groupKey)
    groups.set(item.groupKey, {
      key: item.groupKey,
      class: item.class,
      title: known?.title ?? item.message ?? 'No error is recorded',
      count: (known?.count ?? 0) + 1,
      undelivered: (known?.undelivered ?? 0) + (isUndelivered(item) ? 1 : 0),
      firstFailedAt: earlier(known?.firstFailedAt ?? null, item.firstFailedAt),
      lastFailedAt: later(known?.lastFailedAt ?? null, item.lastFailedAt),
    })
  }
  return [...groups.values()].sort((left, right) => right.undelivered - left.undelivered || right.count - left.count)
}

function earlier(left: string | null, right: string | null): string | null {
  if (left === null || right === null) return left ?? right
  return left < right ? left : right
}

function later(left: string | null, right: string | null): string | null {
  if (left === null || right === null) return left ?? right
  return left > right ? left : right
}

function toDetail({ item, letters, outbox, localPath, local }: FoldedItem): WritebackDetail {
  return {
    item: structuredClone(item),
    localFile:
      localPath === null
        ? null
        : { path: localPath, exists: local.exists, sizeBytes: local.sizeBytes, sha256: local.sha256 },
    outbox: outboxFolders.flatMap((folder) =>
      outbox[folder].flatMap((file) => (file.value ? [{ folder, file: file.name, record: { ...file.value } }] : [])),
    ),
    records: letters.map(({ opId, file, at, record, raw, sidecar }) => ({
      opId,
      file,
      at,
      status: record.lastStatus ?? sidecar?.value.providerStatus ?? null,
      body: record.lastBody ?? record.message ?? null,
      attempts: record.attempts ?? null,
      raw,
      sidecar: sidecar ? JSON.stringify(sidecar.value, null, 2) : null,
    })),
  }
}
