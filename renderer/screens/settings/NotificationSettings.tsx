import { SwitchSetting } from '../../components/SettingControls'
import { SettingRow } from '../../components/SettingRow'
import { useDesktop } from '../../state/appInfo'
import type { SettingsDesk } from '../../state/useSettings'
import controls from '../../styles/controls.module.css'
import { settingsTexts } from '../../texts/en/settings'
import { QuietHoursSetting } from './QuietHoursSetting'

const hourMs = 3_600_000

/** Of what a person is told, when, and where. */
export function NotificationSettings({ desk }: { readonly desk: SettingsDesk }) {
  const desktop = useDesktop()
  return (
    <>
      <h3>{settingsTexts.tellMeWhen}</h3>
      <SwitchSetting name="notifyRuns" desk={desk} />
      <SwitchSetting name="watchOwnRuns" desk={desk} />
      <SwitchSetting name="notifyFailures" desk={desk} />
      <SwitchSetting name="notifyWritebacks" desk={desk} />
      <SwitchSetting name="notifyUnsaved" desk={desk} />
      <h3>{settingsTexts.whenAndWhere}</h3>
      <SwitchSetting name="notifyDesktop" desk={desk} unavailable={desktop.notifications} />
      <PauseSetting desk={desk} />
      <QuietHoursSetting desk={desk} />
      <SwitchSetting name="showTray" desk={desk} unavailable={desktop.tray} />
      <SwitchSetting name="showBadge" desk={desk} unavailable={desktop.badge} />
      <SwitchSetting name="keepRunning" desk={desk} unavailable={desktop.tray} />
    </>
  )
}

function PauseSetting({ desk }: { readonly desk: SettingsDesk }) {
  const until = desk.settings?.notifyPausedUntil ?? null
  const paused = until !== null && Date.parse(until) > Date.now()
  const pause = (hours: number): void =>
    desk.change({ notifyPausedUntil: new Date(Date.now() + hours * hourMs).toISOString() })
  return (
    <SettingRow name="notifyPausedUntil" desk={desk} group>
      {paused && (
        <span>{settingsTexts.until(new Date(until).toLocaleTimeString('en-GB', { timeStyle: 'short' }))}</span>
      )}
      <button type="button" className={controls.button} onClick={() => pause(1)}>
        {settingsTexts.forHour}
      </button>
      <button type="button" className={controls.button} onClick={() => pause(8)}>
        {settingsTexts.forHours}
      </button>
    </SettingRow>
  )
}
