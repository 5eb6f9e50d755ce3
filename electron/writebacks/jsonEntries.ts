/** Key of an entry and where its value stands in the text. */
export type JsonEntry = readonly [key: string, from: number, to: number]

/**
 * The entries of the JSON object that begins at or behind `start`, one after the other, without parsing their values. What is
 * between the entries is checked only as far as needed to find them; throws a SyntaxError for what is no object.
 */
export function* jsonEntries(text: string, start: number): Generator<JsonEntry> {
  let at = skipBlank(text, start)
  expect(text, at, '{')
  at = skipBlank(text, at + 1)
  if (text[at] === '}') return
  for (;;) {
    expect(text, at, '"')
    const keyEnd = endOfString(text, at)
    const key: unknown = JSON.parse(text.slice(at, keyEnd))
    at = skipBlank(text, keyEnd)
    expect(text, at, ':')
    const from = skipBlank(text, at + 1)
    const to = endOfValue(text, from)
    yield [String(key), from, to]
    at = skipBlank(text, to)
    if (text[at] === '}') return
    expect(text, at, ',')
    at = skipBlank(text, at + 1)
  }
}

function endOfValue(text: string, from: number): number {
  const first = text[from]
  if (first === '"') return endOfString(text, from)
  if (first !== '{' && first !== '[') {
    let at = from
    while (at < text.length && !',}] \n\r\t'.includes(text[at] ?? '')) at++
    return at
  }
  let depth = 0
  for (let at = from; at < text.length; ) {
    const code = text.charCodeAt(at)
    if (code === quote) {
      at = endOfString(text, at)
      continue
    }
    if (code === openBrace || code === openBracket) depth++
    else if (code === closeBrace || code === closeBracket) depth--
    at++
    if (depth === 0) return at
  }
  throw new SyntaxError('The JSON text ends in the middle of a value')
}

const [quote, openBrace, closeBrace, openBracket, closeBracket] = [0x22, 0x7b, 0x7d, 0x5b, 0x5d]

function endOfString(text: string, from: number): number {
  for (let at = text.indexOf('"', from + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let slashes = 0
    while (text[at - slashes - 1] === '\\') slashes++
    if (slashes % 2 === 0) return at + 1
  }
  throw new SyntaxError('The JSON text ends in the middle of a string')
}

function skipBlank(text: string, from: number): number {
  let at = from
  while (at < text.length && text.charCodeAt(at) <= 0x20) at++
  return at
}

function expect(text: string, at: number, character: string): void {
  if (text[at] !== character) throw new SyntaxError(`The JSON text has no ${character} at ${at}`)
}
