import { ChoiceSetting } from '../../components/SettingControls'
import { toHash } from '../../state/route'
import type { SettingsDesk } from '../../state/useSettings'
import controls from '../../styles/controls.module.css'
import { diagnosticsTexts } from '../../texts/en/diagnostics'
import { settingsTexts } from '../../texts/en/settings'

import styles from './SettingsScreen.module.css'

/** What Rundesk notes of itself. */
export function DiagnosticSettings({ desk }: { readonly desk: SettingsDesk }) {
  return (
    <>
      <ChoiceSetting
        name="logLevel"
        desk={desk}
        choices={[
          ['error', settingsTexts.errorsOnly],
          ['warn', settingsTexts.warnings],
          ['info', settingsTexts.usual],
          ['debug', settingsTexts.everything],
        ]}
      />
      <section className={styles.item} aria-label={diagnosticsTexts.diagnostics}>
        <div>{diagnosticsTexts.whatHappened}</div>
        <a className={controls.button} href={toHash({ screen: 'diagnostics', workspaceId: null })}>
          {diagnosticsTexts.open}
        </a>
      </section>
    </>
  )
}
