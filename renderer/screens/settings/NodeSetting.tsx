import { useContext } from 'react'
import { AppInfoContext } from '../../state/appInfo'
import type { SettingsDesk } from '../../state/useSettings'
import controls from '../../styles/controls.module.css'
import { settingsTexts } from '../../texts/en/settings'
import styles from './SettingsScreen.module.css'

/** Which Node runs the published runner: agent workflows need it. */
export function NodeSetting({ desk }: { readonly desk: SettingsDesk }) {
  const nodePath = desk.settings?.nodePath ?? null
  const canChoose = useContext(AppInfoContext)?.host === 'electron'
  return (
    <section className={styles.item} aria-label={settingsTexts.nodeForAgentWorkflows}>
      <div>
        <strong>{settingsTexts.nodeForAgentWorkflows}</strong>
        <div className={controls.secondary}>
          {nodePath === null ? settingsTexts.theOneOnPath : <span className="mono">{nodePath}</span>}
        </div>
      </div>
      {canChoose && (
        <button type="button" className={controls.button} onClick={() => desk.chooseNode(false)}>
          {settingsTexts.chooseNode}
        </button>
      )}
      {nodePath !== null && (
        <button type="button" className={controls.button} onClick={() => desk.chooseNode(true)}>
          {settingsTexts.useTheOneOnPath}
        </button>
      )}
    </section>
  )
}
