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
export function isSubmitKey({ key, ctrlKey, metaKey }: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey'>): boolean {
  return key === 'Enter' && (ctrlKey || metaKey)
}
