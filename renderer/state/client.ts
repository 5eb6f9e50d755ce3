import { createContext, useContext } from 'react'
import { createStore } from 'zustand/vanilla'
import { type Bridge, type Client, createClient } from '../../shared/client'
import { type ConnectionState, connectWebSocket } from './webSocketBridge'

declare global {
  interface Window {
    readonly rundesk?: Bridge
  }
}

/** The connection to main. It always stands in Electron. */
export const connectionStore = createStore<{ readonly state: ConnectionState }>(() => ({ state: 'connected' }))

/** The client of this window: over the preload bridge in Electron, over a WebSocket in a browser. */
export function openClient(): Client {
  if (window.rundesk) return createClient(window.rundesk)
  const bridge = new URL('bridge', location.href.replace(/^http/, 'ws'))
  bridge.hash = ''
  return createClient(
    connectWebSocket(bridge.href, {
      onState: (state) => connectionStore.setState({ state }),
      onMissed: () => location.reload(),
      hasEnded: isRefused,
    }),
  )
}

/** Is there a host at this address which does not know this page's session: a later one? */
async function isRefused(): Promise<boolean> {
  const answer = await fetch(location.pathname).catch(() => null)
  return answer?.status === 403
}

/** Hands the client down; components that fetch take it from here. */
export const ClientContext = createContext<Client | null>(null)

/** The client of the surrounding window. */
export function useClient(): Client {
  const client = useContext(ClientContext)
  if (!client) throw new Error('There is no client around this component')
  return client
}
