import type { Run } from '../runs'

/** The filters of the run list, in the order of their keys `1`-`5`. */
export const runFilters = ['all', 'running', 'needs-you', 'failed', 'orphaned'] as const
export type RunFilter = (typeof runFilters)[number]

/** How long a failed run stays in *Needs you*: a day. Older failures are history. */
export const needsYouForMs = 24 * 3_600_000

/** What the filters look at. */
export type RunFilterFacts = Pick<Run, 'status' | 'liveness' | 'saved' | 'completedAt' | 'updatedAt' | 'startedAt'>

/** Does the run belong to the filter? *Needs you*: waits for a person, orphaned, not saved, or failed within the last day. */
export function matchesFilter(run: RunFilterFacts, filter: RunFilter, nowMs: number): boolean {
  switch (filter) {
    case 'all':
      return true
    case 'running':
      return (run.status === 'running' || run.status === 'pending') && run.liveness !== 'orphaned'
    case 'failed':
      return run.status === 'failed'
    case 'orphaned':
      return run.liveness === 'orphaned'
    case 'needs-you':
      return needsYou(run, nowMs)
  }
}

function needsYou(run: RunFilterFacts, nowMs: number): boolean {
  if (!run.saved || run.liveness === 'orphaned') return true
  if (run.status === 'paused' || run.status === 'needs_human') return true
  if (run.status !== 'failed') return false
  const endedMs = Date.parse(run.completedAt ?? run.updatedAt ?? run.startedAt ?? '')
  return !Number.isNaN(endedMs) && nowMs - endedMs <= needsYouForMs
}
