import type { Bridge } from '../../shared/client'
import { mayBeAskedAgain } from '../../shared/rules/askedAgain'
import { actsTexts } from '../texts/en/acts'

/** Is there a connection to main? `ended`: the Rundesk that served this page is gone for good. */
export type ConnectionState = 'connected' | 'reconnecting' | 'ended'

interface Waiting {
  readonly resolve: (outcome: unknown) => void
  readonly message: string
  /** It may have reached the host. */
  readonly sent: boolean
  /** Asked again over the next connection; else told as lost with the one that it was sent over. */
  readonly again: boolean
}

const firstPauseMs = 250
const longestPauseMs = 5_000
/** The host gives a sign of life every 10 s; after so long without one the connection counts as broken. */
const silenceMs = 35_000
/** The host's close code when it is ended by a person (RFC 6455: going away). */
const goingAway = 1001

const lost = { ok: false, error: { code: 'unreachable', message: actsTexts.theConnectionWasLost } }
const lostUnderWay = { ok: false, error: { code: 'unreachable', message: actsTexts.theAnswerWasLost } }

/**
 * The bridge of the browser host. Lost connections come back by themselves: what was only asked is asked again, what acts
 * is told as lost and never sent later, and what happened meanwhile is heard then.
 */
export function connectWebSocket(
  url: string,
  {
    onState,
    onMissed,
    hasEnded,
  }: {
    readonly onState: (state: ConnectionState) => void
    /** More happened meanwhile than the host knows: everything on the screen may be old. */
    readonly onMissed: () => void
    /** Asks whether the host that served this page is gone for good, and not only its connection. */
    readonly hasEnded: () => Promise<boolean>
  },
): Bridge {
  const waiting = new Map<number, Waiting>()
  const listeners = new Set<(event: string, payload: unknown) => void>()
  let socket: WebSocket | undefined
  let state: ConnectionState = 'reconnecting'
  let pauseMs = firstPauseMs
  let nextId = 1
  /** The last event that was heard; null before the first word of the host. */
  let revision: number | null = null
  let silence: ReturnType<typeof setTimeout> | undefined

  const become = (next: ConnectionState): void => {
    state = next
    onState(next)
  }
  const open = (): void => {
    const opened = new WebSocket(revision === null ? url : `${url}?after=${revision}`)
    socket = opened
    opened.onopen = () => {
      pauseMs = firstPauseMs
      become('connected')
      for (const id of waiting.keys()) send(id)
    }
    opened.onmessage = ({ data }) => {
      clearTimeout(silence)
      silence = setTimeout(() => breakOff(opened), silenceMs)
      take(JSON.parse(String(data)))
    }
    opened.onerror = () => undefined // A close follows.
    opened.onclose = ({ code }) => {
      if (code === goingAway) end()
      else breakOff(opened)
    }
  }
  const send = (id: number): void => {
    const call = waiting.get(id)
    if (!call) return
    socket?.send(call.message)
    waiting.set(id, { ...call, sent: true })
  }
  /** A broken line may take minutes to be told as closed: nothing more is heard of this one. */
  const breakOff = (broken: WebSocket): void => {
    clearTimeout(silence)
    broken.onopen = broken.onmessage = broken.onclose = null
    broken.close()
    become('reconnecting')
    drop((call) => !call.again)
    setTimeout(() => void tryAgain(), pauseMs)
    pauseMs = Math.min(pauseMs * 2, longestPauseMs)
  }
  const tryAgain = async (): Promise<void> => {
    if (await hasEnded()) end()
    else open()
  }
  const end = (): void => {
    clearTimeout(silence)
    socket = undefined
    become('ended')
    drop(() => true)
  }
  const drop = (isLost: (call: Waiting) => boolean): void => {
    for (const [id, call] of waiting) {
      if (!isLost(call)) continue
      waiting.delete(id)
      call.resolve(call.sent && !call.again ? lostUnderWay : lost)
    }
  }
  const take = (message: {
    readonly id?: number
    readonly outcome?: unknown
    readonly event?: string
    readonly payload?: unknown
    readonly revision?: number
    readonly missed?: boolean
  }): void => {
    if (message.revision !== undefined) revision = message.revision
    if (message.missed) onMissed()
    if (message.event !== undefined) for (const listener of listeners) listener(message.event, message.payload)
    if (message.id === undefined) return
    waiting.get(message.id)?.resolve(message.outcome)
    waiting.delete(message.id)
  }

  open()
  return {
    request: (channel, input) =>
      new Promise((resolve) => {
        const again = mayBeAskedAgain(channel)
        const isOpening = socket?.readyState === WebSocket.CONNECTING && revision === null
        if (state === 'ended' || (state === 'reconnecting' && !again && !isOpening)) {
          resolve(lost)
          return
        }
        const id = nextId++
        waiting.set(id, { resolve, message: JSON.stringify({ id, channel, input }), sent: false, again })
        if (state === 'connected') send(id)
      }),
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
