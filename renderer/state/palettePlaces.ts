import type { Workspace } from '../../shared/contract'
import { keysOf } from '../../shared/keys'
import { copyLink } from './copyLink'
import type { PaletteEntry } from './paletteEntries'
import { navigate, parseRoute, type Route } from './route'
import { shownKey } from './shortcutKeys'

/** What the palette asks of the window around it. */
export interface PaletteActs {
  readonly demo: boolean
  /** Null where windows are the browser's own. */
  readonly newWindow: (() => void) | null
  readonly openSheet: () => void
  readonly addFolder: () => void
  /** Null where there is no file dialog. */
  readonly openFile: (() => void) | null
  readonly compact: (workspace: Workspace) => void
}

const keysFor = (id: string | undefined): { keys?: string } => {
  const [key] = id === undefined ? [] : keysOf(id)
  return key === undefined ? {} : { keys: shownKey(key) }
}

/** Acts that are there on every screen. */
export function windowEntries(acts: PaletteActs): readonly PaletteEntry[] {
  const entry = (label: string, id: string, run: () => void): PaletteEntry => ({
    id: `window ${id}`,
    group: 'Window',
    label,
    ...keysFor(id),
    refusal: null,
    run,
  })
  const { newWindow, openFile } = acts
  return [
    entry('Back', 'back', () => history.back()),
    entry('Forward', 'forward', () => history.forward()),
    ...(newWindow ? [entry('New window at this place', 'new-window', newWindow)] : []),
    entry('Copy the link to this place', 'copy-link', () => copyLink(parseRoute(location.hash), 'this place')),
    entry('Open a folder…', 'open-folder', acts.addFolder),
    ...(openFile ? [entry('Open a file of runs…', 'open-file', openFile)] : []),
    entry('Notifications', 'notices', () => navigate({ screen: 'notices', workspaceId: null })),
    entry('Settings', 'settings', () => navigate({ screen: 'settings', workspaceId: null, section: 'workspaces' })),
    entry('Keyboard shortcuts', 'sheet', acts.openSheet),
    ...(acts.demo ? [entry('Demo controls', 'demo', () => navigate({ screen: 'demo' }))] : []),
  ]
}

/** The screens of all workspaces and of each. */
export function placeEntries(workspaces: readonly Workspace[], acts: PaletteActs): readonly PaletteEntry[] {
  return [...ofWorkspace(null, 'All workspaces'), ...workspaces.flatMap((one) => ofOne(one, acts)), ...deskPlaces()]
}

function ofOne(workspace: Workspace, { compact }: PaletteActs): readonly PaletteEntry[] {
  const { id, name, trouble, readOnly, hasStore } = workspace
  const refusal = trouble ?? readOnly
  const entry = (label: string, run: () => void): PaletteEntry => ({
    id: `${id} ${label}`,
    group: name,
    label: `${name}: ${label}`,
    refusal,
    run,
  })
  return [
    ...ofWorkspace(id, name),
    entry('Start a workflow…', () => navigate({ screen: 'start', workspaceId: id, file: null, workflow: null })),
    ...(hasStore ? [entry('Compact the run store…', () => compact(workspace))] : []),
  ]
}

function ofWorkspace(workspaceId: string | null, name: string): readonly PaletteEntry[] {
  const runs = { screen: 'runs', workspaceId, filter: 'all', search: '', runId: null } as const
  const places: readonly (readonly [string, Route, string?])[] = [
    ['Overview', { screen: 'overview', workspaceId }, 'go-overview'],
    ['Runs', runs, 'go-runs'],
    ['Running runs', { ...runs, filter: 'running' }],
    ['Runs that need you', { ...runs, filter: 'needs-you' }],
    ['Failed runs', { ...runs, filter: 'failed' }],
    ['Orphaned runs', { ...runs, filter: 'orphaned' }],
    ['Trajectories', { screen: 'trajectories', workspaceId, search: '', trajectoryId: null }, 'go-trajectories'],
    ['Writebacks', { screen: 'writebacks', workspaceId }, 'go-writebacks'],
    ['Stuck writebacks', { screen: 'writebacks', workspaceId, ask: { state: 'stuck' } }],
    ['Problems', { screen: 'problems', workspaceId }, 'go-problems'],
  ]
  return places.map(([label, route, keyId]) => ({
    id: `${workspaceId} ${label}`,
    group: name,
    label: `${name}: ${label}`,
    ...(workspaceId === null ? keysFor(keyId) : {}),
    refusal: null,
    run: () => navigate(route),
  }))
}

const deskViews = [
  ['operations', 'Operations on writebacks'],
  ['trash', 'Trash of writebacks'],
  ['audit', 'Audit of writebacks'],
  ['earlier', 'Earlier evidence of writebacks'],
] as const

function deskPlaces(): readonly PaletteEntry[] {
  return deskViews.map(([view, label]) => ({
    id: `desk ${view}`,
    group: 'Writebacks',
    label,
    refusal: null,
    run: () => navigate({ screen: 'writebacks', workspaceId: null, view }),
  }))
}
