import { randomBytes } from 'node:crypto'
import type { Operation, OperationPage } from '../../shared/operations'
import { RundeskError } from '../../shared/outcome'
import { dropOldest } from '../../shared/rules/dropOldest'
import { isLockHeld, withFileLock } from '../files/fileLock'
import { toError } from '../files/toError'
import type { TurnedDown } from './beginOperation'
import { closeParts } from './closeOperation'
import { finishDismissal, restoreItems } from './dismissItems'
import type { LedgerItem, LedgerOperation } from './ledgerMemory'
import { noOutcomes } from './ledgerMemory'
import { type MountContext, runLock } from './mountContext'
import { pageOfItems } from './operationPage'
import { type Lane, type OperationRun, runOperation } from './operationRun'
import { type OperationPart, toOperation } from './operationView'

/** A new operation's id. */
export function createOperationId(): string {
  return `op_${randomBytes(8).toString('hex')}`
}

export interface PageRequest {
  readonly operationId: string
  readonly outcome?: LedgerItem['outcome'] | 'none' | undefined
  readonly offset: number
  readonly limit: number
}

/** The operations of all mounts: what goes on, what was done, and what a person can do about them. */
export interface Operations {
  /** All operations of the ledgers, newest first. */
  readonly all: () => Promise<readonly Operation[]>
  /** Every part of every operation, as the ledgers hold them. */
  readonly parts: () => readonly OperationPart[]
  readonly page: (request: PageRequest) => Promise<OperationPage>
  readonly pause: (id: string) => Promise<Operation>
  readonly resume: (id: string) => Promise<Operation>
  readonly abort: (id: string) => Promise<Operation>
  readonly close: (id: string) => Promise<Operation>
  /** Runs an operation that was begun in these mounts. Resolves when it goes on, or cannot. */
  readonly start: (id: string, contexts: readonly MountContext[]) => Promise<void>
  /** Keeps what is told of an act that nothing came of, or of items that are in no mount. */
  readonly tell: (id: string, told: Told) => void
  readonly isRunning: (id: string) => boolean
  /** Stops what runs; it is interrupted then. */
  readonly stop: () => Promise<void>
}

export interface Told {
  readonly act: Operation['act']
  readonly by: string
  readonly reason: string | null
  readonly items: readonly TurnedDown[]
}

const defaultPlan = { canary: false, stopAfterFailures: null, perSecond: null }
const maxTold = 100

export function createOperations({
  contexts,
  onChanged,
}: {
  readonly contexts: () => readonly MountContext[]
  readonly onChanged: (id: string) => void
}): Operations {
  const runs = new Map<string, OperationRun>()
  /** What this process runs or is about to run, until its end. */
  const active = new Map<string, Promise<void>>()
  const told = new Map<string, Told & { readonly at: string }>()
  /** Why a run of this process ended before its operation: a ledger that cannot be written, or another process that runs it. */
  const troubles = new Map<string, string>()

  const partsOf = async (id: string): Promise<readonly OperationPart[]> => {
    const parts: OperationPart[] = []
    for (const context of contexts()) {
      await context.ledger.refresh().catch(() => undefined)
      const operation = context.ledger.operation(id)
      if (operation?.begun) parts.push(await toPart(context, operation))
    }
    return parts
  }
  const toPart = async (context: MountContext, operation: LedgerOperation): Promise<OperationPart> => ({
    mount: context.localDir,
    operation,
    running:
      operation.endedAt === null &&
      (active.has(operation.id) || (await isLockHeld(runLock(context.localDir, operation.id)))),
  })
  const show = async (id: string): Promise<Operation> => {
    const [first, ...rest] = await partsOf(id)
    if (first) return withTold(withTrouble(toOperation([first, ...rest], runs.get(id)), troubles.get(id)), told.get(id))
    const known = told.get(id)
    if (known) return withTold(nothingDone(id, known), known)
    throw new RundeskError('not_found', `There is no operation ${JSON.stringify(id)}.`)
  }
  const own = (id: string): readonly MountContext[] => contexts().filter(({ ledger }) => ledger.operation(id)?.begun)

  const want = async (id: string, wish: 'pause' | 'resume' | 'abort', why: string | null): Promise<void> => {
    for (const context of own(id)) {
      const { ledger, by } = context
      if (ledger.operation(id)?.endedAt !== null) continue
      await ledger.write([{ kind: 'control', id, at: new Date().toISOString(), by, want: wish, why }])
    }
    runs.get(id)?.look()
    onChanged(id)
  }

  const start: Operations['start'] = (id, some) => {
    const lanes = some.flatMap((context): Lane[] => {
      const operation = context.ledger.operation(id)
      return operation?.begun && operation.endedAt === null
        ? [{ context, keys: operation.items.map(({ key }) => key) }]
        : []
    })
    const [first] = lanes
    const operation = first?.context.ledger.operation(id)
    if (!operation || active.has(id)) return Promise.resolve()
    troubles.delete(id)
    const plan = operation.plan ?? defaultPlan
    let begin: (() => void) | undefined
    const begun = new Promise<void>((resolve) => {
      begin = resolve
    })
    const held = holdAll(
      lanes.map(({ context }) => runLock(context.localDir, id)),
      async () => {
        const run = runOperation({ id, lanes, plan, waitMs: operation.waitSeconds * 1000 })
        runs.set(id, run)
        begin?.()
        await run.done
      },
    )
    const ended = held
      .catch((error: unknown) => {
        troubles.set(id, toError(error).message)
      })
      .finally(() => {
        begin?.()
        runs.delete(id)
        active.delete(id)
        onChanged(id)
      })
    active.set(id, ended)
    return begun
  }

  const resume: Operations['resume'] = async (id) => {
    const before = await show(id)
    if (before.state === 'ended') throw new RundeskError('changed', `The operation ${id} has ended already.`)
    await want(id, 'resume', null)
    if (before.state === 'interrupted' || before.state === 'following') await goOn(id)
    return show(id)
  }
  const goOn = async (id: string): Promise<void> => {
    const some = own(id)
    const act = some[0]?.ledger.operation(id)?.act
    if (act === 'retry' || act === 'edit') {
      for (const context of some) await context.refresh()
      await start(id, some)
      return
    }
    for (const context of some) {
      const operation = context.ledger.operation(id)
      if (!operation || operation.endedAt !== null) continue
      if (act === 'dismiss') await finishDismissal(context, id)
      else await restoreItems(context, { id, keys: operation.items.map(({ key }) => key) })
    }
  }

  return {
    all: async () => {
      const ids = new Map<string, OperationPart[]>()
      for (const context of contexts()) {
        await context.ledger.refresh().catch(() => undefined)
        for (const operation of context.ledger.operations()) {
          if (!operation.begun) continue
          const parts = ids.get(operation.id)
          const part = await toPart(context, operation)
          if (parts) parts.push(part)
          else ids.set(operation.id, [part])
        }
      }
      return [...ids]
        .flatMap(([id, [first, ...rest]]) => (first ? [toOperation([first, ...rest], runs.get(id))] : []))
        .sort((left, right) => (left.startedAt < right.startedAt ? 1 : -1))
    },
    parts: () =>
      contexts().flatMap((context) =>
        context.ledger
          .operations()
          .filter(({ begun }) => begun)
          .map((operation) => ({ mount: context.localDir, operation, running: false })),
      ),
    page: async ({ operationId, outcome, offset, limit }) => {
      const operation = await show(operationId)
      const lists = own(operationId).map(({ ledger, localDir }) => ({
        mount: localDir,
        items: ledger.operation(operationId)?.items ?? [],
      }))
      const range = { outcome, offset, limit }
      return { operation, ...pageOfItems({ lists, told: told.get(operationId)?.items ?? [] }, range) }
    },
    pause: async (id) => {
      const { state } = await show(id)
      if (state !== 'running' && state !== 'paused')
        throw new RundeskError('changed', `The operation ${id} does not run, so it cannot be paused.`)
      await want(id, 'pause', 'Paused by a person.')
      return show(id)
    },
    resume,
    abort: async (id) => {
      const { state } = await show(id)
      if (state === 'ended') throw new RundeskError('changed', `The operation ${id} has ended already.`)
      await want(id, 'abort', 'Ended by a person before everything was done.')
      const run = runs.get(id)
      if (run) await run.done.catch(() => undefined)
      else if (state !== 'running' && state !== 'paused') await closeParts(id, own(id))
      return show(id)
    },
    close: async (id) => {
      const { state } = await show(id)
      if (state === 'running' || state === 'paused')
        throw new RundeskError('changed', `The operation ${id} is being run. Abort it instead.`)
      await want(id, 'abort', 'Closed by a person after it was interrupted.')
      await closeParts(id, own(id))
      return show(id)
    },
    start,
    tell: (id, what) => {
      told.set(id, { ...what, at: new Date().toISOString() })
      dropOldest(told, maxTold)
    },
    isRunning: (id) => active.has(id),
    stop: async () => {
      for (const run of runs.values()) run.interrupt()
      await Promise.all(active.values())
    },
  }
}

async function holdAll(locks: readonly string[], action: () => Promise<void>): Promise<void> {
  const [first, ...rest] = locks
  if (first === undefined) return action()
  await withFileLock(first, () => holdAll(rest, action), { waitMs: 2_000 })
}

function nothingDone(id: string, { act, by, reason, at }: Told & { readonly at: string }): Operation {
  return {
    ...{ id, act, by, reason, startedAt: at, endedAt: at, state: 'ended', stage: null, plan: null, undoes: null },
    ...{ total: 0, done: 0, counts: noOutcomes(), remainingMs: null, stopped: null, mounts: [] },
    undo: { kind: 'refused', reason: 'Nothing was done.' },
  }
}

function withTrouble(operation: Operation, trouble: string | undefined): Operation {
  return operation.state === 'interrupted' && trouble !== undefined ? { ...operation, stopped: trouble } : operation
}

function withTold(operation: Operation, told: Told | undefined): Operation {
  if (!told) return operation
  const counts = { ...operation.counts }
  for (const { outcome } of told.items) counts[outcome.outcome]++
  const more = told.items.length
  return { ...operation, counts, total: operation.total + more, done: operation.done + more }
}
