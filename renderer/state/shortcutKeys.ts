import { keyNow, keyWords } from '../../shared/keys'
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

/**
 * Lets changed keys stand for those that the handlers know. Must run before any of them listens. The key after `g` names
 * a screen and is left alone. Gives what stops it.
 */
export function translateKeys(): () => void {
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
    second = meaning.kind === 'itself' ? name === 'g' : meaning.kind === 'other' && meaning.key === 'g'
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
