// One constant each: a constant taken out of an array is looked up again at every byte.
export const quote = 0x22
export const comma = 0x2c
const minus = 0x2d
const point = 0x2e
const zero = 0x30
export const colon = 0x3a
const openBracket = 0x5b
const backslash = 0x5c
const closeBracket = 0x5d
const letterU = 0x75
export const openBrace = 0x7b
export const closeBrace = 0x7d
const space = 0x20
const maxDepth = 100

const isEscape = new Uint8Array(256)
for (const character of '"\\/bfnrt') isEscape[character.charCodeAt(0)] = 1
const isHex = new Uint8Array(256)
for (const character of '0123456789abcdefABCDEF') isHex[character.charCodeAt(0)] = 1
const literals = [Buffer.from('null'), Buffer.from('true'), Buffer.from('false')]

/**
 * The functions here walk over JSON text without making anything of it. They know only its compact form, as
 * `JSON.stringify` writes it: for anything else, right or wrong, they give -1, and the caller parses it properly. The
 * bytes must end, or go on, with a byte below 0x20 such as a newline, which no text contains.
 */

/** The bytes looked at last, four at a time; strings are most of a file, and their plain stretches are run through so. */
let current: Uint8Array = new Uint8Array()
let words: Int32Array = new Int32Array()
let wordsFrom = 0

function lookAt(bytes: Uint8Array): void {
  current = bytes
  const first = (4 - (bytes.byteOffset & 3)) & 3
  wordsFrom = first
  const count = Math.max(0, (bytes.length - first) >> 2)
  words = new Int32Array(bytes.buffer, count > 0 ? bytes.byteOffset + first : 0, count)
}

/** The first place from `at` on, or a few bytes before it, where a quote, a backslash or a control character may be. */
function plainEnd(bytes: Uint8Array, at: number): number {
  if (bytes !== current) lookAt(bytes)
  let index = at
  while (((index - wordsFrom) & 3) !== 0) {
    const byte = bytes[index] ?? 0
    if (byte <= backslash && (byte < space || byte === quote || byte === backslash)) return index
    index++
  }
  let word = (index - wordsFrom) >> 2
  for (; word < words.length; word++) {
    const four = words[word] ?? 0
    // Some byte below 0x20, or 0x22, or 0x5c: subtracting borrows into its highest bit. It may be a byte too many, never one too few.
    const odd = (four - 0x20202020) | ((four ^ 0x22222222) - 0x01010101) | ((four ^ 0x5c5c5c5c) - 0x01010101)
    if ((odd & ~four & 0x80808080) !== 0) break
  }
  return (word << 2) + wordsFrom
}

/** `at` is behind the opening quote. Gives the place of the closing one. */
export function stringEnd(bytes: Uint8Array, at: number): number {
  let index = at
  for (;;) {
    index = plainEnd(bytes, index)
    let byte = bytes[index] ?? 0
    while (byte > backslash || (byte >= space && byte !== quote && byte !== backslash)) byte = bytes[++index] ?? 0
    if (byte === quote) return index
    if (byte !== backslash) return -1
    const escaped = bytes[index + 1] ?? 0
    if (escaped === letterU) {
      for (let digit = 2; digit < 6; digit++) if (isHex[bytes[index + digit] ?? 0] === 0) return -1
      index += 6
    } else if (isEscape[escaped] === 1) index += 2
    else return -1
  }
}

/** The same for a string without escapes; -1 when it has some. */
export function plainStringEnd(bytes: Uint8Array, at: number): number {
  let index = at
  let byte = bytes[index] ?? 0
  while (byte > backslash || (byte >= space && byte !== quote && byte !== backslash)) byte = bytes[++index] ?? 0
  return byte === quote ? index : -1
}

/** Gives the place behind the value that begins at `at`. */
export function valueEnd(bytes: Uint8Array, at: number, depth = 0): number {
  const byte = bytes[at] ?? 0
  if (byte === quote) {
    const end = stringEnd(bytes, at + 1)
    return end === -1 ? -1 : end + 1
  }
  if (byte === openBrace) return depth < maxDepth ? objectEnd(bytes, at, depth + 1) : -1
  if (byte === openBracket) return depth < maxDepth ? arrayEnd(bytes, at, depth + 1) : -1
  if (byte === minus || isDigit(byte)) return numberEnd(bytes, at)
  return wordEnd(bytes, at)
}

function objectEnd(bytes: Uint8Array, at: number, depth: number): number {
  if (bytes[at + 1] === closeBrace) return at + 2
  for (let index = at + 1; ; ) {
    if (bytes[index] !== quote) return -1
    const keyEnd = stringEnd(bytes, index + 1)
    if (keyEnd === -1 || bytes[keyEnd + 1] !== colon) return -1
    index = valueEnd(bytes, keyEnd + 2, depth)
    if (index === -1) return -1
    if (bytes[index] === closeBrace) return index + 1
    if (bytes[index] !== comma) return -1
    index++
  }
}

function arrayEnd(bytes: Uint8Array, at: number, depth: number): number {
  if (bytes[at + 1] === closeBracket) return at + 2
  for (let index = at + 1; ; index++) {
    index = valueEnd(bytes, index, depth)
    if (index === -1) return -1
    if (bytes[index] === closeBracket) return index + 1
    if (bytes[index] !== comma) return -1
  }
}

/** Plain numbers only: an exponent is left to the parser. */
function numberEnd(bytes: Uint8Array, at: number): number {
  let index = bytes[at] === minus ? at + 1 : at
  const first = index
  while (isDigit(bytes[index] ?? 0)) index++
  if (index === first || (bytes[first] === zero && index > first + 1)) return -1
  if (bytes[index] !== point) return index
  const fraction = ++index
  while (isDigit(bytes[index] ?? 0)) index++
  return index === fraction ? -1 : index
}

function wordEnd(bytes: Uint8Array, at: number): number {
  for (const literal of literals) if (isAt(bytes, at, literal)) return at + literal.length
  return -1
}

/** Do these bytes stand there? */
export function isAt(bytes: Uint8Array, at: number, wanted: Uint8Array): boolean {
  for (let index = 0; index < wanted.length; index++) if (bytes[at + index] !== wanted[index]) return false
  return true
}

/** Is the value at `at` an array of nothing but strings? Gives the place behind it, -1 when not. */
export function stringsEnd(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== openBracket) return -1
  if (bytes[at + 1] === closeBracket) return at + 2
  for (let index = at + 1; ; index++) {
    if (bytes[index] !== quote) return -1
    const end = stringEnd(bytes, index + 1)
    if (end === -1) return -1
    index = end + 1
    if (bytes[index] === closeBracket) return index + 1
    if (bytes[index] !== comma) return -1
  }
}

function isDigit(byte: number): boolean {
  return byte >= zero && byte < colon
}
