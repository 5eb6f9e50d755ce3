import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import type { BulkPlan, BulkStage, ItemOutcome } from '../../shared/operations'
import { bulkStages, stopReason } from '../../shared/rules/bulkStages'

/** The items of a bulk act, by number in their frozen order. */
export interface BulkWork {
  readonly total: number
  /** Works on one item; when it resolves something came of it. Rejects only when the whole act must end. */
  readonly act: (index: number, signal: AbortSignal) => Promise<void>
  readonly outcome: (index: number) => ItemOutcome | null
  readonly failures: () => number
}

/** What a person wants meanwhile. */
export interface BulkGate {
  /** Ends the act: nothing new is begun. */
  readonly signal: AbortSignal
  /** Resolves when it is not paused, or is to end. */
  readonly whenOpen: () => Promise<void>
  /** Pauses until a person goes on with it. */
  readonly pause: (why: string) => Promise<void>
}

const lookMs = 100

/**
 * Works on all items that have no outcome yet, stage by stage, at most `parallel` at a time and not faster than the plan
 * allows. With a limit of failures never more are under way than may still fail, so that no more than that do. After a canary stage it waits up to `waitMs` for what became of it; what is not confirmed by then pauses the
 * act. Gives why it ended before its last item; null when it did not.
 */
export async function runBulk(
  work: BulkWork,
  {
    plan,
    parallel,
    waitMs,
    gate,
    onStage,
  }: {
    readonly plan: BulkPlan
    readonly parallel: number
    readonly waitMs: number
    readonly gate: BulkGate
    readonly onStage: (stage: BulkStage) => void
  },
): Promise<string | null> {
  const pace = createPace(plan.perSecond, gate.signal)
  for (const { stage, from, to } of bulkStages(work.total, plan)) {
    onStage(stage)
    const failures = (): number => failuresOf(work, { stage, to })
    const mayFail = (): number => (plan.stopAfterFailures ?? Number.POSITIVE_INFINITY) - failures()
    let next = from
    let stopped = stopReason(plan, { stage, failures: failures() })
    let workers = Math.min(parallel, to - from, mayFail())
    const worker = async (): Promise<void> => {
      while (next < to && stopped === null && !gate.signal.aborted) {
        const index = next++
        if (work.outcome(index) !== null) continue
        await gate.whenOpen()
        await pace()
        if (gate.signal.aborted || stopped !== null) return
        await work.act(index, gate.signal)
        stopped ??= stopReason(plan, { stage, failures: failures() })
        if (workers > mayFail()) {
          workers--
          return
        }
      }
    }
    // One turn after the other: the first item does not wait for what all others prepare.
    await Promise.all(Array.from({ length: Math.max(0, workers) }, (_, number) => turns(number).then(worker)))
    if (stopped !== null || gate.signal.aborted) return stopped
    if (stage === 'rest') continue
    const reason = await confirmStage(work, { from, to, stage, plan, waitMs, gate })
    if (reason !== null || gate.signal.aborted) return reason
  }
  return null
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await nextTurn()
}

async function confirmStage(
  work: BulkWork,
  {
    from,
    to,
    stage,
    plan,
    waitMs,
    gate,
  }: {
    readonly from: number
    readonly to: number
    readonly stage: BulkStage
    readonly plan: BulkPlan
    readonly waitMs: number
    readonly gate: BulkGate
  },
): Promise<string | null> {
  const deadlineMs = Date.now() + waitMs
  for (;;) {
    const reason = stopReason(plan, { stage, failures: failuresOf(work, { stage, to }) })
    if (reason !== null || gate.signal.aborted) return reason
    if (allConfirmed(work, from, to)) return null
    if (Date.now() >= deadlineMs) break
    await sleep(lookMs, undefined, { signal: gate.signal }).catch(() => undefined)
  }
  await gate.pause('What was sent first is not confirmed yet. Go on when you know that it is right.')
  await gate.whenOpen()
  return stopReason(plan, { stage, failures: failuresOf(work, { stage, to }) })
}

/** A canary stage is judged by its own items and those before it: an act that goes on may have failures behind it. */
function failuresOf(work: BulkWork, { stage, to }: { readonly stage: BulkStage; readonly to: number }): number {
  if (stage === 'rest') return work.failures()
  let failures = 0
  for (let index = 0; index < to; index++) if (work.outcome(index) === 'failed') failures++
  return failures
}

function allConfirmed({ outcome }: BulkWork, from: number, to: number): boolean {
  for (let index = from; index < to; index++) {
    const known = outcome(index)
    if (known === null || known === 'sent') return false
  }
  return true
}

/** Resolves so that it does so at most so many times a second, evenly. */
function createPace(perSecond: number | null, signal: AbortSignal): () => Promise<void> {
  if (perSecond === null) return () => Promise.resolve()
  const stepMs = 1000 / perSecond
  let nextMs = 0
  return async () => {
    const nowMs = Date.now()
    const atMs = Math.max(nowMs, nextMs)
    nextMs = atMs + stepMs
    if (atMs > nowMs) await sleep(atMs - nowMs, undefined, { signal }).catch(() => undefined)
  }
}
