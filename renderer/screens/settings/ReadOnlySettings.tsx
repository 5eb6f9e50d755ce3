import { SwitchSetting } from '../../components/SettingControls'
import { useReadOnly } from '../../state/appInfo'
import type { SettingsDesk } from '../../state/useSettings'
import controls from '../../styles/controls.module.css'

/** Read-only by the settings, and what else may have asked for it. */
export function ReadOnlySettings({ desk }: { readonly desk: SettingsDesk }) {
  const reason = useReadOnly()
  return (
    <>
      <SwitchSetting name="readOnly" desk={desk} />
      {reason !== null && (
        <p className={controls.secondary} role="status">
          {reason}
        </p>
      )}
    </>
  )
}
