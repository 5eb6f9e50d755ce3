import { type KeyId, type KeyPlace, keyGroups, keysOf, knownShortcuts } from '../keys'
import { type ChosenKeys, keyOf } from './shortcutKeys'

interface KeyboardLike {
  readonly key: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
  readonly shiftKey?: boolean
}

const shownNames: Readonly<Record<string, string>> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  PageUp: 'Page ↑',
  PageDown: 'Page ↓',
  Escape: 'Esc',
}

/** The key that does now what this one does at first: a person may have changed it. */
export function keyNow(key: string, chosen: ChosenKeys): string {
  const [first = '', ...rest] = key.split(' ')
  const shortcut = knownShortcuts.find((known) => known.key === first)
  return [shortcut ? keyOf(shortcut, chosen) : first, ...rest].join(' ')
}

/** How a key is written: "Ctrl K", "g o", "Shift R". */
export function keyWords(key: string): string {
  const parts = (key === '+' ? [key] : key.split('+')).map((part) => shownNames[part] ?? part)
  const last = parts.at(-1) ?? ''
  const isShifted = parts.length === 1 && /^[A-Z]$/.test(last)
  const shown = parts.length > 1 && last.length === 1 ? last.toUpperCase() : last
  return [...(isShifted ? ['Shift'] : []), ...parts.slice(0, -1), shown].join(' ')
}

/** What an event's key does at these places, the first place first; null for nothing. */
export function keyIdOf(event: KeyboardLike, places: readonly KeyPlace[]): KeyId | null {
  const groups = places.flatMap((place) => keyGroups.filter(({ title }) => title === place))
  const ids = groups.flatMap(({ lines }): readonly KeyId[] => lines.map(({ id }) => id))
  return ids.find((id) => isKey(event, id)) ?? null
}

/**
 * Does the key of an event do this: the same key with the same of Ctrl (or ⌘) and Alt? Shift counts where a line names it;
 * lines with it stand before those without.
 */
export function isKey({ key, ctrlKey, metaKey, altKey, shiftKey = false }: KeyboardLike, id: KeyId): boolean {
  return keysOf(id).some((known) => {
    const parts = known === '+' ? ['+'] : known.split('+')
    const named = parts.at(-1) === 'Space' ? ' ' : (parts.at(-1) ?? '')
    const command = parts.includes('Ctrl')
    const same = command ? key.toLowerCase() === named.toLowerCase() : key === named
    return (
      same &&
      (ctrlKey || metaKey) === command &&
      altKey === parts.includes('Alt') &&
      (shiftKey || !parts.includes('Shift'))
    )
  })
}

/** One step forward, one back, or 0: by the keys of two lines. */
export function keyStep(event: KeyboardLike, { back, on }: { readonly back: KeyId; readonly on: KeyId }): -1 | 0 | 1 {
  if (isKey(event, on)) return 1
  return isKey(event, back) ? -1 : 0
}

/** Keys that cannot be changed, with what they do, and where. */
export const fixedKeys = keyGroups.flatMap(({ title, lines }) =>
  [...lines].filter(({ changes }) => !changes).map((line) => ({ ...line, place: title })),
)
