import { setImmediate as nextTurn } from 'node:timers/promises'
import {
  Composer,
  type CST,
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type Pair,
  Parser,
} from 'yaml'
import { createBreath } from '../files/breath'
import type { FindingList } from './findings'
import { excessOf, yamlLimits } from './yamlLimits'
import type { DocumentPath, Position, PositionOf, YamlSource } from './yamlSource'

/**
 * Reads a text as YAML with all that is wrong with it, and where its parts stand. The thread is given up meanwhile, as far
 * as what reads it lets it.
 */
export async function parseCarefully(text: string, findings: FindingList): Promise<YamlSource | null> {
  const lines = new LineCounter()
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(1, line), column: Math.max(1, col) }
  }
  const fail = (offset: number, message: string): null => {
    findings.addAt(at(offset), { severity: 'error', message })
    return null
  }
  try {
    const tokens = await readTokens(text, lines)
    if ('message' in tokens) return fail(tokens.offset, tokens.message)
    await nextTurn()
    const [document, second] = compose(tokens.list, text.length)
    if (!document) return fail(0, 'this file is empty')
    for (const { message, pos } of document.errors.slice(0, yamlLimits.told))
      fail(pos[0], `this is not valid YAML: ${firstLine(message)}`)
    for (const { message, pos } of document.warnings.slice(0, yamlLimits.told))
      findings.addAt(at(pos[0]), { severity: 'warning', message: firstLine(message) })
    if (document.errors.length > 0) return null
    if (second) return fail(second.range[0], 'a second document begins here: a workflow file holds one')
    await nextTurn()
    checkKeys(document, fail)
    const value: unknown = document.toJS({ maxAliasCount: 100 })
    if (value === null) return fail(0, 'this file is empty')
    const tooMuch = excessOf(value)
    if (tooMuch !== null) return fail(0, tooMuch)
    const positionOf: PositionOf = (path, part) => mapNullable(offsetIn(document, path, part), at)
    return { value, places: async () => positionOf }
  } catch (error) {
    // Of the reader itself: too many aliases, aliases of nothing.
    return fail(0, `this cannot be read: ${firstLine(error instanceof Error ? error.message : String(error))}`)
  }
}

type Tokens = { readonly list: readonly CST.Token[] } | { readonly offset: number; readonly message: string }

/** The nesting is looked at here because what comes after works by recursion: a stack that overflows there may end the process. */
async function readTokens(text: string, lines: LineCounter): Promise<Tokens> {
  const parser = new Parser(lines.addNewLine)
  const breathe = createBreath()
  const list: CST.Token[] = []
  let count = 0
  lines.addNewLine(0)
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) list.push(token)
    if (parser.stack.length > yamlLimits.depth)
      return { offset: parser.offset, message: `lists and maps are more than ${yamlLimits.depth} deep here` }
    if (++count > yamlLimits.tokens)
      return { offset: parser.offset, message: 'this file has too many parts to be read' }
    const pause = breathe()
    if (pause) await pause
  }
  for (const token of parser.end()) list.push(token)
  return { list }
}

/** Its own look for keys that occur twice takes quadratic time: checkKeys does it. */
const composing = { prettyErrors: false, uniqueKeys: false, logLevel: 'silent' } as const

function compose(tokens: readonly CST.Token[], length: number): readonly Document.Parsed[] {
  const composer = new Composer(composing)
  const documents: Document.Parsed[] = []
  for (const document of composer.compose(tokens, true, length)) {
    documents.push(document)
    if (documents.length > 1) break
  }
  return documents
}

function firstLine(message: string): string {
  return (message.split('\n')[0] ?? '').slice(0, 300)
}

/** Keys that are no text, or occur twice in a map. */
function checkKeys(document: Document.Parsed, report: (offset: number, message: string) => void): void {
  const nodes: unknown[] = [document.contents]
  let told = 0
  for (let node = nodes.pop(); node !== undefined && told < yamlLimits.told; node = nodes.pop()) {
    if (isSeq(node)) for (const item of node.items) nodes.push(item)
    if (!isMap(node)) continue
    const seen = new Set<string>()
    for (const { key, value } of node.items) {
      const name = isScalar(key) ? String(key.value) : undefined
      const wrong =
        name === undefined
          ? 'a key is text, not a list, a map or an alias'
          : seen.has(name) && `the key ${JSON.stringify(name.slice(0, 100))} stands here twice`
      if (wrong) {
        report(offsetOf(key) ?? 0, wrong)
        told++
      }
      if (name !== undefined) seen.add(name)
      nodes.push(value ?? null)
    }
  }
}

function offsetOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined
}

function offsetIn(document: Document.Parsed, path: DocumentPath, part: 'key' | 'value'): number | undefined {
  let node: unknown = document.contents
  let offset = offsetOf(node)
  for (const [index, step] of path.entries()) {
    if (isAlias(node)) node = node.resolve(document)
    const pair = isMap(node) ? node.items.find((item) => keyOf(item) === String(step)) : undefined
    const next: unknown = isSeq(node) && typeof step === 'number' ? node.items[step] : pair?.value
    const wantsKey = part === 'key' && index === path.length - 1
    const found = (wantsKey ? undefined : offsetOf(next)) ?? offsetOf(pair?.key) ?? offsetOf(next)
    if (found === undefined) break
    offset = found
    node = next
  }
  return offset
}

function keyOf({ key }: Pair): string | undefined {
  return isScalar(key) ? String(key.value) : undefined
}

function mapNullable<A, B>(value: A | undefined, map: (value: A) => B): B | null {
  return value === undefined ? null : map(value)
}
