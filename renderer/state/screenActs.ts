import { paletteTexts } from '../texts/en/palette'
import type { PaletteEntry } from './paletteEntries'
import { shownKey } from './shortcutKeys'

const mostActs = 60
/** Parts of lists and tables, and heads of columns, are objects, not acts of the screen. */
const objects = '[role="listbox"], [role="tree"], [role="grid"], [role="row"], [role="toolbar"], td, [role="separator"]'

/**
 * What a person can press on the screen behind the palette, in the words of its buttons and menus, with why not where it
 * cannot be pressed. So nothing that a screen offers is missing here, and nothing is offered twice as something else.
 */
export function screenActs(screen: ParentNode): readonly PaletteEntry[] {
  const acts = new Map<string, PaletteEntry>()
  for (const button of screen.querySelectorAll<HTMLElement>('button, [role="menuitem"], [role="tab"]')) {
    if (acts.size >= mostActs) break
    if (button.closest(objects) !== null) continue
    const isInMenu = button.getAttribute('role') === 'menuitem'
    const label = nameOf(button, isInMenu)
    if (!/\p{L}/u.test(label) || acts.has(label) || !(isInMenu || button.checkVisibility())) continue
    const keys = keysOf(button)
    acts.set(label, {
      id: `act ${label}`,
      group: paletteTexts.onThisScreen,
      label: button.getAttribute('role') === 'tab' ? paletteTexts.show(label) : label,
      ...(keys === '' ? {} : { keys }),
      refusal: refusalOf(button),
      run: () => button.click(),
    })
  }
  return [...acts.values()]
}

function nameOf(button: HTMLElement, isInMenu: boolean): string {
  const text = isInMenu ? (button.firstChild?.textContent ?? '') : button.textContent
  return (button.getAttribute('aria-label') ?? text).replace(/\s+/g, ' ').trim().slice(0, 120)
}

function refusalOf(button: HTMLElement): string | null {
  const refused = button.matches(':disabled') || button.getAttribute('aria-disabled') === 'true'
  if (!refused) return null
  const beside = button.getAttribute('role') === 'menuitem' ? button.querySelector('span')?.textContent : null
  return button.getAttribute('aria-description') || beside || button.title || paletteTexts.itCannotBeDone
}

function keysOf(button: HTMLElement): string {
  const keys = button.getAttribute('aria-keyshortcuts')
  return keys ? shownKey(keys) : (/^Key: (.+)$/.exec(button.title)?.[1] ?? '')
}
