import { useState } from 'react'
import type { Workspace } from '../../../shared/contract'
import { ConfirmDialog } from '../../components/ConfirmDialog'
import { useClient } from '../../state/client'
import { toHash } from '../../state/route'
import controls from '../../styles/controls.module.css'
import styles from './SettingsScreen.module.css'

const originWords: Readonly<Record<Workspace['origin'], string>> = {
  saved: 'Saved',
  registry: 'Known by the registry of mounts',
  named: 'Named on the command line',
  current: 'The current folder',
  opened: 'A file, opened by itself',
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
      <p className={controls.secondary}>The folders that Rundesk watches. Removing one changes nothing in it.</p>
      <ul className={styles.list} aria-label="Watched folders">
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
                aria-label={`Remove ${workspace.name} from the list`}
                onClick={() => setRemoving(workspace)}
              >
                Remove…
              </button>
            )}
          </li>
        ))}
      </ul>
      {workspaces.length === 0 && <p>No folder is watched yet.</p>}
      <p className={styles.foot}>
        <button type="button" className={controls.button} onClick={onAddFolder}>
          Add folder…
        </button>
      </p>
      {removing && (
        <ConfirmDialog
          title={`Remove ${removing.name} from the list?`}
          text={`Nothing in ${removing.path} is changed. You can add the folder again at any time.`}
          act="Remove from list"
          onClose={() => setRemoving(null)}
          onConfirm={() => client.request('workspaces:remove', { workspaceId: removing.id }).then(() => undefined)}
        />
      )}
    </>
  )
}
