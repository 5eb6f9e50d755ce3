import { createContext, useContext } from 'react'
import { createStore } from 'zustand/vanilla'
import { type Bridge, type Client, createClient } from '../../shared/client'
import { connectWebSocket } from './webSocketBridge'

declare global {
  interface Window {
    readonly rundesk?: Bridge
  }
}

/** Is there a connection to main? Always in Electron. */
export const connectionStore = createStore<{ readonly connected: boolean }>(() => ({ connected: true }))

/** The client of this window: over the preload bridge in Electron, over a WebSocket in a browser. */
export function openClient(): Client {
  if (window.rundesk) return createClient(window.rundesk)
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws'
  return createClient(
    connectWebSocket(`${scheme}://${location.host}/bridge`, (connected) => connectionStore.setState({ connected })),
  )
}

/** Hands the client down; components that fetch take it from here. */
export const ClientContext = createContext<Client | null>(null)

/** The client of the surrounding window. */
export function useClient(): Client {
  const client = useContext(ClientContext)
  if (!client) throw new Error('There is no client around this component')
  return client
}
