import { useSyncExternalStore } from 'react'
import { type RunFilter, runFilters } from '../../shared/rules/runFilters'
import { type DeskRoute, deskHash, parseDeskRoute } from './deskRoute'
import { parseRunAsk, type RunAskRoute, writeRunAsk } from './runAsk'
import { parseSourceRoute, type SourceRoute, sourceHash } from './sourceRoute'

/** The views of one run. */
export const runTabs = ['Timeline', 'Graph', 'Log', 'State', 'Raw', 'History'] as const
export type RunTab = (typeof runTabs)[number]

/** The list of runs, as far as it is narrowed, and the open run. */
export interface RunsRoute extends RunAskRoute {
  readonly screen: 'runs'
  readonly workspaceId: string | null
  readonly filter: RunFilter
  readonly search: string
  readonly runId: string | null
  /** The view of the open run: `Timeline` unless told. */
  readonly tab?: RunTab
  /** The id of the chosen step of the open run. */
  readonly stepId?: string
}
/** The parts of the settings. */
export const settingsSections = [
  'workspaces',
  'runs',
  'storage',
  'notifications',
  'look',
  'shortcuts',
  'read-only',
  'updates',
  'diagnostics',
] as const
export type SettingsSection = (typeof settingsSections)[number]

/** What the window shows, as its address tells it. `workspaceId` null is all workspaces. */
export type Route =
  | RunsRoute
  | {
      readonly screen: 'start'
      readonly workspaceId: string | null
      /** The chosen workflow file, from the workspace's folder. */
      readonly file: string | null
      /** The chosen one of its workflows; null is its first. */
      readonly workflow: string | null
    }
  | {
      readonly screen: 'trajectories'
      readonly workspaceId: string | null
      readonly search: string
      readonly trajectoryId: string | null
    }
  | DeskRoute
  | SourceRoute
  | { readonly screen: 'overview'; readonly workspaceId: string | null }
  | { readonly screen: 'problems'; readonly workspaceId: string | null }
  | { readonly screen: 'demo' }
  | { readonly screen: 'notices'; readonly workspaceId: null }
  | { readonly screen: 'diagnostics'; readonly workspaceId: null }
  | { readonly screen: 'settings'; readonly workspaceId: null; readonly section: SettingsSection }

/** Reads the part of the address behind `#`. Whatever cannot be read is the list of all runs. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#/, '').split('?')
  const parts = path.split('/').filter(Boolean).map(decode)
  const parameters = new URLSearchParams(query)
  if (parts[0] === 'demo') return { screen: 'demo' }
  if (parts[0] === 'notices') return { screen: 'notices', workspaceId: null }
  if (parts[0] === 'diagnostics') return { screen: 'diagnostics', workspaceId: null }
  if (parts[0] === 's' && parts[1] !== undefined) return parseSourceRoute(parts.slice(1), parameters)
  if (parts[0] === 'settings')
    return {
      screen: 'settings',
      workspaceId: null,
      section: settingsSections.find((name) => name === parts[1]) ?? 'workspaces',
    }
  const workspaceId = parts[0] === 'w' && parts[1] !== undefined && parts[1] !== 'all' ? parts[1] : null
  if (parts[2] === 'writebacks') return parseDeskRoute(workspaceId, parts.slice(3), parameters)
  if (parts[2] === 'overview') return { screen: 'overview', workspaceId }
  if (parts[2] === 'problems') return { screen: 'problems', workspaceId }
  const search = parameters.get('q') ?? ''
  if (parts[2] === 'trajectories')
    return { screen: 'trajectories', workspaceId, search, trajectoryId: parts[3] ?? null }
  if (parts[2] === 'start')
    return { screen: 'start', workspaceId, file: parameters.get('file'), workflow: parameters.get('workflow') }
  const filter = runFilters.find((known) => known === parameters.get('filter')) ?? 'all'
  const tab = runTabs.find((known) => known === parameters.get('tab'))
  const stepId = parameters.get('step')
  return {
    screen: 'runs',
    workspaceId,
    filter,
    search,
    runId: parts[3] ?? null,
    ...parseRunAsk(parameters),
    ...(tab ? { tab } : {}),
    ...(stepId === null ? {} : { stepId }),
  }
}

/** The address of a route. */
export function toHash(route: Route): string {
  if (route.screen === 'demo') return '#/demo'
  if (route.screen === 'notices') return '#/notices'
  if (route.screen === 'diagnostics') return '#/diagnostics'
  if (route.screen === 'settings') return `#/settings/${route.section}`
  if (route.screen === 'source') return sourceHash(route)
  const base = `#/w/${encodeURIComponent(route.workspaceId ?? 'all')}/${route.screen}`
  if (route.screen === 'problems' || route.screen === 'overview') return base
  if (route.screen === 'writebacks') return `${base}${deskHash(route)}`
  const parameters = new URLSearchParams()
  const set = (name: string, value: string | null | undefined): void => {
    if (value) parameters.set(name, value)
  }
  switch (route.screen) {
    case 'runs':
      set('filter', route.filter === 'all' ? null : route.filter)
      set('q', route.search)
      writeRunAsk(parameters, route)
      if (route.runId === null) break
      set('tab', route.tab === 'Timeline' ? null : route.tab)
      set('step', route.stepId)
      break
    case 'trajectories':
      set('q', route.search)
      break
    case 'start':
      set('file', route.file)
      set('workflow', route.workflow)
      break
  }
  const query = parameters.size === 0 ? '' : `?${parameters}`
  const openId = route.screen === 'runs' ? route.runId : route.screen === 'trajectories' ? route.trajectoryId : null
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

/** Goes to an address behind `#`, as a link or the app gives it. */
export function goToHash(hash: string): void {
  if (hash.startsWith('#/') && hash !== location.hash) location.hash = hash
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
