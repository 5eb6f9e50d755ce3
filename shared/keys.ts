/** Keys that do one thing. `Ctrl+` stands for ⌘ as well. */
export interface KeyLine<Id extends string = string> {
  readonly id: Id
  /** As `KeyboardEvent.key` names them, with `Ctrl+`, `Alt+` or `Shift+` before; two after `g` are one after another. */
  readonly keys: readonly string[]
  readonly what: string
  /** May a person give it another key? Arrows, Enter, Space, Esc and the digits stay what they are everywhere. */
  readonly changes: boolean
}

/** Something with a key that a person can change. */
export interface Shortcut {
  /** That of the line; settings name it. */
  readonly id: string
  /** The key that Rundesk comes with: one character, or `Ctrl+` and one (Ctrl or ⌘). */
  readonly key: string
  /** What it does, wherever that key works. */
  readonly what: string
}

const fixed = <const Id extends string>(id: Id, keys: string, what: string): KeyLine<Id> => ({
  id,
  keys: keys.split('  '),
  what,
  changes: false,
})

const changing = <const Id extends string>(id: Id, key: string, what: string): KeyLine<Id> => ({
  ...fixed(id, key, what),
  keys: key.split('  '),
  changes: true,
})

/**
 * Every key there is, by where it works: the sheet, the settings, the palette, the menu and the handlers go by it. Of a
 * line that changes, its first key does. Lines of several groups may have the same key; it changes for all of them.
 */
export const keyGroups = [
  {
    title: 'Everywhere',
    lines: [
      changing('palette', 'Ctrl+k', 'Go to anything, or do anything'),
      changing('sheet', '?', 'Show all shortcuts'),
      changing('settings', 'Ctrl+,', 'Open the settings'),
      changing('go', 'g', 'Go to a screen, with a second key'),
      fixed('go-overview', 'g o', 'Overview'),
      fixed('go-runs', 'g r', 'Runs'),
      fixed('go-trajectories', 'g t', 'Trajectories'),
      fixed('go-writebacks', 'g w', 'Writebacks'),
      fixed('go-problems', 'g p', 'Problems'),
      fixed('go-source', 'g s', 'Remote source, each time the next one'),
      changing('start', 'n', 'Start a workflow'),
      fixed('back', 'Alt+ArrowLeft', 'Back'),
      fixed('forward', 'Alt+ArrowRight', 'Forward'),
      fixed('new-window', 'Ctrl+Shift+N', 'New window, in the app'),
      fixed('open-folder', 'Ctrl+O', 'Open a folder, in the app'),
      fixed('open-file', 'Ctrl+Shift+O', 'Open a file of runs, in the app'),
      fixed('close-window', 'Ctrl+W', 'Close the window, in the app'),
      fixed('larger', 'Ctrl+=', 'Larger, in the app'),
      fixed('smaller', 'Ctrl+-', 'Smaller, in the app'),
      fixed('actual-size', 'Ctrl+0', 'Actual size, in the app'),
    ],
  },
  {
    title: 'Lists',
    lines: [
      changing('search', '/', 'Search'),
      fixed('filters', '1  …  9', 'Filters of the list'),
      changing('next', 'j  ArrowDown', 'Next row'),
      changing('previous', 'k  ArrowUp', 'Previous row'),
      fixed('first', 'Home', 'First row'),
      fixed('last', 'End', 'Last row'),
      fixed('open', 'Enter', 'Open'),
      fixed('preview', 'Space', 'Preview, and close it again'),
      fixed('close', 'Escape', 'Back: close what is open, or give up the selection'),
      changing('older', ']', 'Next run, trajectory or writeback'),
      changing('newer', '[', 'Previous run, trajectory or writeback'),
      changing('select', 'x', 'Select the row'),
      changing('select-below', 'J', 'Select the row below as well'),
      changing('select-above', 'K', 'Select the row above as well'),
      changing('select-all', 'a', 'Select all that match'),
    ],
  },
  {
    title: 'Columns of the list of runs',
    lines: [
      fixed('column-forward', 'Ctrl+Shift+ArrowLeft', 'Move the column to the left'),
      fixed('column-back', 'Ctrl+Shift+ArrowRight', 'Move the column to the right'),
      fixed('column-narrower', 'Shift+ArrowLeft', 'Make the column narrower'),
      fixed('column-wider', 'Shift+ArrowRight', 'Make the column wider'),
      fixed('column-previous', 'ArrowLeft', 'Previous column'),
      fixed('column-next', 'ArrowRight', 'Next column'),
    ],
  },
  {
    title: 'Runs',
    lines: [
      changing('resume', 'r', 'Resume the run'),
      changing('filter', 'F', 'Add a filter to the list of runs'),
      changing('rerun', 'R', 'Run again from the chosen step, after a preview'),
      changing('cancel', 'c', 'Cancel the run, or the selected runs'),
      changing('log', 'l', 'The log of the open run, and back to its timeline'),
      changing('watch', 'w', 'Watch the run, to hear when it ends, or stop watching it'),
    ],
  },
  {
    title: 'Timeline',
    lines: [
      fixed('timeline-earlier', 'Shift+ArrowLeft', 'Show earlier time'),
      fixed('timeline-later', 'Shift+ArrowRight', 'Show later time'),
      fixed('zoom-in', '+  =', 'Nearer'),
      fixed('zoom-out', '-', 'Farther'),
      fixed('zoom-all', '0', 'The whole time'),
      fixed('page-down', 'PageDown', 'A page of steps down'),
      fixed('page-up', 'PageUp', 'A page of steps up'),
      fixed('end-earlier', 'ArrowLeft', 'On an end of the time shown: earlier, with Shift by more'),
      fixed('end-later', 'ArrowRight', 'On an end of the time shown: later, with Shift by more'),
    ],
  },
  {
    title: 'Graph',
    lines: [
      fixed('graph-along', 'ArrowRight', 'A step that waits for this one'),
      fixed('graph-against', 'ArrowLeft', 'A step that this one waits for'),
      fixed('graph-above', 'ArrowUp', 'The step above'),
      fixed('graph-below', 'ArrowDown', 'The step below'),
      fixed('graph-first', 'Home', 'The first step'),
      fixed('graph-last', 'End', 'The last step'),
    ],
  },
  {
    title: 'Tabs and bars',
    lines: [
      fixed('tab-previous', 'ArrowLeft', 'Previous tab, or bar of a plot'),
      fixed('tab-next', 'ArrowRight', 'Next tab, or bar of a plot'),
      fixed('tab-first', 'Home', 'First tab, or bar of a plot'),
      fixed('tab-last', 'End', 'Last tab, or bar of a plot'),
    ],
  },
  {
    title: 'Menus',
    lines: [
      fixed('menu-previous', 'ArrowUp', 'Previous line of a menu'),
      fixed('menu-next', 'ArrowDown', 'Next line of a menu'),
      fixed('leave', 'Tab', 'Leave a menu; otherwise the next control'),
    ],
  },
  {
    title: 'Dividers',
    lines: [
      fixed('divider-less', 'ArrowLeft  ArrowUp', 'Move a divider to the left, or up'),
      fixed('divider-more', 'ArrowRight  ArrowDown', 'Move a divider to the right, or down'),
    ],
  },
  {
    title: 'Writebacks',
    lines: [
      changing('retry', 'r', 'Retry the writebacks'),
      changing('dismiss', 'd', 'Dismiss the writebacks'),
      changing('edit', 'e', 'Edit the writeback and retry it, or choose a version of it'),
    ],
  },
  {
    title: 'Logs',
    lines: [
      changing('log-search', '/  Ctrl+f', 'Search the log'),
      fixed('log-hit-before', 'Shift+Enter', 'Previous hit'),
      fixed('log-hit', 'Enter', 'Next hit'),
      changing('log-error', 'e', 'The first error of the log'),
      changing('follow', 'f', 'Follow the end of the log'),
      fixed('log-copy', 'Ctrl+c', 'Copy the chosen lines'),
    ],
  },
  {
    title: 'Forms',
    lines: [
      fixed('send', 'Ctrl+Enter', 'Start what was filled in'),
      fixed('settle', 'Enter', 'Take what was typed in a field'),
      fixed('undo', 'Escape', 'Leave a field as it was'),
    ],
  },
] as const

/** Where keys work. */
export type KeyPlace = (typeof keyGroups)[number]['title']
/** What keys do. */
export type KeyId = (typeof keyGroups)[number]['lines'][number]['id']

export const keyLines: readonly KeyLine<KeyId>[] = keyGroups.flatMap(({ lines }): readonly KeyLine<KeyId>[] => lines)

/** The keys of something; none for a name that has none. */
export function keysOf(id: string): readonly string[] {
  return keyLines.find((known) => known.id === id)?.keys ?? []
}

/** Every key that can be changed, each once: by the name of the line that a person meets first. */
export const knownShortcuts: readonly Shortcut[] = keyLines
  .filter(({ changes }) => changes)
  .flatMap((line, at, all) => {
    const [key = ''] = line.keys
    if (all.findIndex((other) => other.keys[0] === key) < at) return []
    const words = all.filter((other) => other.keys[0] === key).map(({ what }) => what)
    return [{ id: line.id, key, what: joined(words) }]
  })

function joined([first = '', ...others]: readonly string[]): string {
  return [first, ...others.map((what) => what.charAt(0).toLowerCase() + what.slice(1))].join('; ')
}
