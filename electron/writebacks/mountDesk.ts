import { randomBytes } from 'node:crypto'
import { basename, join } from 'node:path'
import { RundeskError } from '../../shared/outcome'
import type { ItemOutcome, Operation } from '../../shared/writebacks'
import { errnoCode } from '../files/errnoCode'
import { withFileLock } from '../files/fileLock'
import type { DeadLetter } from './deadLetters'
import type { FoldedItem } from './foldItem'
import { createLedger, type LedgerLine, toOperation } from './ledger'
import { createMountStore, type MountView, type SeenEvidence } from './mountStore'
import { backUp, rearmRecord } from './rearm'
import { followed, settle, whollySettled } from './settleOperation'
import { moveBack, moveToTrash } from './trash'

/** One item of an act as a person saw it. */
export interface ItemRef {
  readonly key: string
  readonly version: string
}

/** The desk of one mount: what is undelivered there, and the acts on it. */
export interface MountDesk {
  readonly localDir: string
  readonly workspaceId: string
  readonly view: () => MountView | undefined
  /** Looks at the mount again, cheaply when nothing changed. Gives true when the view changed. */
  readonly refresh: (options?: { readonly force: boolean }) => Promise<boolean>
  readonly retry: (id: string, refs: readonly ItemRef[], reason: string | null) => Promise<Operation>
  readonly dismiss: (id: string, refs: readonly ItemRef[], reason: string | null) => Promise<Operation>
  readonly restore: (id: string, keys: readonly string[]) => Promise<Operation>
  readonly dismissed: (key: string) => boolean
  readonly operation: (id: string) => Operation | undefined
  readonly close: () => Promise<void>
}

/** A verified delivery stays in the list for a day. */
const verifiedForMs = 24 * 3_600_000

/** A new operation's id. */
export function createOperationId(): string {
  return `op_${randomBytes(8).toString('hex')}`
}

/** Opens the desk of one mount. Nothing is read before the first `refresh`; nothing is written before the first act. */
export function createMountDesk({
  localDir,
  workspaceId,
  home,
  dataDir,
  by,
  watched,
  onSeen,
  onOperationChanged,
}: {
  readonly localDir: string
  readonly workspaceId: string
  readonly home: string
  readonly dataDir: string
  readonly by: string
  /** Is the system asked to tell of changes? */
  readonly watched: boolean
  readonly onSeen: (evidence: SeenEvidence) => void
  readonly onOperationChanged: (id: string) => void
}): MountDesk {
  const ledger = createLedger(localDir)
  let verified: ReadonlyMap<string, number> = new Map()
  const store = createMountStore({ localDir, workspaceId, home, watched, verified: () => verified, onSeen })
  const lockPath = join(localDir, '.relay', 'rundesk', 'lock')
  /** Operations that changed nothing on disk. */
  const unwritten = new Map<string, Operation>()
  let busy: Promise<boolean> = Promise.resolve(false)

  /** Another map only when it changed. */
  const lookAtVerified = (): void => {
    const next = new Map<string, number>()
    const sinceMs = Date.now() - verifiedForMs
    for (const { items } of ledger.operations()) {
      for (const { path, outcome, outcomeAt } of items) {
        const ms = outcome === 'delivered' ? Date.parse(outcomeAt ?? '') : Number.NaN
        if (path !== null && ms > sinceMs) next.set(path, Math.max(next.get(path) ?? 0, ms))
      }
    }
    if (next.size !== verified.size || [...next].some(([path, ms]) => verified.get(path) !== ms)) verified = next
  }

  const refresh: MountDesk['refresh'] = ({ force } = { force: false }) => {
    busy = busy
      .catch(() => false)
      .then(async () => {
        await ledger.refresh().catch(() => undefined)
        lookAtVerified()
        const changed = await store.refresh({ sweep: force })
        await settleOperations()
        return changed
      })
    return busy
  }

  const current = async (): Promise<MountView> => {
    await refresh({ force: true })
    const view = store.view()
    if (!view) throw new RundeskError('unreadable', `${localDir} cannot be read.`)
    return view
  }

  /** Follows re-armed records, also of operations that another process or an earlier life began. */
  const settleOperations = async (): Promise<void> => {
    const view = store.view()
    if (!view) return
    for (const operation of followed(ledger.operations(), Date.now())) {
      const lines = await settle(operation, view, localDir)
      if (lines.length === 0) continue
      await ledger.write(lines).catch(() => undefined)
      onOperationChanged(operation.id)
    }
  }

  const begin = (
    id: string,
    act: Operation['act'],
    {
      refs,
      items,
      reason,
    }: { readonly refs: readonly ItemRef[]; readonly items: readonly FoldedItem[]; readonly reason: string | null },
  ): LedgerLine => ({
    kind: 'begin',
    version: 1,
    id,
    act,
    at: new Date().toISOString(),
    by,
    reason,
    items: refs.map(({ key, version }) => ({
      key,
      version,
      path: items.find((folded) => folded.item.key === key)?.item.path ?? null,
    })),
  })

  const outcomeLine = (
    id: string,
    key: string,
    outcome: ItemOutcome,
    detail: string,
    moved: readonly { from: string; to: string }[] = [],
  ): LedgerLine => ({
    kind: 'outcome',
    id,
    key,
    at: new Date().toISOString(),
    outcome,
    detail,
    moved: [...moved],
  })

  const judge = (
    { byKey }: MountView,
    { key, version }: ItemRef,
  ): { readonly outcome: ItemOutcome; readonly detail: string } | FoldedItem => {
    const folded = byKey(key)
    if (!folded)
      return {
        outcome: 'changed',
        detail: 'It is no longer in the list: it was delivered or put aside in the meantime.',
      }
    if (folded.item.version !== version)
      return { outcome: 'changed', detail: 'It changed since it was shown. Look at it again.' }
    return folded
  }

  /** An act that nothing came of is told, but leaves no trace on disk. */
  const tellOnly = (id: string, act: Operation['act'], items: Operation['items'], reason: string | null): Operation => {
    const at = new Date().toISOString()
    const operation: Operation = { id, act, startedAt: at, endedAt: at, by, reason, items }
    unwritten.set(id, operation)
    return operation
  }

  const finished = (id: string): Operation => {
    const operation = ledger.operation(id)
    if (!operation) throw new Error(`The ledger lost the operation ${id}`)
    onOperationChanged(id)
    return toOperation(operation)
  }

  const retry: MountDesk['retry'] = async (id, refs, reason) => {
    const verdicts = (seen: MountView) =>
      refs.map((ref) => {
        const found = judge(seen, ref)
        const refused =
          'item' in found && found.item.retry.kind === 'refused'
            ? { outcome: 'refused' as const, detail: found.item.retry.reason }
            : found
        return { ref, verdict: refused }
      })
    const first = verdicts(await current())
    if (!first.some(({ verdict }) => 'item' in verdict)) {
      const paths = new Map(store.view()?.items.map(({ item }) => [item.key, item.path]))
      return tellOnly(
        id,
        'retry',
        first.flatMap(({ ref, verdict }) =>
          'item' in verdict ? [] : [{ key: ref.key, path: paths.get(ref.key) ?? null, ...verdict }],
        ),
        reason,
      )
    }
    await withFileLock(lockPath, async () => {
      const seen = await current()
      await ledger.write([begin(id, 'retry', { refs, items: seen.items, reason })])
      for (const { ref, verdict } of verdicts(seen)) {
        if ('item' in verdict) await arm(id, verdict)
        else await ledger.write([outcomeLine(id, ref.key, verdict.outcome, verdict.detail)])
      }
    })
    await refresh({ force: true })
    return finished(id)
  }

  const arm = async (id: string, { item, outbox, localPath }: FoldedItem): Promise<void> => {
    const record = outbox.pending.find((file) => file.value && !file.value.opId)
    if (!record) return ledger.write([outcomeLine(id, item.key, 'changed', 'Its outbox record is gone.')])
    try {
      await backUp({ recordFile: record.path, localPath, to: join(dataDir, 'backups', id, item.key) })
      await ledger.write([
        { kind: 'arming', id, key: item.key, at: new Date().toISOString(), commandFile: basename(record.path) },
      ])
      await rearmRecord(record.path)
      await ledger.write([
        outcomeLine(id, item.key, 'sent', 'Not confirmed: re-armed, the mount sends it with its next cycle.'),
      ])
    } catch (error) {
      const changed = error instanceof RundeskError && error.code === 'changed'
      const why = error instanceof Error ? error.message : String(error)
      await ledger.write([
        outcomeLine(
          id,
          item.key,
          changed ? 'changed' : 'refused',
          errnoCode(error) ? `It cannot be re-armed: ${why}` : why,
        ),
      ])
    }
  }

  const dismiss: MountDesk['dismiss'] = async (id, refs, reason) => {
    const seen = await current()
    const judged = refs.map((ref) => ({ ref, verdict: judge(seen, ref) }))
    const paths = new Set(
      judged.flatMap(({ verdict }) => ('item' in verdict && verdict.item.path !== null ? [verdict.item.path] : [])),
    )
    const outcome = ({ verdict }: (typeof judged)[number]): { outcome: ItemOutcome; detail: string } | DeadLetter[] => {
      if (!('item' in verdict)) return verdict
      const letters = verdict.item.path === null ? verdict.letters : whollySettled(verdict.letters, seen, paths)
      if (letters.length > 0) return [...letters]
      const shared = verdict.letters.length > 0
      return {
        outcome: 'refused',
        detail: shared
          ? 'Its record also belongs to other files that are not delivered.'
          : 'It has no dead letter that could be put aside: its evidence is in the outbox.',
      }
    }
    const planned = judged.map((one) => ({
      key: one.ref.key,
      path: 'item' in one.verdict ? one.verdict.item.path : null,
      plan: outcome(one),
    }))
    if (!planned.some(({ plan }) => Array.isArray(plan))) {
      return tellOnly(
        id,
        'dismiss',
        planned.flatMap(({ key, path, plan }) => (Array.isArray(plan) ? [] : [{ key, path, ...plan }])),
        reason,
      )
    }
    await withFileLock(lockPath, async () => {
      await ledger.write([begin(id, 'dismiss', { refs, items: seen.items, reason })])
      const done = new Map<string, { from: string; to: string }[]>()
      for (const { key, plan } of planned) {
        if (!Array.isArray(plan)) {
          await ledger.write([outcomeLine(id, key, plan.outcome, plan.detail)])
          continue
        }
        const moved = await moveToTrash(
          plan.filter((letter) => !done.has(letter.path)),
          { mountDir: localDir, operationId: id },
        )
        for (const letter of plan) done.set(letter.path, [])
        await ledger.write([
          outcomeLine(id, key, 'dismissed', 'Its records lie in the trash and can be restored.', moved),
        ])
      }
      await ledger.write([{ kind: 'end', id, at: new Date().toISOString() }])
    })
    await refresh({ force: true })
    return finished(id)
  }

  const restore: MountDesk['restore'] = async (id, keys) => {
    await withFileLock(lockPath, async () => {
      await ledger.refresh()
      const refs = keys.map((key) => ({ key, version: '' }))
      const found = keys.map((key) => ({ key, dismissal: ledger.dismissal(key) }))
      await ledger.write([begin(id, 'restore', { refs, items: [], reason: null })])
      for (const { key, dismissal } of found) {
        if (!dismissal) {
          await ledger.write([outcomeLine(id, key, 'refused', 'It was not dismissed here.')])
          continue
        }
        const failure = await moveBack(dismissal.moved).then(
          () => null,
          (error: unknown) => (error instanceof Error ? error.message : String(error)),
        )
        await ledger.write([
          failure === null
            ? outcomeLine(id, key, 'restored', 'Its records are back.')
            : outcomeLine(id, key, 'changed', failure),
        ])
      }
      await ledger.write([{ kind: 'end', id, at: new Date().toISOString() }])
    })
    await refresh({ force: true })
    return finished(id)
  }

  return {
    localDir,
    workspaceId,
    view: store.view,
    refresh,
    retry,
    dismiss,
    restore,
    close: async () => {
      store.close()
      await busy.catch(() => false)
      await ledger.close()
    },
    dismissed: (key) => ledger.dismissal(key) !== undefined,
    operation: (id) => {
      const known = ledger.operation(id)
      return known ? toOperation(known) : unwritten.get(id)
    },
  }
}
