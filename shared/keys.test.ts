import { expect, test } from 'vitest'
import { type KeyPlace, keyGroups, keyLines, keysOf, knownShortcuts } from './keys'
import { isKey, keyIdOf, keyNow, keyWords } from './rules/pressedKeys'

const plain = { ctrlKey: false, metaKey: false, altKey: false }

test('no two things of one place have the same key, and none the key of everywhere', () => {
  const [everywhere, ...others] = keyGroups.map(({ lines }): readonly string[] =>
    [...lines].flatMap(({ keys }) => [...keys]),
  )
  const twice = others.map((keys) => [...(everywhere ?? []), ...keys].filter((key, at, all) => all.indexOf(key) !== at))
  expect(twice.flat()).toEqual([])
})

test('every key has words, and every id is there once', () => {
  expect([
    new Set(keyLines.map(({ id }) => id)).size,
    keyLines.filter(({ what, keys }) => what === '' || keys.length === 0),
  ]).toEqual([keyLines.length, []])
})

test('a key of two places is changed once, for both', () => {
  expect(knownShortcuts.filter(({ key }) => ['r', 'e', '/'].includes(key))).toEqual([
    { id: 'search', key: '/', what: 'Search; search the log' },
    { id: 'resume', key: 'r', what: 'Resume the run; retry the writebacks' },
    {
      id: 'edit',
      key: 'e',
      what: 'Edit the writeback and retry it, or choose a version of it; the first error of the log',
    },
  ])
})

test('of two lines with the same key, Shift chooses the one that names it', () => {
  const press = (shiftKey: boolean) => keyIdOf({ ...plain, key: 'ArrowLeft', shiftKey }, ['Timeline'])
  expect([press(true), press(false)]).toEqual(['timeline-earlier', 'end-earlier'])
})

test('a key that a person changed is told as it is now, also before another', () => {
  const chosen = { go: 'h', resume: 'y' }
  expect(['g o', 'r', 'R', 'Ctrl+k'].map((key) => keyNow(key, chosen))).toEqual(['h o', 'y', 'R', 'Ctrl+k'])
})

test('a key is looked for at the places of a screen, the first one first', () => {
  const ask = (key: string, places: readonly KeyPlace[]) => keyIdOf({ ...plain, key }, places)
  expect([
    ask('e', ['Lists', 'Writebacks']),
    ask('e', ['Logs']),
    ask('ArrowDown', ['Lists']),
    ask(' ', ['Lists']),
    ask('+', ['Timeline']),
    ask('q', ['Lists']),
  ]).toEqual(['edit', 'log-error', 'next', 'preview', 'zoom-in', null])
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
