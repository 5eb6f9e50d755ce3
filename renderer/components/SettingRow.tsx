import type { ReactNode } from 'react'
import { defaultSettings, type SettingName } from '../../shared/settings'
import type { SettingsDesk } from '../state/useSettings'
import controls from '../styles/controls.module.css'
import { settingsTexts } from '../texts/en/settings'
import { settingWords } from '../texts/settingWords'
import styles from './SettingRow.module.css'

/** A setting with what it does in one line, its control, and the way back to its default. */
export function SettingRow({
  name,
  desk,
  group = false,
  wide = false,
  refusal = null,
  children,
}: {
  readonly name: SettingName
  readonly desk: SettingsDesk
  /** It has more than one control. */
  readonly group?: boolean
  /** Its controls stand below. */
  readonly wide?: boolean
  /** Why what was entered does not count. */
  readonly refusal?: string | null
  readonly children: ReactNode
}) {
  const [title, explanation] = settingWords[name]
  const ids = idsOf(name)
  const isDefault = JSON.stringify(desk.settings?.[name]) === JSON.stringify(defaultSettings[name])
  return (
    <div
      className={`${styles.row} ${wide ? styles.wide : ''}`}
      {...(group ? { role: 'group', 'aria-labelledby': ids.title } : {})}
    >
      <div>
        {group ? (
          <span id={ids.title} className={styles.title}>
            {title}
          </span>
        ) : (
          <label htmlFor={ids.control} className={styles.title}>
            {title}
          </label>
        )}
        <span id={ids.explanation} className={controls.secondary}>
          {explanation}
        </span>
      </div>
      <div className={styles.control}>{children}</div>
      <div className={styles.reset}>
        {!isDefault && (
          <button
            type="button"
            className={controls.plain}
            aria-label={settingsTexts.reset(title)}
            onClick={() => {
              document.getElementById(ids.control)?.focus()
              desk.reset([name])
            }}
          >
            {settingsTexts.resetWord}
          </button>
        )}
      </div>
      {refusal !== null && (
        <p id={ids.refusal} className={styles.refusal} role="alert">
          {refusal}
        </p>
      )}
    </div>
  )
}

/** How the parts of a setting find each other. */
export function idsOf(name: SettingName) {
  return {
    title: `setting-${name}-title`,
    control: `setting-${name}`,
    explanation: `setting-${name}-explanation`,
    refusal: `setting-${name}-refusal`,
  }
}
