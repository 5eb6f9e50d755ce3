import { createBreath } from '../files/breath'

/** Records below this size are parsed whole. */
const smallBytes = 64 * 1024
/** The exact length of longer content is not worth parsing it. */
const measuredBytes = 16 * 1024 * 1024

/**
 * An outbox record's text with the length of its `content`, in bytes, in the place of that content. It may be megabytes,
 * and nobody here may keep or show it; finding its end is much cheaper than parsing it. Small texts come back as they are.
 */
export async function withoutContent(text: string): Promise<string> {
  if (text.length < smallBytes) return text
  // A quote inside of a string is always escaped, so this can only be a key.
  const key = /[,{]\s*"content"\s*:\s*"/.exec(text)
  if (!key) return text
  const from = key.index + key[0].length
  const end = await endOfString(text, from)
  if (end === null) return text.slice(0, from) // Cut off: no record, and not worth parsing.
  const content = text.slice(from, end)
  const contentBytes =
    content.length > measuredBytes ? content.length : Buffer.byteLength(unescaped(content) ?? content)
  return `${text.slice(0, from - 1)}${contentBytes}${text.slice(end + 1)}`
}

/** Where the quote stands that ends a JSON string which began before `from`; null when it is cut off. */
async function endOfString(text: string, from: number): Promise<number | null> {
  const breathe = createBreath(4096)
  for (let at = text.indexOf('"', from); at !== -1; at = text.indexOf('"', at + 1)) {
    const pause = breathe()
    if (pause) await pause
    let slashes = 0
    while (at - slashes - 1 >= from && text[at - slashes - 1] === '\\') slashes++
    if (slashes % 2 === 0) return at
  }
  return null
}

function unescaped(content: string): string | null {
  if (!content.includes('\\')) return content
  try {
    return JSON.parse(`"${content}"`)
  } catch {
    return null
  }
}
