import { createHexIds, type HexIds } from './hexIds'
import { toAscii } from './isoTime'

/** Numbers ids from 0 in the order of their first appearance. */
export interface IdTable {
  /** The number of the id; it gets one when it has none. */
  readonly add: (id: string) => number
  /** The same for an id of 24 hex digits that stands in these bytes; -1 when there is something else. */
  readonly addHex: (bytes: Uint8Array, at: number) => number
  /** -1 when it has no number. */
  readonly find: (id: string) => number
  readonly size: () => number
  /** The ids as digits; null where one is not of 24 hex digits, in small letters. */
  readonly hexIds: () => HexIds | null
  readonly id: (number: number) => string
  readonly toParts: () => IdTableParts
}

/** The table as plain memory, for the snapshot. */
export interface IdTableParts {
  readonly words: Int32Array
  readonly slots: Uint32Array
  readonly others: readonly (readonly [number, string])[]
  readonly size: number
}

const idLength = 24
const scratch = Buffer.alloc(idLength)
const notHex = 255
const digits = new Uint8Array(256).fill(notHex)
for (let value = 0; value < 16; value++) digits[value.toString(16).charCodeAt(0)] = value

/**
 * Ids of 24 hex digits, as all published writers make them, are kept as three words each in one flat hash table, so that
 * a million of them cost no objects; others in a map.
 */
export function createIdTable(parts?: IdTableParts): IdTable {
  let words = parts?.words ?? new Int32Array(3 * 64)
  let slots = parts?.slots ?? new Uint32Array(128)
  let size = parts?.size ?? 0
  const others = new Map(parts?.others.map(([number, id]) => [id, number]))
  const otherIds = new Map(parts?.others)
  let first = 0
  let second = 0
  let third = 0
  let odd = 0
  /** The id that was added last: many lines follow each other that tell of one run. */
  let last: { readonly id: string; readonly number: number } | undefined

  /** Reads the id into the three words; false when it is none. */
  const read = (bytes: Uint8Array, at: number): boolean => {
    odd = 0
    first = readWord(bytes, at)
    second = readWord(bytes, at + 8)
    third = readWord(bytes, at + 16)
    return odd < 16
  }
  const readText = (id: string): boolean => {
    if (id.length !== idLength) return false
    toAscii(id, scratch)
    return read(scratch, 0)
  }
  const readWord = (bytes: Uint8Array, at: number): number => {
    let word = 0
    for (let index = at; index < at + 8; index++) {
      const digit = digits[bytes[index] ?? 0] ?? notHex
      odd |= digit
      word = (word << 4) | digit
    }
    return word
  }
  const slotOf = (a: number, b: number, c: number): number =>
    (Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b) ^ Math.imul(c, 0xc2b2ae35)) & (slots.length - 1)
  /** The slot of the three words: theirs, or the free one where they belong. */
  const probe = (): number => {
    let slot = slotOf(first, second, third)
    for (;;) {
      const number = slots[slot] ?? 0
      if (number === 0) return slot
      const at = 3 * (number - 1)
      if (words[at] === first && words[at + 1] === second && words[at + 2] === third) return slot
      slot = (slot + 1) & (slots.length - 1)
    }
  }
  const grow = (): void => {
    if (3 * size + 3 > words.length) {
      const larger = new Int32Array(Math.max(768, words.length * 2))
      larger.set(words)
      words = larger
    }
    if (size * 2 < slots.length) return
    slots = new Uint32Array(slots.length * 2)
    for (let number = 0; number < size; number++) {
      if (otherIds.has(number)) continue
      let slot = slotOf(words[3 * number] ?? 0, words[3 * number + 1] ?? 0, words[3 * number + 2] ?? 0)
      while (slots[slot] !== 0) slot = (slot + 1) & (slots.length - 1)
      slots[slot] = number + 1
    }
  }
  const addWords = (): number => {
    const found = slots[probe()] ?? 0
    if (found !== 0) return found - 1
    grow()
    words[3 * size] = first
    words[3 * size + 1] = second
    words[3 * size + 2] = third
    slots[probe()] = size + 1
    return size++
  }

  const idOf = (number: number): string =>
    otherIds.get(number) ?? [0, 1, 2].map((at) => hexWord(words[3 * number + at] ?? 0)).join('')
  const hexIds = createHexIds(() => words, idOf)

  const addText = (id: string): number => {
    if (readText(id)) return addWords()
    const known = others.get(id)
    if (known !== undefined) return known
    grow()
    others.set(id, size)
    otherIds.set(size, id)
    return size++
  }

  return {
    add: (id) => {
      if (last?.id !== id) last = { id, number: addText(id) }
      return last.number
    },
    addHex: (bytes, at) => (read(bytes, at) ? addWords() : -1),
    find: (id) => {
      if (readText(id)) return (slots[probe()] ?? 0) - 1
      return others.get(id) ?? -1
    },
    size: () => size,
    hexIds: () => (otherIds.size === 0 ? hexIds : null),
    id: idOf,
    toParts: () => ({ words: words.subarray(0, 3 * size), slots, others: [...otherIds], size }),
  }
}

function hexWord(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0')
}
