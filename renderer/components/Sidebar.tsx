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
import { SideLink, SideTitle } from './SideLink'
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
          <SideLink
            icon={PlayCircle}
            href="#/demo"
            isHere={route.screen === 'demo'}
            title={windowTexts.demo}
            label={windowTexts.demoControls}
          />
        )}
      </div>
      <div className={styles.foot}>
        <SideLink
          icon={Bell}
          href={toHash({ screen: 'notices', workspaceId: null })}
          isHere={route.screen === 'notices'}
          title={unread === 0 ? windowTexts.notifications : windowTexts.notificationsUnread(unread)}
          label={windowTexts.notifications}
        >
          {unread > 0 && (
            <>
              {' '}
              <span className={`${styles.count} ${styles.unread}`}>
                {unread}
                <span className={styles.spoken}> {windowTexts.unread}</span>
              </span>
            </>
          )}
        </SideLink>
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
        <SideLink
          icon={Settings}
          href={toHash({ screen: 'settings', workspaceId: null, section: 'workspaces' })}
          isHere={route.screen === 'settings'}
          title={windowTexts.settingsCtrl}
          label={windowTexts.settings}
        />
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
  const isHere = (screen: Route['screen']): boolean => here && route.screen === screen
  return (
    <section className={styles.group} aria-label={title}>
      <SideTitle title={title} short={id === null ? windowTexts.all : title} hint={path ?? title}>
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
      </SideTitle>
      <SideLink
        icon={LayoutDashboard}
        href={toHash({ screen: 'overview', workspaceId: id })}
        isHere={isHere('overview')}
        title={windowTexts.overview(title)}
        label={windowTexts.overviewWord}
      />
      <SideLink
        icon={ListTree}
        href={toHash({ screen: 'runs', workspaceId: id, filter: 'all', search: '', runId: null })}
        isHere={isHere('runs')}
        title={windowTexts.runs(title)}
        label={windowTexts.runsWord}
      />
      <SideLink
        icon={Way}
        href={toHash({ screen: 'trajectories', workspaceId: id, search: '', trajectoryId: null })}
        isHere={isHere('trajectories')}
        title={windowTexts.trajectories(title)}
        label={windowTexts.trajectoriesWord}
      />
      <SideLink
        icon={Undo2}
        href={toHash({ screen: 'writebacks', workspaceId: id })}
        isHere={isHere('writebacks')}
        title={windowTexts.writebacks(title)}
        label={windowTexts.writebacksWord}
      >
        {undelivered > 0 && <span className={styles.count}>{undelivered.toLocaleString('en')}</span>}
      </SideLink>
      <SideLink
        icon={AlertTriangle}
        href={toHash({ screen: 'problems', workspaceId: id })}
        isHere={isHere('problems')}
        title={windowTexts.problems(title)}
        label={windowTexts.problemsWord}
      >
        {problems > 0 && <span className={styles.count}>{problems.toLocaleString('en')}</span>}
      </SideLink>
    </section>
  )
}
