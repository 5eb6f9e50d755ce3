import type { RunEvent } from '../../shared/runHistory'
import { type HistoryEntry, historyEntrySchema } from '../../shared/runs'
import type { RunRow } from './rows'

/** What one line of a run tells of its history. */
export interface RunMoment {
  readonly status: string
  readonly startedAt: string | null
  readonly at: string | null
  readonly error: string | null
  /** Every act of Rundesk up to then. */
  readonly acts: readonly HistoryEntry[]
}

const going: readonly string[] = ['pending', 'running']

/** Takes a line of a run apart. */
export function toMoment(row: RunRow): RunMoment {
  return {
    status: row.status ?? 'unknown',
    startedAt: row.startedAt ?? row.createdAt ?? null,
    at: row.updatedAt ?? null,
    error: row.error ?? null,
    acts: actsOf(row.rundesk?.history),
  }
}

/** The acts of Rundesk that a row tells of; what is none is left out. */
export function actsOf(value: unknown): HistoryEntry[] {
  if (!Array.isArray(value)) return []
  return value.flatMap((entry) => {
    const parsed = historyEntrySchema.safeParse(entry)
    return parsed.success ? [parsed.data] : []
  })
}

/**
 * What happened to a run, oldest first, as its lines tell in the order of the file: the acts of Rundesk as they were
 * recorded, and what the change from one line to the next tells of the acts of others.
 */
export function toHistory(moments: readonly RunMoment[]): RunEvent[] {
  const events: RunEvent[] = []
  let told = 0
  let before: string | undefined
  for (const moment of moments) {
    const acts = moment.acts.slice(told)
    told = Math.max(told, moment.acts.length)
    events.push(...acts)
    const has = (...wanted: readonly HistoryEntry['act'][]): boolean => acts.some(({ act }) => wanted.includes(act))
    const by = (act: RunEvent['act'], at = moment.at): RunEvent => ({
      act,
      at,
      by: null,
      reason: null,
      previousError: null,
    })
    if (before === undefined && !has('start', 'resume')) events.push(by('start', moment.startedAt))
    if (before === undefined ? !going.includes(moment.status) : before !== moment.status) {
      if (going.includes(moment.status)) {
        const wasGoing = before === undefined || going.includes(before)
        if (!wasGoing && !has('resume', 'rollback')) events.push(by('resume'))
      } else if (moment.status === 'cancelled') {
        if (!has('cancel')) events.push(by('cancel'))
      } else if (!has('mark-failed'))
        events.push({
          ...by('end'),
          status: moment.status,
          reason: moment.status === 'completed' ? null : moment.error,
        })
    }
    before = moment.status
  }
  return events
}
