import { useState } from 'react'
import type { Settings } from '../../shared/settings'
import { useClient } from '../state/client'
import { useMirror } from '../state/useMirror'
import controls from '../styles/controls.module.css'
import { Dialog } from './Dialog'

const themes = ['system', 'light', 'dark'] as const

/** Which Node runs the published runner: agent workflows need it. */
function NodeSetting({
  nodePath,
  onChanged,
  onRefused,
}: {
  readonly nodePath: string | null
  readonly onChanged: () => void
  readonly onRefused: (message: string) => void
}) {
  const client = useClient()
  const choose = (forget: boolean): void => {
    client.request('settings:chooseNode', { forget }).then(onChanged, (error: Error) => onRefused(error.message))
  }
  return (
    <div>
      Agent workflows run with {nodePath === null ? 'the Node on PATH' : <span className="mono">{nodePath}</span>}{' '}
      <button type="button" className={controls.button} onClick={() => choose(false)}>
        Choose Node…
      </button>{' '}
      {nodePath !== null && (
        <button type="button" className={controls.button} onClick={() => choose(true)}>
          Use the one on PATH
        </button>
      )}
    </div>
  )
}

/** Theme, stale limit, and more; a change counts at once. */
export function SettingsDialog({ onClose }: { readonly onClose: () => void }) {
  const client = useClient()
  const { value, refresh } = useMirror('settings', (asking) => asking.request('settings:get', {}), [])
  const [refusal, setRefusal] = useState<string | null>(null)
  const change = (next: Partial<Omit<Settings, 'version' | 'nodePath'>>): void => {
    client.request('settings:set', next).then(
      ({ settings }) => {
        if (next.theme)
          document.documentElement.dataset.theme =
            settings.theme === 'system'
              ? matchMedia('(prefers-color-scheme: dark)').matches
                ? 'dark'
                : 'light'
              : settings.theme
        setRefusal(null)
        void refresh()
      },
      (error: Error) => setRefusal(error.message),
    )
  }
  return (
    <Dialog title="Settings" onClose={onClose}>
      {value && (
        <div style={{ display: 'grid', gap: 12 }}>
          <label>
            Theme{' '}
            <select
              className={controls.field}
              value={value.settings.theme}
              onChange={(event) => change({ theme: themes.find((theme) => theme === event.target.value) ?? 'system' })}
            >
              <option value="system">As the system</option>
              <option value="light">Light</option>
              <option value="dark">Dark</option>
            </select>
          </label>
          <label>
            A silent run counts as orphaned after{' '}
            <input
              className={controls.field}
              type="number"
              min={1}
              max={8760}
              defaultValue={value.settings.staleAfterHours}
              onBlur={(event) => change({ staleAfterHours: Number(event.target.value) })}
              style={{ width: 80 }}
            />{' '}
            hours
          </label>
          <label>
            <input
              type="checkbox"
              checked={value.settings.homeFallback}
              onChange={(event) => change({ homeFallback: event.target.checked })}
            />{' '}
            Keep rows that a workspace cannot save in my home folder until it can
          </label>
          <label>
            At most{' '}
            <input
              className={controls.field}
              type="number"
              min={1}
              max={10_000}
              step={1}
              placeholder="auto"
              defaultValue={value.settings.maxParallelSteps ?? ''}
              onBlur={(event) =>
                change({ maxParallelSteps: event.target.value === '' ? null : Number(event.target.value) })
              }
              style={{ width: 80 }}
            />{' '}
            steps of all runs at once on this machine{' '}
            <span className={controls.secondary}>(empty: four times its processors)</span>
          </label>
          <label>
            Dismissed writebacks and copies of changed files are kept for{' '}
            <input
              className={controls.field}
              type="number"
              min={1}
              max={3650}
              defaultValue={value.settings.trashDays}
              onBlur={(event) => change({ trashDays: Number(event.target.value) })}
              style={{ width: 80 }}
            />{' '}
            days
          </label>
          <label>
            <input
              type="checkbox"
              checked={value.settings.notifyWritebacks}
              onChange={(event) => change({ notifyWritebacks: event.target.checked })}
            />{' '}
            Tell me when writebacks begin to need me
          </label>
          <NodeSetting nodePath={value.settings.nodePath} onChanged={() => void refresh()} onRefused={setRefusal} />
        </div>
      )}
      {refusal !== null && <p role="alert">{refusal}</p>}
      <div className={controls.actions}>
        <button type="button" className={controls.button} onClick={onClose}>
          Close
        </button>
      </div>
    </Dialog>
  )
}
