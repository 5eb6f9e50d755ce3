import type { LogBlock } from './logBlocks'
import type { LogStreams } from './logStreams'

const newline = 10
/** All of it ASCII, so that it means the same in bytes. What stands before is looked at apart, which is faster. */
const speaksOfError = /(?:error|fail(?:ed|ure|ing)?|fatal|panic|exception|traceback|segmentation fault)\b/gi
const endOfWord = /\w$/
const endOfColour = new RegExp(`${String.fromCharCode(27)}\\[[\\d;:]*m$`)
const longestColour = 24

/**
 * Where the first line of the asked stream begins that speaks of an error, colours or not; null when none does. What
 * begins or ends at the edge of a torn line does not count: it is seen again in the next piece.
 */
export function findSpokenError(block: LogBlock, counts: (offset: number) => boolean): number | null {
  const { bytes, text, start, lineStart, isTorn } = block
  speaksOfError.lastIndex = 0
  for (let match = speaksOfError.exec(text); match; match = speaksOfError.exec(text)) {
    const { index } = match
    if (isTorn && speaksOfError.lastIndex === text.length) return null
    const begin = bytes.lastIndexOf(newline, index) + 1
    const beginsWord =
      index === 0 ? start === lineStart : !isInsideWord(text.slice(Math.max(begin, index - longestColour), index))
    if (!beginsWord) {
      speaksOfError.lastIndex = index + 1
      continue
    }
    const line = begin === 0 ? lineStart : start + begin
    if (counts(line)) return line
    const end = bytes.indexOf(newline, index)
    if (end === -1) return null
    speaksOfError.lastIndex = end + 1
  }
  return null
}

function isInsideWord(before: string): boolean {
  return endOfWord.test(before) && !endOfColour.test(before)
}

/** Where the first line begins whose first byte is stderr; null when none does in this block. */
export function findPrintedError({ bytes, start, lineStart }: LogBlock, streams: LogStreams): number | null {
  let from = start
  for (const [stream, length] of streams.within(start, start + bytes.length)) {
    const at = from - start
    from += length
    if (stream !== 'stderr') continue
    const isLineStart = at === 0 ? start === lineStart : bytes[at - 1] === newline
    const next = isLineStart ? at : bytes.indexOf(newline, at) + 1
    if ((isLineStart || next > 0) && next < from - start) return start + next
  }
  return null
}
