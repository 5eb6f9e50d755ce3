import { isAscii } from 'node:buffer'
import type { LogQuery } from '../../shared/logs'
import { RundeskError } from '../../shared/outcome'
import type { LogBlock } from './logBlocks'

/** Told of each match in the order of the log: its first byte's offset, and that behind its last. */
type Visit = (from: number, to: number) => void

/** Finds the matches of a query, none of which overlap. */
export interface LogMatcher {
  /** No match of a plain text is longer. */
  readonly longestBytes: number
  /** Does it look at lines one by one, so that it may miss what lies across pieces of one? */
  readonly needsWholeLines: boolean
  /** Visits the matches of a block that begin at `from` or behind it. */
  readonly visit: (block: LogBlock, from: number, visit: Visit) => void
}

/** Two characters outside of ASCII that are the same as `k` and `s` when case does not count. */
const foldedToAscii = ['\u212a', '\u017f'].map((character) => Buffer.from(character))

/** Makes the fastest way there is to find what is looked for. Throws `usage` for an expression that is none. */
export function createMatcher({ query, regex, caseSensitive }: LogQuery): LogMatcher {
  if (regex) return { longestBytes: 0, needsWholeLines: true, visit: inLines(toExpression(query, caseSensitive)) }
  const bytes = Buffer.from(query)
  const longestBytes = bytes.length * 3
  // What is no character could stand for any bytes that are none.
  const isExact = caseSensitive && bytes.toString() === query && !query.includes('\ufffd')
  const literal = inLines(toExpression(escaped(query), caseSensitive))
  if (query.includes('\n')) return { longestBytes, needsWholeLines: false, visit: () => undefined }
  if (!isExact && !isAscii(bytes)) return { longestBytes, needsWholeLines: false, visit: literal }
  const expression = new RegExp(escaped(bytes.toString('latin1')), caseSensitive ? 'g' : 'gi')
  const mayFold = !caseSensitive && /[ks]/i.test(query)
  const inBytes: LogMatcher['visit'] = (block, from, visit) => {
    if (mayFold && foldedToAscii.some((character) => block.bytes.includes(character))) {
      literal(block, from, visit)
      return
    }
    const { text, start } = block
    expression.lastIndex = from - start
    while (expression.test(text)) {
      const to = start + expression.lastIndex
      visit(to - bytes.length, to)
    }
  }
  return { longestBytes, needsWholeLines: false, visit: inBytes }
}

/** Matches an expression against each line by itself, without its end. */
function inLines(expression: RegExp): LogMatcher['visit'] {
  return ({ bytes, text, start }, from, visit) => {
    const decoded = isAscii(bytes) ? text : undefined
    for (let at = from - start; at < bytes.length; ) {
      const newline = bytes.indexOf(10, at)
      const next = newline === -1 ? bytes.length : newline
      const end = next > at && bytes[next - 1] === 13 ? next - 1 : next
      const line = decoded === undefined ? bytes.toString('utf8', at, end) : decoded.slice(at, end)
      let [place, to] = [start + at, 0]
      expression.lastIndex = 0
      for (let match = expression.exec(line); match; match = expression.exec(line)) {
        const [matched] = match
        if (matched === '') {
          expression.lastIndex += (line.codePointAt(match.index) ?? 0) > 0xffff ? 2 : 1
          continue
        }
        // Bytes that are no UTF-8 are longer as text: the place is near then, not exact.
        place = Math.min(place + Buffer.byteLength(line.slice(to, match.index)), start + Math.max(at, end - 1))
        to = match.index + matched.length
        const behind = Math.min(place + Buffer.byteLength(matched), start + end)
        visit(place, behind)
        place = behind
      }
      at = next + 1
    }
  }
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
}

function toExpression(source: string, caseSensitive: boolean): RegExp {
  const flags = `g${caseSensitive ? '' : 'i'}`
  try {
    return new RegExp(source, `${flags}u`)
  } catch {
    try {
      return new RegExp(source, flags)
    } catch (error) {
      throw new RundeskError('usage', `This is no regular expression: ${error instanceof Error ? error.message : ''}`, {
        cause: error,
      })
    }
  }
}
