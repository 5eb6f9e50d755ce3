import type { ESTree } from 'vite'
import { expect, test } from 'vitest'
import { nodesOf, placeOf, sources } from '../state/sources.testkit'

/** What a person reads or hears of an element. */
const textAttributes: ReadonlySet<string> = new Set([
  ...['title', 'aria-label', 'aria-description', 'aria-valuetext', 'alt', 'placeholder'],
  ...['label', 'legend', 'words', 'word', 'note', 'empty', 'absent', 'act'],
])
/** What a message or a line of a menu says. */
const textProperties: ReadonlySet<string> = new Set(['text', 'label', 'group', 'word'])
/** What these show is typed by a person, or is code. */
const code: ReadonlySet<unknown> = new Set(['code', 'kbd'])

test('no component holds English words of its own, and no hook tells any: they stand in texts/', () => {
  const others = Object.keys(sources).filter((path) => !path.startsWith('texts/'))
  expect(others.flatMap(wordsWrittenIn)).toEqual([])
})

test('words that stand in a component would be found', () => {
  const component = `export function Row({ open, name, count }) {
    const why = { label: 'Open it', reason: 'It cannot be opened now.' }
    return <li title={open ? 'Open' : name} aria-label={\`Row of \${name}\`}>
      Row <b>{counted(count, 'step')}</b> {open && 'is open'} <code>npm run demo</code> {name === 'no word' ? 1 : 2}
    </li>
  }`
  Object.assign(sources, { 'written here.tsx': component })
  expect(wordsWrittenIn('written here.tsx')).toHaveLength(7)
})

/** Where a component says something in words of its own. */
function wordsWrittenIn(path: string): readonly string[] {
  const nodes = nodesOf(path)
  const inCode = new Set(nodes.flatMap((node) => (isCode(node) ? node.children : [])))
  const found = nodes.flatMap((node) => (inCode.has(node as ESTree.JSXChild) ? [] : wordsOf(node)))
  return [...new Set(found.map((node) => node.start))].map((start) => placeOf(path, { start }))
}

function isCode(node: ESTree.Node): node is ESTree.JSXElement {
  return node.type === 'JSXElement' && 'name' in node.openingElement.name && code.has(node.openingElement.name.name)
}

function wordsOf(node: ESTree.Node): readonly ESTree.Node[] {
  switch (node.type) {
    case 'JSXText':
      return isWord(node.value) ? [node] : []
    case 'JSXAttribute':
      return textAttributes.has(String(node.name.name)) && node.value ? said(node.value) : []
    case 'JSXElement':
    case 'JSXFragment':
      return node.children.flatMap((child) => (child.type === 'JSXExpressionContainer' ? said(child) : []))
    case 'CallExpression':
      return node.callee.type === 'Identifier' && node.callee.name === 'counted'
        ? node.arguments.slice(1).flatMap(said)
        : []
    case 'Property':
      return node.key.type === 'Identifier' && textProperties.has(node.key.name) ? said(node.value) : []
    case 'Literal':
      return typeof node.value === 'string' && isSentence(node.value) ? [node] : []
    default:
      return []
  }
}

/** The words among what an expression can become. */
function said(node: ESTree.Node): readonly ESTree.Node[] {
  switch (node.type) {
    case 'JSXExpressionContainer':
      return said(node.expression)
    case 'Literal':
      return typeof node.value === 'string' && isWord(node.value) ? [node] : []
    case 'TemplateLiteral':
      return node.quasis.some(({ value }) => isWord(value.raw)) ? [node] : node.expressions.flatMap(said)
    case 'ConditionalExpression':
      return [...said(node.consequent), ...said(node.alternate)]
    case 'LogicalExpression':
      return node.operator === '&&' ? said(node.right) : [...said(node.left), ...said(node.right)]
    default:
      return []
  }
}

function isWord(text: string): boolean {
  return /[A-Za-z]{2}/.test(text)
}

/** Words that end as a sentence does. */
function isSentence(text: string): boolean {
  return /^[A-Z][a-z]* [a-z]+.*[.…]$/.test(text)
}
