import { useEffect, useRef, useState } from 'react'
import { useStore } from 'zustand'
import type { Workspace } from '../shared/contract'
import styles from './App.module.css'
import { AddFolderDialog } from './components/AddFolderDialog'
import { CompactDialog } from './components/CompactDialog'
import { LastEndDialog } from './components/LastEndDialog'
import { Palette } from './components/Palette'
import { ShortcutSheet } from './components/ShortcutSheet'
import { Sidebar } from './components/Sidebar'
import { SourceDialog } from './components/sources/SourceDialog'
import { Toasts } from './components/Toasts'
import { Tour } from './components/Tour'
import { DemoScreen } from './screens/DemoScreen'
import { DiagnosticsScreen } from './screens/DiagnosticsScreen'
import { NoticesScreen } from './screens/NoticesScreen'
import { OverviewScreen } from './screens/OverviewScreen'
import { ProblemsScreen } from './screens/ProblemsScreen'
import { RunsScreen } from './screens/RunsScreen'
import { StartScreen } from './screens/StartScreen'
import { SettingsScreen } from './screens/settings/SettingsScreen'
import { SourceScreen } from './screens/sources/SourceScreen'
import { TrajectoriesScreen } from './screens/TrajectoriesScreen'
import { WritebacksScreen } from './screens/writebacks/WritebacksScreen'
import { AppInfoContext } from './state/appInfo'
import { connectionStore, useClient } from './state/client'
import { nextSource } from './state/paletteSources'
import { navigate, type Route, useRoute } from './state/route'
import { sourceRoute } from './state/sourceRoute'
import { showToast } from './state/toasts'
import { useGlobalKeys } from './state/useGlobalKeys'
import { useLastEnds } from './state/useLastEnds'
import { useLook } from './state/useLook'
import { useMirror } from './state/useMirror'
import { useNotices, useUnread } from './state/useNotices'
import { useDrops, usePlaces } from './state/usePlaces'
import { useRememberedLayout } from './state/useRememberedLayout'
import { useSources } from './state/useSources'
import controls from './styles/controls.module.css'
import { windowTexts } from './texts/en/window'
import { fullTime } from './texts/times'
import { counted } from './texts/words'

type Overlay = 'palette' | 'shortcuts' | 'add-folder' | 'add-source' | null

/** The window: workspaces on the left, one screen on the right, what must not be missed on top. */
export function App() {
  const route = useRoute()
  const connection = useStore(connectionStore, ({ state }) => state)
  const info = useMirror('info', (client) => client.request('app:info', {}), ['settings:changed'])
  const list = useMirror('workspaces', (client) => client.request('workspaces:list', {}), ['workspaces:changed'])
  const [overlay, setOverlay] = useState<Overlay>(null)
  const [compacting, setCompacting] = useState<Workspace | null>(null)
  const client = useClient()
  const addFolder = (): void => {
    if (!info.value?.canChooseFolder) setOverlay('add-folder')
    else {
      setOverlay(null)
      client
        .request('workspaces:choose', {})
        .catch((error: Error) => showToast({ tone: 'refused', text: error.message, action: null }))
    }
  }
  useFirstScreen(list.value?.workspaces ?? null)
  useLook()
  useNotices(route)
  const unread = useUnread()
  const { remote } = useSources()
  const { lastEnd, forget } = useLastEnds()
  usePlaces()
  const isDropping = useDrops()
  useRememberedLayout()
  useGlobalKeys(route, {
    palette: () => setOverlay('palette'),
    sheet: () => setOverlay('shortcuts'),
    source: () => {
      const next = nextSource(remote ?? [], route.screen === 'source' ? route.sourceId : null)
      if (next) navigate(sourceRoute(next.id))
    },
    settings: () => {
      setOverlay(null)
      navigate({ screen: 'settings', workspaceId: null, section: 'workspaces' })
    },
  })
  const workspaces = list.value?.workspaces ?? []
  const here = route.screen === 'demo' ? null : route.workspaceId
  const onlyLook = workspaces.find(({ id }) => id === here)?.readOnly ?? null
  const shownInfo =
    info.value && onlyLook !== null ? { ...info.value, readOnly: info.value.readOnly ?? onlyLook } : info.value
  const degraded = workspaces.filter((workspace) => workspace.degraded !== null)

  return (
    <AppInfoContext value={shownInfo}>
      <div className={styles.app}>
        <Sidebar
          workspaces={workspaces}
          route={route}
          demo={info.value?.demo ?? false}
          unread={unread}
          onAddFolder={addFolder}
          onAddSource={() => setOverlay('add-source')}
          onPalette={() => setOverlay('palette')}
          onShortcuts={() => setOverlay('shortcuts')}
        />
        <main className={styles.main}>
          {connection !== 'connected' && (
            <div className={controls.banner} role="alert">
              {connection === 'ended' ? windowTexts.rundeskEnded : windowTexts.connectionLost}
            </div>
          )}
          {degraded.map(({ id, name, degraded: state }) => (
            <div key={id} className={controls.banner} role="alert" title={state?.message}>
              <strong>{windowTexts.notSaved(name)}</strong> {windowTexts.since}{' '}
              <span title={fullTime(state?.since ?? null)}>
                {new Date(state?.since ?? 0).toLocaleTimeString('en-GB')}
              </span>
              {windowTexts.rowsAreKept(state?.message ?? '', counted(state?.unsavedRows ?? 0, windowTexts.row))}
            </div>
          ))}
          {info.value?.demo && <Tour />}
          <Screen
            route={route}
            workspaces={list.value ? workspaces : null}
            unavailable={shownInfo?.readOnly ?? info.value?.runnerUnavailable ?? null}
            onAddFolder={addFolder}
          />
        </main>
        {isDropping && <div className={styles.drop}>{windowTexts.dropToOpen}</div>}
        <Toasts />
        {overlay === 'palette' && (
          <Palette
            workspaces={workspaces}
            demo={info.value?.demo ?? false}
            canChooseFile={info.value?.canChooseFolder ?? false}
            onClose={() => setOverlay(null)}
            onOpen={setOverlay}
            onAddFolder={addFolder}
            onAddSource={() => setOverlay('add-source')}
            onCompact={(workspace) => {
              setOverlay(null)
              setCompacting(workspace)
            }}
          />
        )}
        {lastEnd && <LastEndDialog key={lastEnd.startedAt} lastEnd={lastEnd} onClose={forget} />}
        {compacting && <CompactDialog workspace={compacting} onClose={() => setCompacting(null)} />}
        {overlay === 'shortcuts' && <ShortcutSheet onClose={() => setOverlay(null)} />}
        {overlay === 'add-folder' && <AddFolderDialog onClose={() => setOverlay(null)} />}
        {overlay === 'add-source' && <SourceDialog onClose={() => setOverlay(null)} />}
      </div>
    </AppInfoContext>
  )
}

function Screen({
  route,
  workspaces,
  unavailable,
  onAddFolder,
}: {
  readonly route: Route
  /** Null until they are known. */
  readonly workspaces: readonly Workspace[] | null
  readonly unavailable: string | null
  readonly onAddFolder: () => void
}) {
  switch (route.screen) {
    case 'start':
      return workspaces && <StartScreen route={route} workspaces={workspaces} unavailable={unavailable} />
    case 'runs':
      return <RunsScreen key={route.workspaceId} route={route} onAddFolder={onAddFolder} />
    case 'trajectories':
      return <TrajectoriesScreen key={route.workspaceId} route={route} />
    case 'writebacks':
      return <WritebacksScreen key={route.workspaceId} route={route} />
    case 'overview':
      return (
        <OverviewScreen
          key={route.workspaceId}
          workspaceId={route.workspaceId}
          workspaces={workspaces}
          onAddFolder={onAddFolder}
        />
      )
    case 'problems':
      return <ProblemsScreen workspaceId={route.workspaceId} />
    case 'notices':
      return <NoticesScreen />
    case 'diagnostics':
      return <DiagnosticsScreen />
    case 'settings':
      return <SettingsScreen route={route} workspaces={workspaces ?? []} onAddFolder={onAddFolder} />
    case 'source':
      return <SourceScreen key={route.sourceId} route={route} />
    case 'demo':
      return <DemoScreen />
  }
}

/** A window that was opened without an address begins with the overview, once several workspaces are known. */
function useFirstScreen(workspaces: readonly Workspace[] | null): void {
  const decided = useRef(location.hash !== '')
  useEffect(() => {
    if (decided.current || workspaces === null) return
    decided.current = true
    if (workspaces.length > 1 && location.hash === '')
      navigate({ screen: 'overview', workspaceId: null }, { replace: true })
  }, [workspaces])
}
