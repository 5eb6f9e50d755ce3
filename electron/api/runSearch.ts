/** What a search text is held by, whatever its case. */
export interface RunSearch {
  readonly heldByName: (name: string) => boolean
  readonly heldById: (id: string) => boolean
  readonly heldByError: (error: string | null) => boolean
  /** May an id hold it? */
  readonly mayBeId: boolean
}

/**
 * A run is found by its name, its id or its error. An empty text is held by all. Ids of hex digits, in small letters, hold
 * nothing else.
 */
export function createSearch(text: string, { idsAreHex }: { readonly idsAreHex: boolean }): RunSearch {
  const wanted = text.trim()
  const all = (): boolean => true
  if (wanted === '') return { heldByName: all, heldById: all, heldByError: all, mayBeId: true }
  // Looks without making a text in lower case of every error.
  const pattern = new RegExp(wanted.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'), 'i')
  const digits = wanted.toLowerCase()
  const mayBeId = !idsAreHex || /^[0-9a-f]+$/.test(digits)
  return {
    mayBeId,
    heldByName: (name) => pattern.test(name),
    heldById: (id) => mayBeId && (idsAreHex ? id.includes(digits) : pattern.test(id)),
    heldByError: (error) => error !== null && pattern.test(error),
  }
}
