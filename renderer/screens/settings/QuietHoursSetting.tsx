import type { Settings } from '../../../shared/settings'
import { SettingRow } from '../../components/SettingRow'
import type { SettingsDesk } from '../../state/useSettings'
import controls from '../../styles/controls.module.css'
import { settingsTexts } from '../../texts/en/settings'
import styles from './SettingsScreen.module.css'

/** Monday first. */
const weekdays: readonly (readonly [number, string])[] = [
  [1, settingsTexts.mon],
  [2, settingsTexts.tue],
  [3, settingsTexts.wed],
  [4, settingsTexts.thu],
  [5, settingsTexts.fri],
  [6, settingsTexts.sat],
  [0, settingsTexts.sun],
]

/** From when to when, and on which days; over midnight they belong to the day on which they begin. */
export function QuietHoursSetting({ desk }: { readonly desk: SettingsDesk }) {
  const quiet = desk.settings?.quietHours
  if (!quiet) return null
  const change = (next: Partial<Settings['quietHours']>): void => desk.change({ quietHours: { ...quiet, ...next } })
  const time = (name: 'from' | 'to', label: string) => (
    <input
      type="time"
      className={controls.field}
      aria-label={label}
      value={quiet[name]}
      onChange={(event) => {
        if (event.target.value !== '') change({ [name]: event.target.value })
      }}
    />
  )
  return (
    <SettingRow name="quietHours" desk={desk} group wide>
      <label>
        <input type="checkbox" checked={quiet.on} onChange={(event) => change({ on: event.target.checked })} />{' '}
        {settingsTexts.on}
      </label>
      {time('from', settingsTexts.quietFrom)} {settingsTexts.to} {time('to', settingsTexts.quietTo)}
      <fieldset className={styles.days} aria-label={settingsTexts.beginOn}>
        {weekdays.map(([day, word]) => (
          <button
            key={day}
            type="button"
            className={controls.chip}
            aria-pressed={quiet.days.includes(day)}
            onClick={() =>
              change({
                days: quiet.days.includes(day) ? quiet.days.filter((one) => one !== day) : [...quiet.days, day],
              })
            }
          >
            {word}
          </button>
        ))}
      </fieldset>
    </SettingRow>
  )
}
