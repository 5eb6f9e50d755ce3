import { useEffect, useState } from 'react'
import { knownShortcuts, type Shortcut } from '../../../shared/keys'
import { fixedKeys, isKey } from '../../../shared/rules/pressedKeys'
import { keyName, keyOf, refusalOfKey } from '../../../shared/rules/shortcutKeys'
import { shownKey } from '../../state/shortcutKeys'
import type { SettingsDesk } from '../../state/useSettings'
import controls from '../../styles/controls.module.css'
import { settingsTexts } from '../../texts/en/settings'
import { settingWords } from '../../texts/settingWords'
import styles from './SettingsScreen.module.css'

/** Every key with what it does; most can be changed. */
export function ShortcutSettings({ desk }: { readonly desk: SettingsDesk }) {
  const [asking, setAsking] = useState<string | null>(null)
  const [refusal, setRefusal] = useState<string | null>(null)
  const chosen = desk.settings?.shortcuts ?? {}
  const give = (shortcut: Shortcut, key: string): void => {
    const { [shortcut.id]: _old, ...rest } = chosen
    desk.change({ shortcuts: key === shortcut.key ? rest : { ...rest, [shortcut.id]: key } })
  }
  const resetOne = (shortcut: Shortcut): void => {
    const why = refusalOfKey(shortcut.id, shortcut.key, chosen)
    setRefusal(why)
    if (why === null) give(shortcut, shortcut.key)
  }
  usePressedKey(asking !== null, (key) => {
    const shortcut = knownShortcuts.find(({ id }) => id === asking)
    setAsking(null)
    if (!shortcut || key === null) return setRefusal(null)
    const why = refusalOfKey(shortcut.id, key, chosen)
    setRefusal(why)
    if (why === null) give(shortcut, key)
  })
  return (
    <>
      <p className={controls.secondary}>{settingsTexts.ctrlMeansOnAMac(settingWords.shortcuts[1])}</p>
      {refusal !== null && (
        <p className={controls.refusal} role="alert">
          {refusal}
        </p>
      )}
      <ul className={styles.list} aria-label={settingsTexts.keys}>
        {knownShortcuts.map((shortcut) => {
          const key = keyOf(shortcut, chosen)
          return (
            <li key={shortcut.id} className={styles.item}>
              <span>{shortcut.what}</span>
              {asking === shortcut.id ? (
                <span role="status">{settingsTexts.pressTheNewKey}</span>
              ) : (
                <kbd className={`mono ${styles.key}`}>{key.replace('+', ' ')}</kbd>
              )}
              <button
                type="button"
                className={controls.button}
                aria-label={settingsTexts.changeTheKey(shortcut.what)}
                onClick={() => {
                  setRefusal(null)
                  setAsking(shortcut.id)
                }}
              >
                {settingsTexts.change}
              </button>
              <button
                type="button"
                className={controls.plain}
                aria-label={settingsTexts.resetTheKey(shortcut.what)}
                style={{ visibility: key === shortcut.key ? 'hidden' : 'visible' }}
                onClick={() => resetOne(shortcut)}
              >
                {settingsTexts.resetWord}
              </button>
            </li>
          )
        })}
      </ul>
      <p className={styles.foot}>
        <button
          type="button"
          className={controls.button}
          disabled={Object.keys(chosen).length === 0}
          onClick={() => desk.reset(['shortcuts'])}
        >
          {settingsTexts.resetAllKeys}
        </button>
      </p>
      <h3>{settingsTexts.theseStayAsThey}</h3>
      <ul className={styles.list} aria-label={settingsTexts.fixedKeys}>
        {fixedKeys.map(({ id, keys, what, place }) => (
          <li key={id} className={styles.item}>
            <span>
              {what} <span className={controls.secondary}>{place}</span>
            </span>
            <kbd className={`mono ${styles.key}`}>{keys.map(shownKey).join(', ')}</kbd>
          </li>
        ))}
      </ul>
    </>
  )
}

/** Hears the next key, whatever it does elsewhere; null for Esc. Tab and keys without a name are left alone. */
function usePressedKey(active: boolean, onPressed: (key: string | null) => void): void {
  useEffect(() => {
    if (!active) return
    const onKey = (event: KeyboardEvent): void => {
      const key = keyName(event)
      if (key === null && !isKey(event, 'close')) return
      event.preventDefault()
      event.stopImmediatePropagation()
      onPressed(key)
    }
    document.documentElement.dataset.keys = 'asked'
    window.addEventListener('keydown', onKey, true)
    return () => {
      delete document.documentElement.dataset.keys
      window.removeEventListener('keydown', onKey, true)
    }
  })
}
