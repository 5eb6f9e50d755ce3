import { type KeyId, keysOf } from '../../shared/keys'
import { keyNow, keyWords } from '../../shared/rules/pressedKeys'
import { type ChosenKeys, keyName, meaningOf } from '../../shared/rules/shortcutKeys'
import { isTyping } from './keys'

let chosen: ChosenKeys = {}
/** Keys that were made here, and those behind them, are what they are. */
const made = new WeakSet<Event>()

/** Which keys a person changed; they count at once. */
export function chooseKeys(next: ChosenKeys): void {
  chosen = next
}

/** How a key is written that does now what this one does at first. */
export function shownKey(key: string): string {
  return keyWords(keyNow(key, chosen))
}

/** How the first key of something is written as it is now. */
export function shownKeyOf(id: KeyId): string {
  return shownKey(keysOf(id)[0] ?? '')
}

/**
 * Lets changed keys stand for those that the handlers know. Must run before any of them listens. The key after `g` names
 * a screen and is left alone. Gives what stops it.
 */
export function translateKeys(): () => void {
  const [leader] = keysOf('go')
  let second = false
  const onKey = (event: KeyboardEvent): void => {
    if (made.has(event) || document.documentElement.dataset.keys === 'asked') return
    const name = keyName(event)
    if (name === null || (isTyping(event) && !name.startsWith('Ctrl+'))) return
    if (second) {
      second = false
      return
    }
    const meaning = meaningOf(name, chosen)
    second = meaning.kind === 'itself' ? name === leader : meaning.kind === 'other' && meaning.key === leader
    if (meaning.kind === 'itself') return
    event.stopImmediatePropagation()
    event.preventDefault()
    if (meaning.kind === 'nothing') return
    const key = meaning.key.replace('Ctrl+', '')
    const ctrlKey = key !== meaning.key
    const stand = new KeyboardEvent('keydown', { key, ctrlKey, bubbles: true, cancelable: true })
    made.add(stand)
    event.target?.dispatchEvent(stand)
  }
  window.addEventListener('keydown', onKey, true)
  return () => window.removeEventListener('keydown', onKey, true)
}
