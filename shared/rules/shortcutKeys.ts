import { knownShortcuts, type Shortcut } from '../keys'

/** Keys that a person changed, by the name of what they do. */
export type ChosenKeys = Readonly<Record<string, string>>

interface Pressed {
  readonly key: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
}

/** What becomes of a key that was pressed: it is what it is, it stands for another, or it does nothing any more. */
export type Meaning =
  | { readonly kind: 'itself' }
  | { readonly kind: 'other'; readonly key: string }
  | { readonly kind: 'nothing' }

/** Keys that belong to the system, to text fields or to lists, and are never given away. */
const taken: ReadonlySet<string> = new Set([
  'Ctrl+c',
  'Ctrl+v',
  'Ctrl+x',
  'Ctrl+a',
  'Ctrl+z',
  'Ctrl+f',
  'Ctrl+r',
  'Ctrl+q',
  'Ctrl+w',
])

/** A key as settings name it: `k`, `K`, `?`, `Ctrl+k` (Ctrl or ⌘). Null for one that cannot be a shortcut. */
export function keyName({ key, ctrlKey, metaKey, altKey }: Pressed): string | null {
  if (altKey || key.length !== 1 || key === ' ') return null
  return ctrlKey || metaKey ? `Ctrl+${key.toLowerCase()}` : key
}

/** The key that does it now. */
export function keyOf(shortcut: Shortcut, chosen: ChosenKeys): string {
  return chosen[shortcut.id] ?? shortcut.key
}

/** What a pressed key means with the chosen keys: handlers know the keys that Rundesk comes with. */
export function meaningOf(pressed: string, chosen: ChosenKeys): Meaning {
  const meant = knownShortcuts.find((shortcut) => keyOf(shortcut, chosen) === pressed)
  if (meant) return meant.key === pressed ? { kind: 'itself' } : { kind: 'other', key: meant.key }
  return knownShortcuts.some(({ key }) => key === pressed) ? { kind: 'nothing' } : { kind: 'itself' }
}

/** Why a key cannot do this: another one has it, or it is none of Rundesk's to give. Null when it can. */
export function refusalOfKey(id: string, key: string, chosen: ChosenKeys): string | null {
  if (/^[0-9]$/.test(key)) return `${key} chooses a filter of the list, so it cannot be changed.`
  if (taken.has(key)) return `${key} belongs to the system or to text, so it stays as it is.`
  const holder = knownShortcuts.find((shortcut) => shortcut.id !== id && keyOf(shortcut, chosen) === key)
  return holder ? `${key} is taken: ${holder.what}. Give that another key first.` : null
}
