import type { EventName, EventPayload } from '../../shared/contract'

/** Events to whoever shows them: what changed, at most 10 times a second per event and subject. */
export interface EventHub {
  readonly emit: <E extends EventName>(event: E, payload: EventPayload<E>) => void
  readonly subscribe: (listener: (event: EventName, payload: unknown) => void) => () => void
  readonly close: () => void
}

const intervalMs = 100

/** Collects events: the first of a subject goes out at once, later ones within the interval go out as one, the newest. */
export function createEventHub(): EventHub {
  const listeners = new Set<(event: EventName, payload: unknown) => void>()
  const resting = new Map<string, { event: EventName; payload: unknown } | null>()
  const timers = new Set<NodeJS.Timeout>()

  const send = (key: string, event: EventName, payload: unknown): void => {
    for (const listener of listeners) listener(event, payload)
    resting.set(key, null)
    const timer = setTimeout(() => {
      timers.delete(timer)
      const waiting = resting.get(key)
      resting.delete(key)
      if (waiting) send(key, waiting.event, waiting.payload)
    }, intervalMs)
    timer.unref()
    timers.add(timer)
  }

  return {
    emit: (event, payload) => {
      const key = subjectOf(event, payload)
      if (resting.has(key)) resting.set(key, { event, payload })
      else send(key, event, payload)
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: () => {
      for (const timer of timers) clearTimeout(timer)
      listeners.clear()
    },
  }
}

/** What an event tells of: a later event of the same subject makes an earlier one needless. */
export function subjectOf(event: EventName, payload: unknown): string {
  return `${event} ${nameOf(payload)}`
}

function nameOf(payload: unknown): string {
  if (typeof payload !== 'object' || payload === null) return ''
  if ('workspaceId' in payload) return String(payload.workspaceId)
  if ('sourceId' in payload) return String(payload.sourceId)
  if ('setId' in payload) return String(payload.setId)
  if ('noticeId' in payload) return String(payload.noticeId)
  return 'operationId' in payload ? String(payload.operationId) : ''
}
