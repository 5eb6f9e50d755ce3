import { useState } from 'react'
import type { Workspace } from '../../../shared/contract'
import { ConfirmDialog } from '../../components/ConfirmDialog'
import { useClient } from '../../state/client'
import { toHash } from '../../state/route'
import controls from '../../styles/controls.module.css'
import { settingsTexts } from '../../texts/en/settings'
import styles from './SettingsScreen.module.css'

const originWords: Readonly<Record<Workspace['origin'], string>> = {
  saved: settingsTexts.saved,
  registry: settingsTexts.knownByTheRegistry,
  named: settingsTexts.namedOnTheCommand,
  current: settingsTexts.theCurrentFolder,
  opened: settingsTexts.aFileOpenedByItself,
}

/** The folders that Rundesk watches. */
export function WorkspaceSettings({
  workspaces,
  onAddFolder,
}: {
  readonly workspaces: readonly Workspace[]
  readonly onAddFolder: () => void
}) {
  const client = useClient()
  const [removing, setRemoving] = useState<Workspace | null>(null)
  return (
    <>
      <p className={controls.secondary}>{settingsTexts.theFoldersThatRundesk}</p>
      <ul className={styles.list} aria-label={settingsTexts.watchedFolders}>
        {workspaces.map((workspace) => (
          <li key={workspace.id} className={styles.item}>
            <div>
              <a href={toHash({ screen: 'runs', workspaceId: workspace.id, filter: 'all', search: '', runId: null })}>
                {workspace.name}
              </a>{' '}
              <span className={controls.secondary}>{originWords[workspace.origin]}</span>
              <div className={`mono ${controls.secondary}`}>{workspace.path}</div>
              {workspace.trouble !== null && <div role="alert">{workspace.trouble}</div>}
            </div>
            {(workspace.origin === 'saved' || workspace.origin === 'opened') && (
              <button
                type="button"
                className={controls.button}
                aria-label={settingsTexts.removeFromTheList(workspace.name)}
                onClick={() => setRemoving(workspace)}
              >
                {settingsTexts.remove}
              </button>
            )}
          </li>
        ))}
      </ul>
      {workspaces.length === 0 && <p>{settingsTexts.noFolderIsWatched}</p>}
      <p className={styles.foot}>
        <button type="button" className={controls.button} onClick={onAddFolder}>
          {settingsTexts.addFolder}
        </button>
      </p>
      {removing && (
        <ConfirmDialog
          title={settingsTexts.removeFromTheListName(removing.name)}
          text={settingsTexts.nothingInIsChanged(removing.path)}
          act={settingsTexts.removeFromList}
          onClose={() => setRemoving(null)}
          onConfirm={() => client.request('workspaces:remove', { workspaceId: removing.id }).then(() => undefined)}
        />
      )}
    </>
  )
}
