import { useEffect, useState } from 'react'
import { issueWords } from '../../shared/issueWords'
import { isKey } from '../../shared/rules/pressedKeys'
import { chosenSettings, type Settings } from '../../shared/settings'
import type { SettingsDesk } from '../state/useSettings'
import controls from '../styles/controls.module.css'
import { idsOf, SettingRow } from './SettingRow'
import styles from './SettingRow.module.css'

type NamesOf<V> = { [K in keyof Settings]: Settings[K] extends V ? K : never }[keyof Settings]
type SwitchName = Exclude<NamesOf<boolean>, 'version' | 'nodePath'>
type NumberName = 'staleAfterHours' | 'graceSeconds' | 'maxParallelSteps' | 'trashDays' | 'zoomPercent'
type ChoiceName = 'theme' | 'contrast' | 'density' | 'durability' | 'updates' | 'logLevel'

/** A setting that is on or off. */
export function SwitchSetting({
  name,
  desk,
  unavailable = null,
}: {
  readonly name: SwitchName
  readonly desk: SettingsDesk
  /** Why it does nothing here; null when it works. */
  readonly unavailable?: string | null
}) {
  const ids = idsOf(name)
  return (
    <SettingRow name={name} desk={desk} refusal={null}>
      {unavailable !== null && <span className={controls.secondary}>{unavailable}</span>}
      <input
        id={ids.control}
        type="checkbox"
        className={styles.switch}
        aria-describedby={ids.explanation}
        disabled={unavailable !== null}
        checked={desk.settings?.[name] ?? false}
        onChange={(event) => desk.change({ [name]: event.target.checked })}
      />
    </SettingRow>
  )
}

/** A setting that is one of a few words. */
export function ChoiceSetting<Name extends ChoiceName>({
  name,
  desk,
  choices,
}: {
  readonly name: Name
  readonly desk: SettingsDesk
  readonly choices: readonly (readonly [Settings[Name], string])[]
}) {
  const ids = idsOf(name)
  return (
    <SettingRow name={name} desk={desk}>
      <select
        id={ids.control}
        className={controls.field}
        aria-describedby={ids.explanation}
        value={desk.settings?.[name]}
        onChange={(event) => {
          const chosen = choices.find(([value]) => value === event.target.value)
          if (chosen) desk.change({ [name]: chosen[0] })
        }}
      >
        {choices.map(([value, word]) => (
          <option key={value} value={value}>
            {word}
          </option>
        ))}
      </select>
    </SettingRow>
  )
}

/** A setting that is a number within bounds: it counts when the field is left, or with Enter. */
export function NumberSetting({
  name,
  desk,
  step = 1,
  placeholder,
  unavailable = null,
}: {
  readonly name: NumberName
  readonly desk: SettingsDesk
  readonly step?: number
  /** Shown while it is empty; without one it cannot be. */
  readonly placeholder?: string
  readonly unavailable?: string | null
}) {
  const ids = idsOf(name)
  const stored = desk.settings?.[name] ?? null
  const [typed, setTyped] = useState(String(stored ?? ''))
  const [refusal, setRefusal] = useState<string | null>(null)
  useEffect(() => {
    setTyped(String(stored ?? ''))
    setRefusal(null)
  }, [stored])
  const settle = (text: string): void => {
    const value = text.trim() === '' ? null : Number(text)
    const parsed = chosenSettings.shape[name].safeParse(value)
    const [issue] = parsed.error?.issues ?? []
    setRefusal(issue ? `It ${issueWords(issue)}.` : null)
    if (parsed.success && parsed.data !== stored) desk.change({ [name]: parsed.data })
  }
  return (
    <SettingRow name={name} desk={desk} refusal={refusal}>
      {unavailable !== null && <span className={controls.secondary}>{unavailable}</span>}
      <input
        id={ids.control}
        type="number"
        className={`${controls.field} ${styles.number}`}
        aria-describedby={`${ids.explanation} ${refusal === null ? '' : ids.refusal}`}
        aria-invalid={refusal !== null}
        step={step}
        placeholder={placeholder}
        disabled={unavailable !== null}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={() => settle(typed)}
        onKeyDown={(event) => {
          if (isKey(event, 'settle')) settle(typed)
          if (isKey(event, 'undo')) {
            setTyped(String(stored ?? ''))
            setRefusal(null)
          }
        }}
      />
    </SettingRow>
  )
}
