import { type ChosenKeys, keyOf } from './rules/shortcutKeys'
import { knownShortcuts } from './shortcuts'

/** Keys that do one thing. `Ctrl+` stands for ⌘ as well. */
export interface KeyLine {
  readonly id: string
  /** As `KeyboardEvent.key` names them, with `Ctrl+`, `Alt+` or `Ctrl+Shift+` before; two after `g` are one after another. */
  readonly keys: readonly string[]
  readonly what: string
}

export interface KeyGroup {
  readonly title: string
  readonly lines: readonly KeyLine[]
}

const line = (id: string, keys: string, what: string): KeyLine => ({ id, keys: keys.split('  '), what })

/** Every key there is, by where it works: the sheet, the palette and the handlers go by it. */
export const keyGroups: readonly KeyGroup[] = [
  {
    title: 'Everywhere',
    lines: [
      line('palette', 'Ctrl+k', 'Go to anything, or do anything'),
      line('sheet', '?', 'This sheet'),
      line('settings', 'Ctrl+,', 'Settings'),
      line('go-overview', 'g o', 'Overview'),
      line('go-runs', 'g r', 'Runs'),
      line('go-trajectories', 'g t', 'Trajectories'),
      line('go-writebacks', 'g w', 'Writebacks'),
      line('go-problems', 'g p', 'Problems'),
      line('start', 'n', 'Start a workflow'),
      line('back', 'Alt+ArrowLeft', 'Back'),
      line('forward', 'Alt+ArrowRight', 'Forward'),
      line('new-window', 'Ctrl+Shift+N', 'New window, in the app'),
      line('open-folder', 'Ctrl+O', 'Open a folder, in the app'),
      line('open-file', 'Ctrl+Shift+O', 'Open a file of runs, in the app'),
    ],
  },
  {
    title: 'Lists',
    lines: [
      line('search', '/', 'Search'),
      line('filter', '1  …  9', 'Filters of the list'),
      line('next', 'j  ArrowDown', 'Next row'),
      line('previous', 'k  ArrowUp', 'Previous row'),
      line('first', 'Home', 'First row'),
      line('last', 'End', 'Last row'),
      line('open', 'Enter', 'Open'),
      line('preview', 'Space', 'Preview, and close it again'),
      line('close', 'Escape', 'Back: close what is open, or give up the selection'),
      line('older', ']', 'Next run, trajectory or writeback'),
      line('newer', '[', 'Previous one'),
      line('select', 'x', 'Select the row'),
      line('select-more', 'J  K', 'Select the row below or above as well'),
      line('select-all', 'a', 'Select all that match'),
    ],
  },
  {
    title: 'Runs',
    lines: [
      line('resume', 'r', 'Resume the run'),
      line('add-filter', 'F', 'Add a filter to the list'),
      line('rerun', 'R', 'Run again from the chosen step, after a preview'),
      line('cancel', 'c', 'Cancel the run'),
      line('watch', 'w', 'Watch the run, to hear when it ends'),
      line('zoom', '+  -', 'In the timeline: nearer and farther'),
      line('zoom-all', '0', 'In the timeline: all of it'),
      line(
        'zoom-move',
        'Shift+ArrowLeft  Shift+ArrowRight',
        'In the timeline: earlier and later; on a column: its width',
      ),
      line(
        'walk',
        'ArrowUp  ArrowDown  ArrowLeft  ArrowRight',
        'In the graph, the steps and the bars: from one to the next',
      ),
    ],
  },
  {
    title: 'Logs',
    lines: [
      line('log-search', '/  Ctrl+f', 'Search the log'),
      line('log-hits', 'Enter  Shift+Enter', 'Next and previous hit'),
      line('log-error', 'e', 'The first error'),
      line('log-follow', 'f', 'Follow its end'),
      line('log-copy', 'Ctrl+c', 'Copy the chosen lines'),
    ],
  },
  {
    title: 'Writebacks',
    lines: [
      line('retry', 'r', 'Retry the writebacks'),
      line('dismiss', 'd', 'Dismiss the writebacks'),
      line('edit', 'e', 'Edit the writeback and retry it, or choose a version of it'),
    ],
  },
  { title: 'Forms', lines: [line('send', 'Ctrl+Enter', 'Start what was filled in')] },
]

const allLines = keyGroups.flatMap(({ lines }) => lines)
const shownNames: Readonly<Record<string, string>> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Escape: 'Esc',
}

/** The keys of something by its id. */
export function keysOf(id: string): readonly string[] {
  return allLines.find((known) => known.id === id)?.keys ?? []
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

/** Which line of the groups with these titles an event's key belongs to, the first group first; null for none. */
export function keyLineOf(event: KeyboardLike, titles: readonly string[]): string | null {
  const groups = titles.flatMap((title) => keyGroups.filter((group) => group.title === title))
  return groups.flatMap(({ lines }) => lines).find(({ id }) => isKey(event, id))?.id ?? null
}

/** What a key does to an event that a page hears: the same key with the same of Ctrl (or ⌘), Alt, and none besides. */
export function isKey({ key, ctrlKey, metaKey, altKey }: KeyboardLike, id: string): boolean {
  return keysOf(id).some((known) => {
    const parts = known === '+' ? ['+'] : known.split('+')
    const named = parts.at(-1) === 'Space' ? ' ' : (parts.at(-1) ?? '')
    const command = parts.includes('Ctrl')
    const same = command ? key.toLowerCase() === named.toLowerCase() : key === named
    return same && (ctrlKey || metaKey) === command && altKey === parts.includes('Alt')
  })
}

interface KeyboardLike {
  readonly key: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
}
