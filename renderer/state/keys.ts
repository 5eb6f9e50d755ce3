import { isKey, keyIdOf } from '../../shared/rules/pressedKeys'

/** Does the key belong to a text field or an open dialog? */
export function isTyping({ target }: Pick<KeyboardEvent, 'target'>): boolean {
  if (!(target instanceof HTMLElement)) return false
  return target.closest('input:not([type="checkbox"]), textarea, select, dialog') !== null
}

/** May the key be a command of the window: nobody is typing, and it is no part of a chord? Shift makes another key. */
export function isPlainKey(event: KeyboardEvent): boolean {
  return !isTyping(event) && !event.ctrlKey && !event.metaKey && !event.altKey
}

/** Is it the key that sends off a form from anywhere in it: Enter with Ctrl, or with ⌘? */
export function isSubmitKey(event: Parameters<typeof isKey>[0]): boolean {
  return isKey(event, 'send')
}

/** Does what has the focus use the key itself, because it scrolls or can be pressed: arrows, Home, End, Space, Enter? */
export function movesWithin(event: KeyboardEvent): boolean {
  const letter = event.key.length === 1 && !isKey(event, 'preview')
  const id = letter ? null : keyIdOf(event, ['Lists'])
  return id !== null && id !== 'close'
}
