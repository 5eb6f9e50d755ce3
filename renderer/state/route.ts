import { useSyncExternalStore } from 'react'
import { type RunFilter, runFilters } from '../../shared/rules/runFilters'

/** What the window shows, as its address tells it. `workspaceId` null is all workspaces. */
export type Route =
  | {
      readonly screen: 'runs'
      readonly workspaceId: string | null
      readonly filter: RunFilter
      readonly search: string
      readonly runId: string | null
    }
  | {
      readonly screen: 'trajectories'
      readonly workspaceId: string | null
      readonly search: string
      readonly trajectoryId: string | null
    }
  | { readonly screen: 'writebacks'; readonly workspaceId: string | null }
  | { readonly screen: 'problems'; readonly workspaceId: string | null }
  | { readonly screen: 'demo' }

/** Reads the part of the address behind `#`. Whatever cannot be read is the list of all runs. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#/, '').split('?')
  const parts = path.split('/').filter(Boolean).map(decode)
  const parameters = new URLSearchParams(query)
  if (parts[0] === 'demo') return { screen: 'demo' }
  const workspaceId = parts[0] === 'w' && parts[1] !== undefined && parts[1] !== 'all' ? parts[1] : null
  if (parts[2] === 'writebacks' || parts[2] === 'problems') return { screen: parts[2], workspaceId }
  const search = parameters.get('q') ?? ''
  if (parts[2] === 'trajectories')
    return { screen: 'trajectories', workspaceId, search, trajectoryId: parts[3] ?? null }
  const filter = runFilters.find((known) => known === parameters.get('filter')) ?? 'all'
  return { screen: 'runs', workspaceId, filter, search, runId: parts[3] ?? null }
}

/** The address of a route. */
export function toHash(route: Route): string {
  if (route.screen === 'demo') return '#/demo'
  const base = `#/w/${encodeURIComponent(route.workspaceId ?? 'all')}/${route.screen}`
  if (route.screen === 'writebacks' || route.screen === 'problems') return base
  const parameters = new URLSearchParams()
  if (route.screen === 'runs' && route.filter !== 'all') parameters.set('filter', route.filter)
  if (route.search !== '') parameters.set('q', route.search)
  const query = parameters.size === 0 ? '' : `?${parameters}`
  const openId = route.screen === 'runs' ? route.runId : route.trajectoryId
  return `${base}${openId === null ? '' : `/${encodeURIComponent(openId)}`}${query}`
}

/** Goes to a route; `replace` leaves no step behind for Back. */
export function navigate(route: Route, { replace = false }: { readonly replace?: boolean } = {}): void {
  const hash = toHash(route)
  if (hash === location.hash) return
  if (!replace) {
    location.hash = hash
    return
  }
  history.replaceState(null, '', hash)
  window.dispatchEvent(new HashChangeEvent('hashchange'))
}

/** The route that the address tells now. */
export function useRoute(): Route {
  const hash = useSyncExternalStore(
    (listener) => {
      window.addEventListener('hashchange', listener)
      return () => window.removeEventListener('hashchange', listener)
    },
    () => location.hash,
  )
  return parseRoute(hash)
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
