/** What a search text is held by, whatever its case. */
export interface RunSearch {
  readonly heldByName: (name: string) => boolean
  readonly heldByRest: (id: string, error: string | null) => boolean
}

/** A run is found by its name, its id or its error. An empty text is held by all. Ids of hex digits hold nothing else. */
export function createSearch(text: string, { idsAreHex }: { readonly idsAreHex: boolean }): RunSearch {
  const wanted = text.trim()
  if (wanted === '') return { heldByName: () => true, heldByRest: () => true }
  // Looks without making a text in lower case of every error.
  const pattern = new RegExp(wanted.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'), 'i')
  const mayBeId = !idsAreHex || /^[0-9a-f]+$/i.test(wanted)
  return {
    heldByName: (name) => pattern.test(name),
    heldByRest: (id, error) => (mayBeId && pattern.test(id)) || (error !== null && pattern.test(error)),
  }
}
