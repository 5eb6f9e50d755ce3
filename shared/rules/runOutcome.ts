import type { Run } from '../runs'

/** What became of runs, as charts stack them from the ground up. */
export const runOutcomes = ['completed', 'failed', 'orphaned', 'waiting', 'running', 'cancelled', 'other'] as const
export type RunOutcome = (typeof runOutcomes)[number]

/** What became of a run so far. Statuses that no rule knows are `other`. */
export function outcomeOf({ status, liveness }: Pick<Run, 'status' | 'liveness'>): RunOutcome {
  if (liveness === 'orphaned') return 'orphaned'
  switch (status) {
    case 'completed':
    case 'failed':
    case 'cancelled':
      return status
    case 'running':
    case 'pending':
      return 'running'
    case 'paused':
    case 'needs_human':
      return 'waiting'
    default:
      return 'other'
  }
}
