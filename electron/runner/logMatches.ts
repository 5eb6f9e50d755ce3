import { isAscii } from 'node:buffer'
import type { LogQuery } from '../../shared/logs'
import { RundeskError } from '../../shared/outcome'
import type { LogBlock } from './logBlocks'
import { toPlainBlock } from './plainBlock'
import { requiredText } from './requiredText'

const newline = 10
const escapeCharacter = String.fromCharCode(27)
const carriageReturn = 13

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

/**
 * Makes the fastest way there is to find what is looked for, in a log as a person sees it: colours are no part of a line,
 * unless the query names them. Throws `usage` for an expression that is none.
 */
export function createMatcher(query: LogQuery): LogMatcher {
  const matcher = createByteMatcher(query)
  if (query.query.includes(escapeCharacter)) return matcher
  return {
    ...matcher,
    visit: (block, from, visit) => {
      const plain = toPlainBlock(block)
      if (!plain) {
        matcher.visit(block, from, visit)
        return
      }
      const { start } = block
      matcher.visit(plain.block, start + plain.fromOriginal(from - start), (begin, end) => {
        const at = plain.toOriginal(begin - start)
        visit(start + at, start + plain.toOriginal(end - 1 - start) + 1)
      })
    },
  }
}

function createByteMatcher({ query, regex, caseSensitive }: LogQuery): LogMatcher {
  if (regex) {
    const visit = inLines({ source: query, caseSensitive })
    return { longestBytes: 0, needsWholeLines: true, visit }
  }
  const bytes = Buffer.from(query)
  const facts = { longestBytes: bytes.length * 3, needsWholeLines: false }
  if (query.includes('\n')) return { ...facts, visit: () => undefined }
  const literal = inLines({ source: escaped(query), caseSensitive })
  // What is no character could stand for any bytes that are none.
  const isExact = caseSensitive && bytes.toString() === query && !query.includes('\ufffd')
  if (!isExact && !isAscii(bytes)) return { ...facts, visit: literal }
  const finder = createByteFinder(bytes, caseSensitive)
  return {
    ...facts,
    visit: (block, from, visit) => {
      if (!finder.isSure(block)) {
        literal(block, from, visit)
        return
      }
      const { text, start } = block
      for (let at = finder.next(text, from - start); at !== -1; at = finder.next(text, at + bytes.length))
        visit(start + at, start + at + bytes.length)
    },
  }
}

/** Finds bytes in the text of a block; ASCII when case does not count. */
function createByteFinder(bytes: Buffer, caseSensitive: boolean) {
  const expression = new RegExp(escaped(bytes.toString('latin1')), caseSensitive ? 'g' : 'gi')
  const mayFold = !caseSensitive && /[ks]/i.test(bytes.toString('latin1'))
  return {
    /** Is there nothing in the block that is the same in other bytes? */
    isSure: (block: LogBlock): boolean => !mayFold || !foldedToAscii.some((other) => block.bytes.includes(other)),
    /** Where they stand next, from a place in the text on; -1 when nowhere. */
    next: (text: string, from: number): number => {
      expression.lastIndex = from
      return expression.test(text) ? expression.lastIndex - bytes.length : -1
    },
  }
}

/** Matches an expression against each line by itself, without its end; only where it could match, as far as that is known. */
function inLines({
  source,
  caseSensitive,
}: {
  readonly source: string
  readonly caseSensitive: boolean
}): LogMatcher['visit'] {
  const expression = toExpression(source, caseSensitive)
  const required = requiredText(source)
  const finder = required === undefined ? undefined : createByteFinder(Buffer.from(required), caseSensitive)
  return (block, from, visit) => {
    const { bytes, text, start } = block
    const hint = finder?.isSure(block) ? finder : undefined
    const isPlain = isAscii(bytes)
    let at = from - start
    while (at < bytes.length) {
      if (hint) {
        const place = hint.next(text, at)
        if (place === -1) return
        at = Math.max(at, bytes.lastIndexOf(newline, place) + 1)
      }
      const newlineAt = bytes.indexOf(newline, at)
      const next = newlineAt === -1 ? bytes.length : newlineAt
      const end = next > at && bytes[next - 1] === carriageReturn ? next - 1 : next
      const line = isPlain ? text.slice(at, end) : bytes.toString('utf8', at, end)
      visitLine(expression, line, { from: start + at, to: start + end, visit })
      at = next + 1
    }
  }
}

function visitLine(
  expression: RegExp,
  line: string,
  { from, to, visit }: { readonly from: number; readonly to: number; readonly visit: Visit },
): void {
  let [place, behind] = [from, 0]
  expression.lastIndex = 0
  for (let match = expression.exec(line); match; match = expression.exec(line)) {
    const [matched] = match
    if (matched === '') {
      expression.lastIndex += (line.codePointAt(match.index) ?? 0) > 0xffff ? 2 : 1
      continue
    }
    // Bytes that are no UTF-8 are longer as text: the place is near then, not exact.
    const begin = Math.min(place + Buffer.byteLength(line.slice(behind, match.index)), to - 1)
    behind = match.index + matched.length
    place = Math.min(begin + Buffer.byteLength(matched), to)
    visit(begin, place)
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
      throw new RundeskError('usage', `This is no regular expression (${expressionFault(error)}).`, {
        cause: error,
      })
    }
  }
}

/** What the engine says stands behind the expression itself: `Invalid regular expression: /(/gu: Unterminated group`. */
function expressionFault(error: unknown): string {
  const message = error instanceof Error ? error.message : ''
  return message.slice(message.lastIndexOf(': ') + 2)
}
