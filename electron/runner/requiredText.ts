/** One part of an expression: an escape, a set, a number of times, or a character. Groups and alternatives are no parts. */
const parts = /\\(?:[dwsDWSbB]|[^\w\s])|\[(?:\\.|[^\]\\])*\]|\{\d+(?:,\d*)?\}|[^\\[\](){}|]/gu
const times = /^(?:[*+?]|\{.*\})$/
const plain = /^[\w :;,=@#%&'"<>~`!/-]$/

/**
 * The longest text that every match of an expression holds, ASCII only; undefined when none can be told for sure. Where
 * it does not stand there is nothing to be matched, and that is found out far faster.
 */
export function requiredText(source: string): string | undefined {
  const found = source.match(parts) ?? []
  if (found.join('') !== source) return undefined
  const texts = ['']
  found.forEach((part, index) => {
    const next = found[index + 1] ?? ''
    const character = part.length === 2 && /^\\[^\w\s]$/.test(part) ? part.slice(1) : part
    const isPlain = plain.test(part) || character !== part
    if (isPlain && !times.test(next) && character <= '~') texts.push(`${texts.pop() ?? ''}${character}`)
    else texts.push('')
  })
  const longest = texts.reduce((best, text) => (text.length > best.length ? text : best))
  return longest.length < 2 ? undefined : longest
}
