import { setMaxListeners } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { BulkPlan, BulkStage, ItemOutcome } from '../../shared/operations'
import { type BulkGate, runBulk } from './bulk'
import { followSent } from './followSent'
import type { LedgerOperation } from './ledgerMemory'
import type { MountContext } from './mountContext'
import { interrupted, retryItem } from './retryItem'
import { isSettled, settleWatched } from './settleOperation'
import { createSlots } from './slots'
import { tidyDelivered, tidyItem } from './tidyDelivered'

/** The part of an operation that lies in one mount. */
export interface Lane {
  readonly context: MountContext
  readonly keys: readonly string[]
}

/** An operation that this process runs. */
export interface OperationRun {
  readonly stage: () => BulkStage | null
  /** Until all is done, by the speed of the last seconds; null when nobody can tell. */
  readonly remainingMs: () => number | null
  /** Resolves when it has ended, or when nothing is left but to wait for confirmations. Rejects when a ledger cannot be written. */
  readonly done: Promise<void>
  /** Looks at once at what the ledger says a person wants. */
  readonly look: () => void
  /** Stops at once without ending the operation: it is interrupted then, and can be continued. */
  readonly interrupt: () => void
}

/** So many items are at the server at a time; twice as many are prepared. */
const parallel = 16
const lookMs = 100
/** How long an aborted operation lets requests end by themselves. */
const graceMs = 400
const speedWindowMs = 10_000

/**
 * Runs an operation to its end: acts on every item without an outcome, obeys what the ledger says a person wants, looks at
 * what was sent until it is confirmed or `waitMs` is over, and writes the end down.
 */
export function runOperation({
  id,
  lanes,
  plan,
  waitMs,
}: {
  readonly id: string
  readonly lanes: readonly Lane[]
  readonly plan: BulkPlan
  readonly waitMs: number
}): OperationRun {
  const places = lanes.flatMap(({ context, keys }) => keys.map((key) => ({ context, key })))
  const part = (context: MountContext): LedgerOperation | undefined => context.ledger.operation(id)
  const parts = (): readonly LedgerOperation[] => lanes.flatMap(({ context }) => part(context) ?? [])
  const slots = createSlots(parallel)
  const noMore = new AbortController()
  const cut = new AbortController()
  for (const { signal } of [noMore, cut]) setMaxListeners(0, signal)
  const speed: { readonly atMs: number; readonly done: number }[] = []
  let stage: BulkStage | null = null
  let wakeUp: (() => void)[] = []
  let failed: unknown

  const wanted = (want: 'pause' | 'abort'): boolean => parts().some((operation) => operation.want === want)
  const look = (): void => {
    if (wanted('abort')) noMore.abort()
    if (wanted('pause') && !noMore.signal.aborted) return
    const woken = wakeUp
    wakeUp = []
    for (const wake of woken) wake()
  }
  const gate: BulkGate = {
    signal: noMore.signal,
    whenOpen: async () => {
      while (wanted('pause') && !noMore.signal.aborted) await new Promise<void>((resolve) => wakeUp.push(resolve))
    },
    pause: async (why) => {
      for (const { context } of lanes)
        await context.ledger.write([
          { kind: 'control', id, at: new Date().toISOString(), by: context.by, want: 'pause', why },
        ])
      for (const { context } of lanes) context.onOperationChanged(id)
    },
  }
  const doneCount = (): number => parts().reduce((sum, { done }) => sum + done, 0)
  const note = (): void => {
    const atMs = Date.now()
    speed.push({ atMs, done: doneCount() })
    while (speed.length > 2 && atMs - (speed[0]?.atMs ?? atMs) > speedWindowMs) speed.shift()
  }

  /** Looks at the ledgers and at what was sent, as long as the operation runs. */
  const attend = async (signal: AbortSignal): Promise<void> => {
    for (let round = 0; !signal.aborted; round++) {
      await Promise.all(lanes.map(({ context }) => context.ledger.refresh().catch(() => undefined)))
      look()
      if (round % 5 === 0) note()
      if (round % 3 === 0)
        await followAll(signal).catch((error: unknown) => {
          failed ??= error
          noMore.abort()
        })
      await sleep(lookMs, undefined, { signal }).catch(() => undefined)
    }
  }
  const followAll = async (signal: AbortSignal): Promise<void> => {
    for (const { context } of lanes) {
      const operation = part(context)
      const view = context.view()
      if (!operation || !view || operation.counts.sent === 0) continue
      const again = await settleWatched(context, { operation, view, hasRunner: !noMore.signal.aborted })
      await Promise.all(
        again.map((key) =>
          retryItem(context, { id, key, slots, stop: noMore.signal, signal: cut.signal, way: 'direct' }),
        ),
      )
      await followSent(context, { operation, slots, signal })
    }
  }

  const tellStopped = async (why: string): Promise<void> => {
    for (const { context } of lanes) {
      const at = new Date().toISOString()
      await context.ledger.write([{ kind: 'control', id, at, by: context.by, want: 'abort', why }])
    }
  }
  const skipRest = async (why: string): Promise<void> => {
    for (const { context } of lanes) {
      const operation = part(context)
      if (!operation || operation.done === operation.items.length) continue
      const at = new Date().toISOString()
      await context.ledger.write([{ kind: 'rest', id, at, outcome: 'skipped', detail: why }])
    }
  }

  const tidyUp = async (): Promise<void> => {
    for (const { context } of lanes) {
      await context.refresh({ force: true })
      const view = context.view()
      if (view) await tidyDelivered(context, view, (other) => other !== id)
    }
  }

  const work = {
    total: places.length,
    act: async (index: number) => {
      const place = places[index]
      if (!place) return
      await retryItem(place.context, { id, key: place.key, slots, stop: noMore.signal, signal: cut.signal })
      if (!noMore.signal.aborted) await tidyItem(place.context, id, place.key)
    },
    outcome: (index: number): ItemOutcome | null => {
      const place = places[index]
      return place ? (part(place.context)?.item(place.key)?.outcome ?? null) : 'skipped'
    },
    failures: () => parts().reduce((sum, { counts }) => sum + counts.failed, 0),
  }

  const run = async (): Promise<void> => {
    const attending = new AbortController()
    setMaxListeners(0, attending.signal)
    noMore.signal.addEventListener('abort', () => void sleep(graceMs).then(() => cut.abort()), { once: true })
    const attendance = attend(attending.signal)
    try {
      note()
      const onStage = (now: BulkStage): void => {
        stage = now
      }
      const stopped = await runBulk(work, { plan, parallel: 2 * parallel, waitMs, gate, onStage })
      stage = null
      if (failed !== undefined) throw failed
      if (noMore.signal.reason === interrupted) return
      if (stopped !== null) await tellStopped(stopped)
      const why = stopReasonOf(parts())
      if (why !== null) {
        await skipRest(`Nothing was done. ${why}`)
        const signal = AbortSignal.timeout(graceMs)
        setMaxListeners(0, signal)
        await followAll(signal)
      }
      const deadlineMs = Date.now() + (why === null ? waitMs : 0)
      while (!parts().every(isSettled) && Date.now() < deadlineMs && !noMore.signal.aborted)
        await sleep(lookMs, undefined, { signal: noMore.signal }).catch(() => undefined)
      if (why === null) await tidyUp() // Behind one that was stopped whoever looks at the mount next tidies up.
      await endSettled(lanes, id)
    } finally {
      attending.abort()
      await attendance
      for (const { context } of lanes) context.onOperationChanged(id)
    }
  }

  return {
    stage: () => stage,
    remainingMs: () => {
      const [first, last] = [speed[0], speed.at(-1)]
      const left = places.length - doneCount()
      if (left === 0) return 0
      if (!first || !last || last.done <= first.done) return null
      return Math.round((left * (last.atMs - first.atMs)) / (last.done - first.done))
    },
    done: run(),
    look,
    interrupt: () => {
      noMore.abort(interrupted)
      look()
    },
  }
}

/** Why an operation ended, or is to end, before its last item; null when it is not. */
function stopReasonOf(parts: readonly LedgerOperation[]): string | null {
  const stopped = parts.find(({ want }) => want === 'abort')
  return stopped ? (stopped.why ?? 'It was stopped.') : null
}

/** Writes the end of an operation down in each mount where nothing is open any more. */
export async function endSettled(lanes: readonly Pick<Lane, 'context'>[], id: string): Promise<void> {
  for (const { context } of lanes) {
    const operation = context.ledger.operation(id)
    if (!operation || operation.endedAt !== null || !isSettled(operation)) continue
    const stopped = stopReasonOf([operation])
    await context.ledger.write([{ kind: 'end', id, at: new Date().toISOString(), stopped }])
    context.onOperationChanged(id)
  }
}
