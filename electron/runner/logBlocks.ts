import type { LogParts } from './logParts'
import { unfinishedBytes } from './readAttemptLog'

const newline = 10

/** A piece of a log: whole lines, or a part of one that is too long. */
export interface LogBlock {
  readonly bytes: Buffer
  /** The same, one character for each byte. */
  readonly text: string
  /** Its offset in the log. */
  readonly start: number
  /** Where its first line begins: before `start` in a line that is too long. */
  readonly lineStart: number
  /** Does its last line go on behind it? */
  readonly isTorn: boolean
}

/**
 * Reads a log from its start, the next block while the last is looked at. Of a line that is too long each piece begins at
 * least `overlapBytes`, of which a block has more, before the end of the last one, and no piece ends inside a character.
 */
export async function* readLogBlocks(
  log: LogParts,
  { blockBytes, overlapBytes }: { readonly blockBytes: number; readonly overlapBytes: number },
): AsyncGenerator<LogBlock> {
  let [start, lineStart] = [0, 0]
  let reading = log.read(start, blockBytes)
  for (;;) {
    const piece = await reading
    if (piece.length === 0) return
    const isLast = piece.length < blockBytes
    const wholeLines = piece.lastIndexOf(newline) + 1
    const isTorn = !isLast && wholeLines === 0
    const end = isLast ? piece.length : wholeLines || piece.length - unfinishedBytes(piece)
    const next = isTorn ? characterStart(piece, end - overlapBytes) : end
    if (!isLast) reading = log.read(start + next, blockBytes)
    reading.catch(() => undefined) // Nobody waits for it when the reader stops here.
    const bytes = piece.subarray(0, end)
    yield { bytes, text: bytes.toString('latin1'), start, lineStart, isTorn }
    if (isLast) return
    start += next
    if (!isTorn) lineStart = start
  }
}

/** The nearest place at or before `from` that is not inside a character. */
function characterStart(bytes: Uint8Array, from: number): number {
  let at = from
  while (at > 0 && from - at < 3 && ((bytes[at] ?? 0) & 0xc0) === 0x80) at--
  return at
}
