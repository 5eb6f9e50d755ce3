import { ChoiceSetting } from '../../components/SettingControls'
import type { SettingsDesk } from '../../state/useSettings'
import { settingsTexts } from '../../texts/en/settings'

/** What Rundesk notes of itself. */
export function DiagnosticSettings({ desk }: { readonly desk: SettingsDesk }) {
  return (
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
  )
}
