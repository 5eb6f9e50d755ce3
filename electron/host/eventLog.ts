import type { EventName } from '../../shared/contract'
import { subjectOf } from '../api/eventHub'

/** An event with its place among all events of this launch. */
export interface NumberedEvent {
  readonly revision: number
  readonly event: EventName
  readonly payload: unknown
}

/**
 * The newest event of each subject. Events say what changed and not what it became, so the newest is all that a page needs
 * which was away or reads slowly.
 */
export interface EventLog {
  readonly revision: () => number
  readonly add: (event: EventName, payload: unknown) => NumberedEvent
  /** What happened after a revision, oldest first; null when something that is no longer known happened since. */
  readonly since: (revision: number) => readonly NumberedEvent[] | null
}

/** Keeps `most` subjects, the ones that changed last. */
export function createEventLog({ most = 5_000 }: { readonly most?: number } = {}): EventLog {
  /** Oldest first: a subject that changes again moves to the end. */
  const newest = new Map<string, NumberedEvent>()
  let revision = 0
  let forgotten = 0
  return {
    revision: () => revision,
    add: (event, payload) => {
      const subject = subjectOf(event, payload)
      newest.delete(subject)
      const added = { revision: ++revision, event, payload }
      newest.set(subject, added)
      const [oldest] = newest
      if (newest.size > most && oldest) {
        newest.delete(oldest[0])
        forgotten = oldest[1].revision
      }
      return added
    },
    since: (known) => {
      if (known < forgotten || known > revision) return null
      const later: NumberedEvent[] = []
      for (const entry of newest.values()) if (entry.revision > known) later.push(entry)
      return later
    },
  }
}
