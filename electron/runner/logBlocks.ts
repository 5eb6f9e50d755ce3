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
 * Reads a log from its start, the next `pieceBytes` while the last are looked at. Of a line that is longer than that each
 * block begins at least `overlapBytes`, of which a piece has more, before the end of the last one, and none ends inside a
 * character. A block is to be forgotten when the next one is asked for.
 */
export async function* readLogBlocks(
  log: LogParts,
  { pieceBytes, overlapBytes }: { readonly pieceBytes: number; readonly overlapBytes: number },
): AsyncGenerator<LogBlock> {
  let [buffer, spare] = [Buffer.allocUnsafe(pieceBytes), Buffer.allocUnsafe(pieceBytes)]
  let [start, lineStart] = [0, 0]
  let reading = log.read(start, pieceBytes, buffer)
  for (;;) {
    const piece = await reading
    if (piece.length === 0) return
    const isLast = piece.length < pieceBytes
    const wholeLines = piece.lastIndexOf(newline) + 1
    const isTorn = !isLast && wholeLines === 0
    const end = isLast ? piece.length : wholeLines || piece.length - unfinishedBytes(piece)
    const next = isTorn ? characterStart(piece, end - overlapBytes) : end
    ;[buffer, spare] = [spare, buffer]
    if (!isLast) reading = log.read(start + next, pieceBytes, buffer)
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
