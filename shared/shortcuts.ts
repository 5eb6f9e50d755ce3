/** Something that a key does. */
export interface Shortcut {
  readonly id: string
  /** The key that Rundesk comes with: one character, or `Ctrl+` and one (Ctrl or ⌘). */
  readonly key: string
  /** What it does. */
  readonly what: string
}

/** Every key that can be changed. Arrows, Enter, Space, Esc and the digits stay what they are everywhere. */
export const knownShortcuts: readonly Shortcut[] = [
  { id: 'palette', key: 'Ctrl+k', what: 'Go to anything' },
  { id: 'settings', key: 'Ctrl+,', what: 'Open the settings' },
  { id: 'sheet', key: '?', what: 'Show all shortcuts' },
  { id: 'go', key: 'g', what: 'Go to a screen, with a second key' },
  { id: 'search', key: '/', what: 'Search' },
  { id: 'filter', key: 'F', what: 'Add a filter to the list of runs' },
  { id: 'next', key: 'j', what: 'Next row' },
  { id: 'previous', key: 'k', what: 'Previous row' },
  { id: 'newer', key: '[', what: 'Previous run or trajectory' },
  { id: 'older', key: ']', what: 'Next run or trajectory' },
  { id: 'start', key: 'n', what: 'Start a workflow' },
  { id: 'resume', key: 'r', what: 'Resume the run, or retry the writebacks' },
  { id: 'rerun', key: 'R', what: 'Run again from the chosen step' },
  { id: 'cancel', key: 'c', what: 'Cancel the run' },
  { id: 'watch', key: 'w', what: 'Watch the run, or stop watching it' },
  { id: 'select', key: 'x', what: 'Select the row' },
  { id: 'select-below', key: 'J', what: 'Select the row below as well' },
  { id: 'select-above', key: 'K', what: 'Select the row above as well' },
  { id: 'select-all', key: 'a', what: 'Select all that match' },
  { id: 'dismiss', key: 'd', what: 'Dismiss the writebacks' },
  { id: 'edit', key: 'e', what: 'Edit the writeback; in a log, the first error' },
  { id: 'follow', key: 'f', what: 'In a log, follow its end' },
]
