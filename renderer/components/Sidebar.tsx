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
import { ConfirmDialog } from './ConfirmDialog'
import styles from './Sidebar.module.css'
import { ViewLinks } from './ViewLinks'

const icon = { size: 15, 'aria-hidden': true } as const

/** The workspaces with their counts, and the ways into each. Below 900 px it folds to icons. */
export function Sidebar({
  workspaces,
  route,
  demo,
  unread,
  onAddFolder,
  onPalette,
  onShortcuts,
}: {
  readonly workspaces: readonly Workspace[]
  readonly route: Route
  readonly demo: boolean
  /** Notices that nobody has read. */
  readonly unread: number
  readonly onAddFolder: () => void
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
    <nav className={styles.side} aria-label="Workspaces">
      <div className={styles.brand}>
        <span className={styles.label}>Rundesk</span>
        {readOnly !== null && (
          <span className={styles.readOnly} title={readOnly}>
            Read-only
          </span>
        )}
        <button
          type="button"
          className={controls.button}
          onClick={onPalette}
          title="Go to anything (Ctrl K)"
          aria-label="Go to anything"
        >
          <Search {...icon} />
        </button>
      </div>
      <div className={styles.scroll}>
        <Group
          title="All workspaces"
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
        {demo && (
          <a
            className={styles.link}
            href="#/demo"
            aria-current={route.screen === 'demo' ? 'page' : undefined}
            title="Demo"
          >
            <PlayCircle {...icon} />
            <span className={styles.label}>Demo controls</span>
          </a>
        )}
      </div>
      <div className={styles.foot}>
        <a
          className={styles.link}
          href={toHash({ screen: 'notices', workspaceId: null })}
          aria-current={route.screen === 'notices' ? 'page' : undefined}
          title={unread === 0 ? 'Notifications' : `Notifications: ${unread} unread`}
        >
          <Bell {...icon} />
          <span className={styles.label}>Notifications</span>
          {unread > 0 && (
            <>
              {' '}
              <span className={`${styles.count} ${styles.unread}`}>
                {unread}
                <span className={styles.spoken}> unread</span>
              </span>
              <span className={styles.unreadDot} aria-hidden="true" />
            </>
          )}
        </a>
        <button type="button" className={styles.link} onClick={onAddFolder} title="Add folder" aria-label="Add folder">
          <FolderPlus {...icon} />
          <span className={styles.label}>Add folder</span>
        </button>
        <a
          className={styles.link}
          href={toHash({ screen: 'settings', workspaceId: null, section: 'workspaces' })}
          aria-current={route.screen === 'settings' ? 'page' : undefined}
          title="Settings (Ctrl ,)"
          aria-label="Settings"
        >
          <Settings {...icon} />
          <span className={styles.label}>Settings</span>
        </a>
        <button
          type="button"
          className={styles.link}
          onClick={onShortcuts}
          title="Keyboard shortcuts (?)"
          aria-label="Keyboard shortcuts"
        >
          <Keyboard {...icon} />
          <span className={styles.label}>Shortcuts</span>
        </button>
      </div>
      {removing && (
        <ConfirmDialog
          title={`Remove ${removing.name} from the list?`}
          text={`Nothing in ${removing.path} is changed. You can open it again at any time.`}
          act="Remove from list"
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
          <span className={styles.running} title={`${running} running`}>
            ● {running}
          </span>
        )}
        {failed > 0 && (
          <span className={styles.failed} title={`${failed} need you`}>
            ✕ {failed}
          </span>
        )}
        {onRemove && (
          <button type="button" className={styles.remove} onClick={onRemove} aria-label={`Remove ${title}`}>
            <X size={12} aria-hidden />
          </button>
        )}
      </div>
      <a
        className={styles.link}
        href={toHash({ screen: 'overview', workspaceId: id })}
        aria-current={current('overview')}
        title={`${title}: Overview`}
      >
        <LayoutDashboard {...icon} />
        <span className={styles.label}>Overview</span>
      </a>
      <a
        className={styles.link}
        href={toHash({ screen: 'runs', workspaceId: id, filter: 'all', search: '', runId: null })}
        aria-current={current('runs')}
        title={`${title}: Runs`}
      >
        <ListTree {...icon} />
        <span className={styles.label}>Runs</span>
      </a>
      <a
        className={styles.link}
        href={toHash({ screen: 'trajectories', workspaceId: id, search: '', trajectoryId: null })}
        aria-current={current('trajectories')}
        title={`${title}: Trajectories`}
      >
        <Way {...icon} />
        <span className={styles.label}>Trajectories</span>
      </a>
      <a
        className={styles.link}
        href={toHash({ screen: 'writebacks', workspaceId: id })}
        aria-current={current('writebacks')}
        title={`${title}: Writebacks`}
      >
        <Undo2 {...icon} />
        <span className={styles.label}>Writebacks</span>
        {undelivered > 0 && <span className={styles.count}>{undelivered.toLocaleString('en')}</span>}
      </a>
      <a
        className={styles.link}
        href={toHash({ screen: 'problems', workspaceId: id })}
        aria-current={current('problems')}
        title={`${title}: Problems`}
      >
        <AlertTriangle {...icon} />
        <span className={styles.label}>Problems</span>
        {problems > 0 && <span className={styles.count}>{problems}</span>}
      </a>
    </section>
  )
}
