import { expect, test } from 'vitest'
import { isKey, keyGroups, keyLineOf, keyNow, keysOf, keyWords } from './keys'
import { knownShortcuts } from './shortcuts'

const plain = { ctrlKey: false, metaKey: false, altKey: false }

test('no two things of one place have the same key, and none the key of everywhere', () => {
  const [everywhere, ...others] = keyGroups.map(({ lines }) => lines.flatMap(({ keys }) => keys))
  const twice = others.map((keys) => [...(everywhere ?? []), ...keys].filter((key, at, all) => all.indexOf(key) !== at))
  expect(twice.flat()).toEqual([])
})

test('every key has words, and every id is there once', () => {
  const lines = keyGroups.flatMap((group) => group.lines)
  expect([
    new Set(lines.map(({ id }) => id)).size,
    lines.filter(({ what, keys }) => what === '' || keys.length === 0),
  ]).toEqual([lines.length, []])
})

test('every key that can be changed is among them', () => {
  const keys = new Set(
    keyGroups.flatMap(({ lines }) => lines.flatMap((line) => line.keys.map((key) => key.split(' ')[0]))),
  )
  expect(knownShortcuts.filter(({ key }) => !keys.has(key))).toEqual([])
})

test('a key that a person changed is told as it is now, also before another', () => {
  const chosen = { go: 'h', resume: 'y' }
  expect(['g o', 'r', 'R', 'Ctrl+k'].map((key) => keyNow(key, chosen))).toEqual(['h o', 'y', 'R', 'Ctrl+k'])
})

test('a key is looked for in the groups of a screen, the first one first', () => {
  const ask = (key: string, titles: readonly string[]) => keyLineOf({ ...plain, key }, titles)
  expect([
    ask('e', ['Lists', 'Writebacks']),
    ask('e', ['Logs']),
    ask('ArrowDown', ['Lists']),
    ask(' ', ['Lists']),
    ask('+', ['Runs']),
    ask('q', ['Lists']),
  ]).toEqual(['edit', 'log-error', 'next', 'preview', 'zoom', null])
})

test('keys are written as a person reads them', () => {
  expect(['Ctrl+k', 'R', 'g o', 'Alt+ArrowLeft', 'Ctrl+Shift+N', '?', 'Escape'].map(keyWords)).toEqual([
    'Ctrl K',
    'Shift R',
    'g o',
    'Alt ←',
    'Ctrl Shift N',
    '?',
    'Esc',
  ])
})

test('a key is itself with its own of Ctrl and Alt only', () => {
  expect([
    isKey({ ...plain, key: 'k', ctrlKey: true }, 'palette'),
    isKey({ ...plain, key: 'K', metaKey: true }, 'palette'),
    isKey({ ...plain, key: 'k' }, 'palette'),
    isKey({ ...plain, key: 'r' }, 'resume'),
    isKey({ ...plain, key: 'R' }, 'resume'),
    isKey({ ...plain, key: ' ' }, 'preview'),
    isKey({ ...plain, key: 'ArrowLeft', altKey: true }, 'back'),
    keysOf('nothing'),
  ]).toEqual([true, true, false, true, false, true, true, []])
})
