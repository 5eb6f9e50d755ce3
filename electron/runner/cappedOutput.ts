/** A row holds at most this much of an output: its head and its tail. */
export const maxOutputBytes = 256 * 1024
const halfBytes = maxOutputBytes / 2 - 64

export interface CappedOutput {
  readonly write: (chunk: Uint8Array) => void
  /** The text, decoded as a whole; over 256 KiB its head, a line that tells what is missing, and its tail. */
  readonly text: () => string
  /** Did the text that was asked for occur anywhere, also in what is left out? */
  readonly found: () => boolean
}

/** What is looked for in a stream: a text, or a pattern of single-byte characters that fits at most `longest` of them. */
export type Sought = string | { readonly pattern: RegExp; readonly longest: number }

/** Keeps the first and the last part of a stream in bounded memory, and looks for something in all of it. */
export function createCappedOutput(find: Sought = ''): CappedOutput {
  const seamBytes = typeof find === 'string' ? Buffer.byteLength(find) - 1 : find.longest
  const occursIn = (bytes: Buffer): boolean =>
    typeof find === 'string' ? bytes.includes(find) : find.pattern.test(bytes.toString('latin1'))
  let seam = Buffer.alloc(0)
  let found = find === ''
  const head: Uint8Array[] = []
  let headBytes = 0
  let tail: Uint8Array[] = []
  let tailBytes = 0
  let bytes = 0
  return {
    write: (chunk) => {
      bytes += chunk.length
      if (!found) {
        const searched = Buffer.concat([seam, chunk])
        found = occursIn(searched)
        seam = searched.subarray(Math.max(0, searched.length - seamBytes))
      }
      const room = maxOutputBytes - headBytes
      if (room > 0) {
        head.push(chunk.subarray(0, room))
        headBytes += Math.min(room, chunk.length)
      }
      tail.push(chunk)
      tailBytes += chunk.length
      if (tailBytes < 4 * halfBytes && tail.length < 1024) return
      tail = [Buffer.concat(tail).subarray(-halfBytes)]
      tailBytes = tail[0]?.length ?? 0
    },
    found: () => found,
    text: () => {
      if (bytes <= maxOutputBytes) return Buffer.concat(head).toString('utf8')
      const from = trimStart(Buffer.concat(tail).subarray(-halfBytes))
      const to = trimEnd(Buffer.concat(head).subarray(0, halfBytes))
      return `${to.toString('utf8')}\n[… ${bytes - to.length - from.length} bytes left out; the log has them …]\n${from.toString('utf8')}`
    },
  }
}

/** Leaves out the end of a character that began before. */
function trimStart(part: Buffer): Buffer {
  let start = 0
  while (start < 3 && ((part[start] ?? 0) & 0xc0) === 0x80) start++
  return part.subarray(start)
}

/** Leaves out the start of a character that would end later. */
function trimEnd(part: Buffer): Buffer {
  for (let back = 1; back <= Math.min(4, part.length); back++) {
    const byte = part[part.length - back] ?? 0
    if ((byte & 0xc0) === 0x80) continue
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1
    return length > back ? part.subarray(0, part.length - back) : part
  }
  return part
}
