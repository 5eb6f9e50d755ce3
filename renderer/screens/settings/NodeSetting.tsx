import { useContext } from 'react'
import { AppInfoContext } from '../../state/appInfo'
import type { SettingsDesk } from '../../state/useSettings'
import controls from '../../styles/controls.module.css'
import styles from './SettingsScreen.module.css'

/** Which Node runs the published runner: agent workflows need it. */
export function NodeSetting({ desk }: { readonly desk: SettingsDesk }) {
  const nodePath = desk.settings?.nodePath ?? null
  const canChoose = useContext(AppInfoContext)?.host === 'electron'
  return (
    <section className={styles.item} aria-label="Node for agent workflows">
      <div>
        <strong>Node for agent workflows</strong>
        <div className={controls.secondary}>
          {nodePath === null ? 'The one on PATH, 20 or newer.' : <span className="mono">{nodePath}</span>}
        </div>
      </div>
      {canChoose && (
        <button type="button" className={controls.button} onClick={() => desk.chooseNode(false)}>
          Choose Node…
        </button>
      )}
      {nodePath !== null && (
        <button type="button" className={controls.button} onClick={() => desk.chooseNode(true)}>
          Use the one on PATH
        </button>
      )}
    </section>
  )
}
