import type { GroupState } from '../writebacks'

/** What a person last said about a cause. */
export interface GroupVerdict {
  readonly state: GroupState
  /** When it was said, in ms. */
  readonly atMs: number
  /** Until when it is ignored, in ms; null: for ever. */
  readonly untilMs: number | null
}

/** What of a cause is there now. */
export interface GroupFacts {
  readonly undelivered: number
  /** When it last happened, in ms. */
  readonly lastFailedMs: number | null
}

/**
 * The state of a cause. Ignored until its time; resolved when a person said so and it did not happen since, or by
 * itself when nothing of it is undelivered; else open. Nothing needs to be written when it happens again.
 */
export function groupState(
  verdict: GroupVerdict | null,
  { undelivered, lastFailedMs }: GroupFacts,
  nowMs: number,
): GroupState {
  if (verdict?.state === 'ignored' && (verdict.untilMs === null || verdict.untilMs > nowMs)) return 'ignored'
  if (undelivered === 0) return 'resolved'
  if (verdict?.state === 'resolved' && (lastFailedMs === null || lastFailedMs <= verdict.atMs)) return 'resolved'
  return 'open'
}
