/** Names repeat: what was found out about one is kept, for so many. */
const keptNames = 10_000

/** Gives the function that tells whether a run's name, id or error holds a text, whatever its case. An empty one is held by all. */
export function createSearch(text: string): (name: string, id: string, error: string | null) => boolean {
  const wanted = text.trim()
  if (wanted === '') return () => true
  // Looks without making a text in lower case of every error.
  const pattern = new RegExp(wanted.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'), 'i')
  const names = new Map<string, boolean>()
  const nameHolds = (name: string): boolean => {
    const known = names.get(name)
    if (known !== undefined) return known
    const held = pattern.test(name)
    if (names.size < keptNames) names.set(name, held)
    return held
  }
  return (name, id, error) => nameHolds(name) || pattern.test(id) || (error !== null && pattern.test(error))
}
