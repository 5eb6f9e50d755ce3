import { searchWords } from '../../shared/rules/searchWords'
import { createBreath } from '../files/breath'

/** What a search looks into, in lower case. */
export interface SearchTexts {
  /** Path, message and operation ids. */
  readonly own: string
  /** What servers answered; equal answers are one string. */
  readonly bodies: readonly string[]
  /** No answer of a server is known, or there was no room to keep it. */
  readonly withoutBody: boolean
}

/**
 * The items that hold every word of a search, exactly. It gives up the thread every few ms, so that 100,000 items
 * never hold it; a caller that loops as well passes its own `breathe`, for both share a turn.
 */
export async function searchTexts<T extends { readonly texts: SearchTexts }>(
  items: readonly T[],
  search: string,
  breathe = createBreath(),
): Promise<readonly T[]> {
  const words = searchWords(search)
  if (words.length === 0) return items
  const holds = ({ own, bodies }: SearchTexts): boolean =>
    words.every((word) => own.includes(word) || bodies.some((body) => body.includes(word)))
  const found: T[] = []
  for (const item of items) {
    const pause = breathe()
    if (pause) await pause
    if (holds(item.texts)) found.push(item)
  }
  return found
}

/** Keeps each text once, and no more than `maxBytes` of them. */
export interface TextPool {
  /** The text as it is kept, or null when there is no room. */
  readonly take: (text: string) => string | null
  /** Forgets all but these. */
  readonly keepOnly: (live: Iterable<string>) => void
  readonly isFull: () => boolean
}

export function createTextPool(maxBytes: number): TextPool {
  let texts = new Map<string, string>()
  let bytes = 0
  let full = false
  return {
    take: (text) => {
      const known = texts.get(text)
      if (known !== undefined) return known
      if (bytes + text.length > maxBytes) {
        full = true
        return null
      }
      texts.set(text, text)
      bytes += text.length
      return text
    },
    keepOnly: (live) => {
      texts = new Map()
      bytes = 0
      full = false
      for (const text of live) {
        if (texts.has(text)) continue
        texts.set(text, text)
        bytes += text.length
      }
    },
    isFull: () => full,
  }
}
