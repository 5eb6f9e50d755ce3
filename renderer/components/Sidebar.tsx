import {
  AlertTriangle,
  Bell,
  FolderPlus,
  Keyboard,
  LayoutDashboard,
  ListTree,
  PlayCircle,
  Search,
  Settings,
  Undo2,
  Route as Way,
  X,
} from 'lucide-react'
import { useState } from 'react'
import type { Workspace } from '../../shared/contract'
import { useReadOnly } from '../state/appInfo'
import { useClient } from '../state/client'
import { type Route, toHash } from '../state/route'
import controls from '../styles/controls.module.css'
import { windowTexts } from '../texts/en/window'
import { ConfirmDialog } from './ConfirmDialog'
import styles from './Sidebar.module.css'
import { SourceLinks } from './SourceLinks'
import { ViewLinks } from './ViewLinks'

const icon = { size: 15, 'aria-hidden': true } as const

/** The workspaces with their counts, and the ways into each. Below 900 px it folds to icons. */
export function Sidebar({
  workspaces,
  route,
  demo,
  unread,
  onAddFolder,
  onAddSource,
  onPalette,
  onShortcuts,
}: {
  readonly workspaces: readonly Workspace[]
  readonly route: Route
  readonly demo: boolean
  /** Notices that nobody has read. */
  readonly unread: number
  readonly onAddFolder: () => void
  readonly onAddSource: () => void
  readonly onPalette: () => void
  readonly onShortcuts: () => void
}) {
  const client = useClient()
  const readOnly = useReadOnly()
  const [removing, setRemoving] = useState<Workspace | null>(null)
  const total = workspaces.reduce(
    (sum, { writebacks, problemCount }) => ({
      undelivered: sum.undelivered + writebacks.undelivered,
      problems: sum.problems + problemCount,
    }),
    { undelivered: 0, problems: 0 },
  )

  return (
    <nav className={styles.side} aria-label={windowTexts.workspaces}>
      <div className={styles.brand}>
        <span className={styles.label}>{windowTexts.rundesk}</span>
        {readOnly !== null && (
          <span className={styles.readOnly} title={readOnly}>
            {windowTexts.readOnly}
          </span>
        )}
        <button
          type="button"
          className={controls.button}
          onClick={onPalette}
          title={windowTexts.goToAnythingCtrl}
          aria-label={windowTexts.goToAnything}
        >
          <Search {...icon} />
        </button>
      </div>
      <div className={styles.scroll}>
        <Group
          title={windowTexts.allWorkspaces}
          id={null}
          route={route}
          running={0}
          failed={0}
          undelivered={total.undelivered}
          problems={total.problems}
        />
        <ViewLinks route={route} />
        {workspaces.map((workspace) => (
          <Group
            key={workspace.id}
            title={workspace.name}
            path={workspace.path}
            id={workspace.id}
            route={route}
            running={workspace.counts.running}
            failed={workspace.counts.needsYou}
            undelivered={workspace.writebacks.undelivered}
            problems={workspace.problemCount}
            {...(workspace.origin === 'saved' || workspace.origin === 'opened'
              ? { onRemove: () => setRemoving(workspace) }
              : {})}
          />
        ))}
        <SourceLinks route={route} onAdd={onAddSource} />
        {demo && (
          <a
            className={styles.link}
            href="#/demo"
            aria-current={route.screen === 'demo' ? 'page' : undefined}
            title={windowTexts.demo}
          >
            <PlayCircle {...icon} />
            <span className={styles.label}>{windowTexts.demoControls}</span>
          </a>
        )}
      </div>
      <div className={styles.foot}>
        <a
          className={styles.link}
          href={toHash({ screen: 'notices', workspaceId: null })}
          aria-current={route.screen === 'notices' ? 'page' : undefined}
          title={unread === 0 ? windowTexts.notifications : windowTexts.notificationsUnread(unread)}
        >
          <Bell {...icon} />
          <span className={styles.label}>{windowTexts.notifications}</span>
          {unread > 0 && (
            <>
              {' '}
              <span className={`${styles.count} ${styles.unread}`}>
                {unread}
                <span className={styles.spoken}> {windowTexts.unread}</span>
              </span>
              <span className={styles.unreadDot} aria-hidden="true" />
            </>
          )}
        </a>
        <button
          type="button"
          className={styles.link}
          onClick={onAddFolder}
          title={windowTexts.addFolder}
          aria-label={windowTexts.addFolder}
        >
          <FolderPlus {...icon} />
          <span className={styles.label}>{windowTexts.addFolder}</span>
        </button>
        <a
          className={styles.link}
          href={toHash({ screen: 'settings', workspaceId: null, section: 'workspaces' })}
          aria-current={route.screen === 'settings' ? 'page' : undefined}
          title={windowTexts.settingsCtrl}
          aria-label={windowTexts.settings}
        >
          <Settings {...icon} />
          <span className={styles.label}>{windowTexts.settings}</span>
        </a>
        <button
          type="button"
          className={styles.link}
          onClick={onShortcuts}
          title={windowTexts.keyboardShortcutsWord}
          aria-label={windowTexts.keyboardShortcuts}
        >
          <Keyboard {...icon} />
          <span className={styles.label}>{windowTexts.shortcuts}</span>
        </button>
      </div>
      {removing && (
        <ConfirmDialog
          title={windowTexts.removeFromTheList(removing.name)}
          text={windowTexts.nothingInIsChanged(removing.path)}
          act={windowTexts.removeFromList}
          onClose={() => setRemoving(null)}
          onConfirm={() => client.request('workspaces:remove', { workspaceId: removing.id }).then(() => undefined)}
        />
      )}
    </nav>
  )
}

function Group({
  title,
  path,
  id,
  route,
  running,
  failed,
  undelivered,
  problems,
  onRemove,
}: {
  readonly title: string
  readonly path?: string
  readonly id: string | null
  readonly route: Route
  readonly running: number
  readonly failed: number
  readonly undelivered: number
  readonly problems: number
  readonly onRemove?: () => void
}) {
  const here = route.screen !== 'demo' && route.workspaceId === id
  const current = (screen: Route['screen']) => (here && route.screen === screen ? ('page' as const) : undefined)
  return (
    <section className={styles.group} aria-label={title}>
      <div className={styles.title} title={path ?? title}>
        <span className={`${styles.label} ${controls.ellipsis}`}>{title}</span>
        {running > 0 && (
          <span className={styles.running} title={windowTexts.running(running)}>
            ● {running}
          </span>
        )}
        {failed > 0 && (
          <span className={styles.failed} title={windowTexts.needYou(failed)}>
            ✕ {failed}
          </span>
        )}
        {onRemove && (
          <button type="button" className={styles.remove} onClick={onRemove} aria-label={windowTexts.remove(title)}>
            <X size={12} aria-hidden />
          </button>
        )}
      </div>
      <a
        className={styles.link}
        href={toHash({ screen: 'overview', workspaceId: id })}
        aria-current={current('overview')}
        title={windowTexts.overview(title)}
      >
        <LayoutDashboard {...icon} />
        <span className={styles.label}>{windowTexts.overviewWord}</span>
      </a>
      <a
        className={styles.link}
        href={toHash({ screen: 'runs', workspaceId: id, filter: 'all', search: '', runId: null })}
        aria-current={current('runs')}
        title={windowTexts.runs(title)}
      >
        <ListTree {...icon} />
        <span className={styles.label}>{windowTexts.runsWord}</span>
      </a>
      <a
        className={styles.link}
        href={toHash({ screen: 'trajectories', workspaceId: id, search: '', trajectoryId: null })}
        aria-current={current('trajectories')}
        title={windowTexts.trajectories(title)}
      >
        <Way {...icon} />
        <span className={styles.label}>{windowTexts.trajectoriesWord}</span>
      </a>
      <a
        className={styles.link}
        href={toHash({ screen: 'writebacks', workspaceId: id })}
        aria-current={current('writebacks')}
        title={windowTexts.writebacks(title)}
      >
        <Undo2 {...icon} />
        <span className={styles.label}>{windowTexts.writebacksWord}</span>
        {undelivered > 0 && <span className={styles.count}>{undelivered.toLocaleString('en')}</span>}
      </a>
      <a
        className={styles.link}
        href={toHash({ screen: 'problems', workspaceId: id })}
        aria-current={current('problems')}
        title={windowTexts.problems(title)}
      >
        <AlertTriangle {...icon} />
        <span className={styles.label}>{windowTexts.problemsWord}</span>
        {problems > 0 && <span className={styles.count}>{problems}</span>}
      </a>
    </section>
  )
}
