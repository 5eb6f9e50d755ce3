import { open } from 'node:fs/promises'

const blank = 0x20
const newline = 0x0a

/**
 * Takes lines back that were appended to a file behind `from`, its size before, whole or in part, although the append was
 * refused: their bytes are overwritten with blanks, which every reader skips, so that no later append makes a line of them.
 * Bytes of others are not touched. Gives whether nothing of the lines stands there now; never throws.
 */
export async function takeBack(
  path: string,
  { lines, from }: { readonly lines: readonly string[]; readonly from: number },
): Promise<boolean> {
  const data = Buffer.from(`${lines.join('\n')}\n`)
  try {
    // With the byte before, which tells whether a line begins there: others may have been in the middle of one.
    const start = Math.max(0, from - 1)
    const found = findPart(await readFrom(path, start), { data, isLineStart: from === 0 })
    if (found) await overwrite(path, { from: start + found.at, bytes: blanksFor(data.subarray(0, found.length)) })
    return true
  } catch {
    return false
  }
}

async function readFrom(path: string, from: number): Promise<Buffer> {
  const handle = await open(path, 'r')
  try {
    const { size } = await handle.stat()
    const bytes = Buffer.alloc(Math.max(0, size - from))
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, from)
    return bytes.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}

/** Where the beginning of our data stands: from the start of a line to the end of all our data, of that line, or of the file. */
function findPart(
  region: Buffer,
  { data, isLineStart }: { readonly data: Buffer; readonly isLineStart: boolean },
): { readonly at: number; readonly length: number } | undefined {
  for (let at = isLineStart ? 0 : lineAfter(region, 0); at < region.length; at = lineAfter(region, at)) {
    let length = 0
    while (length < data.length && region[at + length] === data[length]) length++
    const ends = length === data.length || at + length === region.length || region[at + length] === newline
    if (length > 0 && ends) return { at, length }
  }
  return undefined
}

function lineAfter(region: Buffer, at: number): number {
  const end = region.indexOf(newline, at)
  return end === -1 ? region.length : end + 1
}

/** Line ends stay, so that lines keep their numbers. The last byte becomes one, so that nothing is glued to the blanks. */
function blanksFor(data: Buffer): Buffer {
  const blanks = Buffer.from(data.map((byte) => (byte === newline ? newline : blank)))
  blanks[blanks.length - 1] = newline
  return blanks
}

async function overwrite(
  path: string,
  { from, bytes }: { readonly from: number; readonly bytes: Buffer },
): Promise<void> {
  const handle = await open(path, 'r+')
  try {
    for (let done = 0; done < bytes.length; )
      done += (await handle.write(bytes, done, bytes.length - done, from + done)).bytesWritten
    await handle.sync().catch(() => undefined) // The disk may refuse this too. What readers see is right already.
  } finally {
    await handle.close()
  }
}
