/** What a YAML text may hold at most: beyond it reading takes too long, too much memory or, too deep, the whole process. */
export const yamlLimits = { depth: 100, tokens: 500_000, parts: 500_000, characters: 16 * 1024 * 1024, told: 20 }

/** Why a value is more than is read, null when it is not: aliases can make much, or something without an end, of a short text. */
export function excessOf(value: unknown): string | null {
  const waiting: { readonly part: unknown; readonly depth: number }[] = [{ part: value, depth: 0 }]
  let parts = 0
  let characters = 0
  for (let entry = waiting.pop(); entry; entry = waiting.pop()) {
    const { part, depth } = entry
    if (typeof part === 'string') characters += part.length
    if (++parts > yamlLimits.parts || characters > yamlLimits.characters)
      return 'its aliases make too much of this file'
    if (depth > yamlLimits.depth) return 'its aliases make this file nest too deeply'
    if (typeof part !== 'object' || part === null) continue
    for (const [key, inner] of Object.entries(part)) {
      characters += key.length
      waiting.push({ part: inner, depth: depth + 1 })
    }
  }
  return null
}
