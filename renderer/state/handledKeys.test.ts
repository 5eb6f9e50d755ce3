import type { ESTree } from 'vite'
import { expect, test } from 'vitest'
import { keyLines } from '../../shared/keys'
import { nodesOf, placeOf, sources } from './sources.testkit'

const namedKeys: ReadonlySet<unknown> = new Set([
  ...['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'Home', 'End', 'PageUp', 'PageDown'],
  ...['Enter', 'Escape', 'Tab', 'Backspace', 'Delete'],
])

test('no handler names a key by itself: every key that is handled is in the list of keys', () => {
  expect(Object.keys(sources).flatMap(keysNamedIn)).toEqual([])
})

test('a handler that names a key by itself would be found', () => {
  const handler = `const onKey = (event) => {
    if (event.key === 'q') return 1
    switch (event.key) { case 'z': return 2 }
    return { ArrowUp: 3 }[event.key] ?? ['y'].includes(event.key) ?? key === 'Home'
  }`
  sourceOf(handler)
  expect(keysNamedIn('written here.tsx')).toHaveLength(5)
})

test('every key of the list is handled somewhere in the window, or by the menu of the app', () => {
  const written = [...Object.values(sources), ...Object.values(menu)].join('\n')
  expect(keyLines.map(({ id }) => id).filter((id) => !written.includes(`'${id}'`) && id !== 'filters')).toEqual([])
})

const menu = import.meta.glob<string>('../../electron/shell/appMenu.ts', {
  query: '?raw',
  import: 'default',
  eager: true,
})

function sourceOf(text: string): void {
  Object.assign(sources, { 'written here.tsx': text })
}

/** Where a source compares the key of an event with a word of its own. */
function keysNamedIn(path: string): readonly string[] {
  return nodesOf(path)
    .flatMap(ownWordsOf)
    .map((node) => placeOf(path, node))
}

function ownWordsOf(node: ESTree.Node): readonly ESTree.Node[] {
  switch (node.type) {
    case 'Literal':
      return namedKeys.has(node.value) ? [node] : []
    case 'Property':
      return node.key.type === 'Identifier' && namedKeys.has(node.key.name) ? [node.key] : []
    case 'BinaryExpression':
      return isKeyOfEvent(node.left) && isOwnWord(node.right) ? [node.right] : []
    case 'SwitchStatement':
      if (!isKeyOfEvent(node.discriminant)) return []
      return node.cases.flatMap(({ test }) => (test && isOwnWord(test) ? [test] : []))
    case 'CallExpression': {
      const [given] = node.arguments
      if (node.callee.type !== 'MemberExpression' || node.callee.object.type !== 'ArrayExpression') return []
      return given && isKeyOfEvent(given) ? node.callee.object.elements.flatMap((one) => (one ? [one] : [])) : []
    }
    default:
      return []
  }
}

function isKeyOfEvent(node: ESTree.Node): boolean {
  if (node.type !== 'MemberExpression' || node.computed || node.property.type !== 'Identifier') return false
  return node.property.name === 'key' && node.object.type === 'Identifier' && /event/i.test(node.object.name)
}

/** A character, or a word for a key that is none of those above (they are found anywhere). */
function isOwnWord(node: ESTree.Node): boolean {
  return node.type === 'Literal' && typeof node.value === 'string' && !namedKeys.has(node.value)
}
