import type { BulkPlan, BulkStage } from '../operations'

/** A part of a bulk act: the items from `from` up to, not including, `to`. */
export interface StageRange {
  readonly stage: BulkStage
  readonly from: number
  readonly to: number
}

/** The parts in which so many items are worked on: with a canary one item, then ten, then the rest. */
export function bulkStages(total: number, { canary }: Pick<BulkPlan, 'canary'>): readonly StageRange[] {
  const parts: readonly StageRange[] = canary
    ? [
        { stage: 'canary-1', from: 0, to: Math.min(1, total) },
        { stage: 'canary-10', from: 1, to: Math.min(11, total) },
        { stage: 'rest', from: 11, to: total },
      ]
    : [{ stage: 'rest', from: 0, to: total }]
  return parts.filter(({ from, to }) => to > from)
}

/** Why a bulk act must not go on after so many failures; null when it may. The first canary must not fail at all. */
export function stopReason(
  { stopAfterFailures }: Pick<BulkPlan, 'stopAfterFailures'>,
  { stage, failures }: { readonly stage: BulkStage; readonly failures: number },
): string | null {
  if (stage === 'canary-1' && failures > 0) return 'The first item failed, so nothing else was tried.'
  const limit = stopAfterFailures ?? (stage === 'canary-10' ? 10 : null)
  if (limit === null || failures < limit) return null
  return `Stopped after ${failures} ${failures === 1 ? 'failure' : 'failures'}.`
}
