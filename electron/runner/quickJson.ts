/** The value of a text that is JSON, which is YAML too; undefined for any other text, and where a key stands twice. */
export function readJson(text: string): unknown {
  if (!/^\s*\{/.test(text)) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return keysIn(value) === keysOf(text) ? value : undefined
  } catch {
    return undefined
  }
}

/** How many keys a value has, and how many its JSON text names. */
function keysIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  const inner = Object.values(value)
  return inner.reduce<number>((sum, part) => sum + keysIn(part), Array.isArray(value) ? 0 : inner.length)
}

function keysOf(json: string): number {
  let count = 0
  for (const [, colon] of json.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?/g)) if (colon !== undefined) count++
  return count
}
