import type { WritebackItem } from '../writebacks'

/** What to type in a shell for each act on an item. */
export function writebackCommandLines({
  key,
  groupKey,
  mount,
}: Pick<WritebackItem, 'key' | 'groupKey' | 'mount'>): readonly { readonly act: string; readonly text: string }[] {
  const here = `-w ${shellWord(mount)}`
  return [
    { act: 'list', text: `rundesk writebacks --group ${groupKey} ${here}` },
    { act: 'show', text: `rundesk writeback ${key} ${here}` },
    { act: 'compare', text: `rundesk compare ${key} ${here}` },
    { act: 'retry', text: `rundesk retry ${key} ${here}` },
    { act: 'retry-group', text: `rundesk retry --group ${groupKey} ${here}` },
    { act: 'edit', text: `rundesk edit ${key} --file NEW-CONTENT ${here}` },
    { act: 'take-server', text: `rundesk edit ${key} --take server ${here}` },
    { act: 'dismiss', text: `rundesk dismiss ${key} ${here}` },
    { act: 'restore', text: `rundesk restore ${key} ${here}` },
    { act: 'export', text: `rundesk export ${key} ${here}` },
    { act: 'resolve-group', text: `rundesk group ${groupKey} --resolve ${here}` },
    { act: 'ignore-group', text: `rundesk group ${groupKey} --ignore ${here}` },
  ]
}

/** The text as one word of a shell, whatever it holds. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
