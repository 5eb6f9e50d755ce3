/** Ids of which each is of 24 hex digits, in small letters. */
export interface HexIds {
  /** Gives the function that tells, with a 1 for each, which of the ids with these numbers hold the digits. */
  readonly holding: (digits: string) => (numbers: Uint32Array) => Uint8Array
}

/** The ids by their numbers: three words of eight digits each, and as texts. */
export function createHexIds(words: () => Int32Array, idOf: (number: number) => string): HexIds {
  return {
    holding: (wanted) => {
      // The eight digits of a word are compared at once; ids are looked at as texts only where more are wanted.
      const repeated = Int32Array.from(wanted.slice(0, 8), (digit) => Math.imul(Number.parseInt(digit, 16), 0x11111111))
      return (numbers) => {
        const held = markHolding(words(), repeated, numbers)
        if (wanted.length > repeated.length)
          for (let at = 0; at < numbers.length; at++)
            if (held[at] === 1 && !idOf(numbers[at] ?? 0).includes(wanted)) held[at] = 0
        return held
      }
    },
  }
}

const everywhere = 0x88888888 | 0

// Both stand by themselves: code of a closure would be cold at each first key of a search.

/** Marks the numbers of the ids that hold these digits, of which each is given as a word of eight of it. */
function markHolding(words: Int32Array, repeated: Int32Array, numbers: Uint32Array): Uint8Array {
  const held = new Uint8Array(numbers.length)
  const inLastWord = everywhere & ~(2 ** (4 * (repeated.length - 1)) - 1)
  for (let index = 0; index < numbers.length; index++) {
    const at = 3 * (numbers[index] ?? 0)
    const one = words[at] ?? 0
    const two = words[at + 1] ?? 0
    const three = words[at + 2] ?? 0
    const isThere =
      begins(repeated, one, two, everywhere) !== 0 ||
      begins(repeated, two, three, everywhere) !== 0 ||
      begins(repeated, three, 0, inLastWord) !== 0
    if (isThere) held[index] = 1
  }
  return held
}

/** One bit for each digit of `word` at which the wanted ones begin, of those in `places`; `next` is the word behind it. */
function begins(repeated: Int32Array, word: number, next: number, places: number): number {
  let found = places
  for (let index = 0; index < repeated.length && found !== 0; index++) {
    // In two shifts, because one by 32 moves nothing.
    const digits = (word << (4 * index)) | ((next >>> 1) >>> (31 - 4 * index))
    const difference = digits ^ (repeated[index] ?? 0)
    found &= ~(((difference & 0x77777777) + 0x77777777) | difference)
  }
  return found
}
