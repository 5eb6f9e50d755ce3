import type { Bridge } from '../../shared/client'
import { actsTexts } from '../texts/en/acts'

interface Waiting {
  readonly resolve: (outcome: unknown) => void
}

const firstPauseMs = 250
const longestPauseMs = 5_000

const lost = {
  ok: false,
  error: { code: 'unreachable', message: actsTexts.theConnectionWasLost },
}

/** The bridge of the browser host. Lost connections come back by themselves; `onState` tells whether there is one. */
export function connectWebSocket(url: string, onState: (connected: boolean) => void): Bridge {
  const waiting = new Map<number, Waiting>()
  const listeners = new Set<(event: string, payload: unknown) => void>()
  /** Asked while the connection is being made. Goes with the connection: what was told as lost is never sent later. */
  let unsent: string[] = []
  let socket: WebSocket | undefined
  let pauseMs = firstPauseMs
  let nextId = 1

  const open = (): void => {
    socket = new WebSocket(url)
    socket.onopen = () => {
      pauseMs = firstPauseMs
      onState(true)
      for (const message of unsent) socket?.send(message)
      unsent = []
    }
    socket.onmessage = ({ data }) => take(JSON.parse(String(data)))
    socket.onclose = () => {
      onState(false)
      unsent = []
      for (const { resolve } of waiting.values()) resolve(lost)
      waiting.clear()
      setTimeout(open, pauseMs)
      pauseMs = Math.min(pauseMs * 2, longestPauseMs)
    }
  }
  const take = (message: {
    readonly id?: number
    readonly outcome?: unknown
    readonly event?: string
    readonly payload?: unknown
  }): void => {
    if (message.event !== undefined) for (const listener of listeners) listener(message.event, message.payload)
    if (message.id === undefined) return
    waiting.get(message.id)?.resolve(message.outcome)
    waiting.delete(message.id)
  }

  open()
  return {
    request: (channel, input) =>
      new Promise((resolve) => {
        const state = socket?.readyState
        if (state !== WebSocket.OPEN && state !== WebSocket.CONNECTING) {
          resolve(lost)
          return
        }
        const id = nextId++
        waiting.set(id, { resolve })
        const message = JSON.stringify({ id, channel, input })
        if (state === WebSocket.OPEN) socket?.send(message)
        else unsent.push(message)
      }),
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
