import { Command } from 'cmdk'
import type { Workspace } from '../../shared/contract'
import { navigate, type Route, settingsSections } from '../state/route'
import controls from '../styles/controls.module.css'
import { sectionWords } from '../texts/settingWords'
import { Dialog } from './Dialog'
import styles from './Palette.module.css'
import { PaletteViews } from './PaletteViews'

const deskPlaces = [
  ['operations', 'Operations on writebacks'],
  ['trash', 'Trash of writebacks'],
  ['audit', 'Audit of writebacks'],
  ['earlier', 'Earlier evidence of writebacks'],
] as const

/** Every place and command by name. */
export function Palette({
  workspaces,
  demo,
  onClose,
  onOpen,
  onAddFolder,
  onCompact,
}: {
  readonly workspaces: readonly Workspace[]
  readonly demo: boolean
  readonly onClose: () => void
  readonly onOpen: (overlay: 'shortcuts') => void
  readonly onAddFolder: () => void
  readonly onCompact: (workspace: Workspace) => void
}) {
  const go = (route: Route): void => {
    navigate(route)
    onClose()
  }
  const places = [{ id: null, name: 'All workspaces' }, ...workspaces]
  return (
    <Dialog title="Go to" onClose={onClose}>
      <Command label="Go to anything">
        <Command.Input className={`${controls.field} ${styles.input}`} placeholder="Type a name…" />
        <Command.List className={styles.list}>
          <Command.Empty>Nothing has this name.</Command.Empty>
          {places.map(({ id, name }) => (
            <Command.Group key={id ?? 'all'}>
              <Command.Item
                className={styles.item}
                value={`${name} runs ${id}`}
                onSelect={() => go({ screen: 'runs', workspaceId: id, filter: 'all', search: '', runId: null })}
              >
                {name}: Runs
              </Command.Item>
              <Command.Item
                className={styles.item}
                value={`${name} failed runs ${id}`}
                onSelect={() => go({ screen: 'runs', workspaceId: id, filter: 'failed', search: '', runId: null })}
              >
                {name}: Failed runs
              </Command.Item>
              <Command.Item
                className={styles.item}
                value={`${name} trajectories ${id}`}
                onSelect={() => go({ screen: 'trajectories', workspaceId: id, search: '', trajectoryId: null })}
              >
                {name}: Trajectories
              </Command.Item>
              <Command.Item
                className={styles.item}
                value={`${name} writebacks ${id}`}
                onSelect={() => go({ screen: 'writebacks', workspaceId: id })}
              >
                {name}: Writebacks
              </Command.Item>
              <Command.Item
                className={styles.item}
                value={`${name} stuck writebacks ${id}`}
                onSelect={() => go({ screen: 'writebacks', workspaceId: id, ask: { state: 'stuck' } })}
              >
                {name}: Stuck writebacks
              </Command.Item>
              <Command.Item
                className={styles.item}
                value={`${name} problems ${id}`}
                onSelect={() => go({ screen: 'problems', workspaceId: id })}
              >
                {name}: Problems
              </Command.Item>
            </Command.Group>
          ))}
          {workspaces
            .filter(({ trouble }) => trouble === null)
            .map(({ id, name }) => (
              <Command.Item
                key={id}
                className={styles.item}
                value={`${name} start a workflow ${id}`}
                onSelect={() => go({ screen: 'start', workspaceId: id, file: null, workflow: null })}
              >
                {name}: Start a workflow…
              </Command.Item>
            ))}
          {workspaces
            .filter(({ hasStore, trouble }) => hasStore && trouble === null)
            .map((workspace) => (
              <Command.Item
                key={workspace.id}
                className={styles.item}
                value={`${workspace.name} compact run store ${workspace.id}`}
                onSelect={() => onCompact(workspace)}
              >
                {workspace.name}: Compact the run store…
              </Command.Item>
            ))}
          <PaletteViews onGo={go} />
          {deskPlaces.map(([view, word]) => (
            <Command.Item
              key={view}
              className={styles.item}
              onSelect={() => go({ screen: 'writebacks', workspaceId: null, view })}
            >
              {word}
            </Command.Item>
          ))}
          {demo && (
            <Command.Item className={styles.item} onSelect={() => go({ screen: 'demo' })}>
              Demo controls
            </Command.Item>
          )}
          <Command.Item className={styles.item} onSelect={onAddFolder}>
            Add folder…
          </Command.Item>
          <Command.Item className={styles.item} onSelect={() => go({ screen: 'notices', workspaceId: null })}>
            Notifications
          </Command.Item>
          {settingsSections.map((section) => (
            <Command.Item
              key={section}
              className={styles.item}
              value={`Settings ${sectionWords[section]}`}
              onSelect={() => go({ screen: 'settings', workspaceId: null, section })}
            >
              Settings: {sectionWords[section]}
            </Command.Item>
          ))}
          <Command.Item className={styles.item} onSelect={() => onOpen('shortcuts')}>
            Keyboard shortcuts
          </Command.Item>
        </Command.List>
      </Command>
    </Dialog>
  )
}
