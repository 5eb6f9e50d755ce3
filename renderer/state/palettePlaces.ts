import type { Workspace } from '../../shared/contract'
import { keysOf } from '../../shared/keys'
import { paletteTexts } from '../texts/en/palette'
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
  /** Asks the update server, and shows what it says. */
  readonly checkForUpdates: () => void
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
    group: paletteTexts.window,
    label,
    ...keysFor(id),
    refusal: null,
    run,
  })
  const { newWindow, openFile } = acts
  return [
    entry(paletteTexts.back, 'back', () => history.back()),
    entry(paletteTexts.forward, 'forward', () => history.forward()),
    ...(newWindow ? [entry(paletteTexts.newWindowAtThisPlace, 'new-window', newWindow)] : []),
    entry(paletteTexts.copyTheLinkToThisPlace, 'copy-link', () =>
      copyLink(parseRoute(location.hash), paletteTexts.thisPlace),
    ),
    entry(paletteTexts.openAFolder, 'open-folder', acts.addFolder),
    ...(openFile ? [entry(paletteTexts.openAFileOfRuns, 'open-file', openFile)] : []),
    entry(paletteTexts.notifications, 'notices', () => navigate({ screen: 'notices', workspaceId: null })),
    entry(paletteTexts.settings, 'settings', () =>
      navigate({ screen: 'settings', workspaceId: null, section: 'workspaces' }),
    ),
    entry(paletteTexts.checkForUpdates, 'updates', acts.checkForUpdates),
    entry(paletteTexts.diagnostics, 'diagnostics', () => navigate({ screen: 'diagnostics', workspaceId: null })),
    entry(paletteTexts.keyboardShortcuts, 'sheet', acts.openSheet),
    ...(acts.demo ? [entry(paletteTexts.demoControls, 'demo', () => navigate({ screen: 'demo' }))] : []),
  ]
}

/** The screens of all workspaces and of each. */
export function placeEntries(workspaces: readonly Workspace[], acts: PaletteActs): readonly PaletteEntry[] {
  return [
    ...ofWorkspace(null, paletteTexts.allWorkspaces),
    ...workspaces.flatMap((one) => ofOne(one, acts)),
    ...deskPlaces(),
  ]
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
    entry(paletteTexts.startAWorkflow, () =>
      navigate({ screen: 'start', workspaceId: id, file: null, workflow: null }),
    ),
    ...(hasStore ? [entry(paletteTexts.compactTheRunStore, () => compact(workspace))] : []),
  ]
}

function ofWorkspace(workspaceId: string | null, name: string): readonly PaletteEntry[] {
  const runs = { screen: 'runs', workspaceId, filter: 'all', search: '', runId: null } as const
  const places: readonly (readonly [string, Route, string?])[] = [
    [paletteTexts.overview, { screen: 'overview', workspaceId }, 'go-overview'],
    [paletteTexts.runs, runs, 'go-runs'],
    [paletteTexts.runningRuns, { ...runs, filter: 'running' }],
    [paletteTexts.runsThatNeedYou, { ...runs, filter: 'needs-you' }],
    [paletteTexts.failedRuns, { ...runs, filter: 'failed' }],
    [paletteTexts.orphanedRuns, { ...runs, filter: 'orphaned' }],
    [
      paletteTexts.trajectories,
      { screen: 'trajectories', workspaceId, search: '', trajectoryId: null },
      'go-trajectories',
    ],
    [paletteTexts.writebacks, { screen: 'writebacks', workspaceId }, 'go-writebacks'],
    [paletteTexts.stuckWritebacks, { screen: 'writebacks', workspaceId, ask: { state: 'stuck' } }],
    [paletteTexts.problems, { screen: 'problems', workspaceId }, 'go-problems'],
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
  ['operations', paletteTexts.operationsOnWritebacks],
  ['trash', paletteTexts.trashOfWritebacks],
  ['audit', paletteTexts.auditOfWritebacks],
  ['earlier', paletteTexts.earlierEvidenceOfWritebacks],
] as const

function deskPlaces(): readonly PaletteEntry[] {
  return deskViews.map(([view, label]) => ({
    id: `desk ${view}`,
    group: paletteTexts.writebacks,
    label,
    refusal: null,
    run: () => navigate({ screen: 'writebacks', workspaceId: null, view }),
  }))
}
