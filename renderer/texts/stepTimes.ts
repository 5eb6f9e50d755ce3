import type { TimelineRow } from '../../shared/timeline'

/** How long a step waited for its turn and how long its attempts ran, in ms; null where that is not known. */
export interface StepTimes {
  readonly waitedMs: number | null
  readonly ranMs: number | null
}

/** What a row tells of a step's times. `nowMs` ends what still goes on; null where nothing can. */
export function stepTimes(row: TimelineRow, nowMs: number | null): StepTimes {
  const began = Date.parse(row.attempts[0]?.startedAt ?? '')
  const until = Number.isNaN(began) ? (row.status === 'pending' ? nowMs : null) : began
  const waitedMs = row.readyMs === null || until === null ? null : Math.max(0, until - row.readyMs)
  let ranMs: number | null = null
  for (const { startedAt, completedAt, status } of row.attempts) {
    const from = Date.parse(startedAt ?? '')
    const to = completedAt === null ? (status === 'running' ? nowMs : null) : Date.parse(completedAt)
    if (to === null || Number.isNaN(to - from)) continue
    ranMs = (ranMs ?? 0) + Math.max(0, to - from)
  }
  return { waitedMs, ranMs }
}
