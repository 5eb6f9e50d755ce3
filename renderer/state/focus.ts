import { isKey } from '../../shared/rules/pressedKeys'

/** Gives the focus to the screen: Tab goes to its first control next, and Enter presses nothing of where one came from. */
export function focusScreen(): void {
  const screen = document.querySelector('main')
  screen?.setAttribute('tabindex', '-1')
  screen?.focus({ preventScroll: true })
}

/** Gives the focus to the list of the screen, which shows it on the row under its cursor. */
export function focusList(): void {
  document.querySelector<HTMLElement>('main [role="listbox"]')?.focus({ preventScroll: true })
}

/** Gives the focus to what scrolls in the view of the open run: its steps, or a text. */
export function focusView(): void {
  const view = 'main [role="tabpanel"]'
  document.querySelector<HTMLElement>(`${view} [role="listbox"], ${view} section[tabindex="0"]`)?.focus()
}

/** Does no control hold the focus? */
export function isFocusFree(): boolean {
  const held = document.activeElement
  return held === null || held === document.body || held.tagName === 'MAIN'
}

/** Enter and Esc lead from the field of a search to the list that it searched. Says whether the key was that. */
export function leavesSearch(event: KeyboardEvent, field: HTMLInputElement | null): boolean {
  if (field === null || event.target !== field || !(isKey(event, 'open') || isKey(event, 'close'))) return false
  field.blur()
  focusList()
  return true
}
