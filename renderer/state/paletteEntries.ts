/** Something that the palette can do or lead to. */
export interface PaletteEntry {
  readonly id: string
  readonly group: string
  readonly label: string
  /** More words that it is found by, and that stand beside it. */
  readonly note?: string
  /** The keys that do the same, as they are written. */
  readonly keys?: string
  /** Why it cannot be done now; null when it can. */
  readonly refusal: string | null
  /** It was found by main for what is typed: it always fits. */
  readonly found?: true
  readonly run: () => void
}

const mostShown = 80

/**
 * The entries of which every typed word is a part, better ones first: those whose label begins with it, then those with
 * a word that does. Without words, all of them as they are.
 */
export function fittingEntries(entries: readonly PaletteEntry[], typed: string): readonly PaletteEntry[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return entries.slice(0, mostShown)
  const ranked = entries.flatMap((entry, place) => {
    if (entry.found) return [{ entry, rank: 2, place }]
    const label = entry.label.toLowerCase()
    const text = `${label} ${entry.note?.toLowerCase() ?? ''} ${entry.group.toLowerCase()}`
    if (!words.every((word) => text.includes(word))) return []
    const [first = ''] = words
    const begins = words.every((word) => new RegExp(`(^|[^a-z0-9])${escaped(word)}`).test(label))
    return [{ entry, rank: label.startsWith(first) && begins ? 0 : begins ? 1 : 3, place }]
  })
  ranked.sort((left, right) => left.rank - right.rank || left.place - right.place)
  return ranked.slice(0, mostShown).map(({ entry }) => entry)
}

function escaped(word: string): string {
  return word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
