import { expect, test } from 'vitest'
import { knownShortcuts } from '../keys'
import { keyName, meaningOf, refusalOfKey } from './shortcutKeys'

const press = (key: string, change: object = {}) =>
  keyName({ key, ctrlKey: false, metaKey: false, altKey: false, ...change })

test('without a change every key is itself', () => {
  expect(knownShortcuts.map(({ key }) => meaningOf(key, {}).kind)).toEqual(knownShortcuts.map(() => 'itself'))
})

test('a changed key stands for the one it was changed from, which does nothing any more', () => {
  expect([meaningOf('z', { cancel: 'z' }), meaningOf('c', { cancel: 'z' })]).toEqual([
    { kind: 'other', key: 'c' },
    { kind: 'nothing' },
  ])
})

test('two keys can be exchanged', () => {
  const chosen = { cancel: 'r', resume: 'c' }
  expect([meaningOf('r', chosen), meaningOf('c', chosen)]).toEqual([
    { kind: 'other', key: 'c' },
    { kind: 'other', key: 'r' },
  ])
})

test('a key that something else has is refused by name, and free once that was changed', () => {
  expect([refusalOfKey('cancel', 'r', {}), refusalOfKey('cancel', 'r', { resume: 'z' })]).toEqual([
    'r is taken: Resume the run; retry the writebacks. Give that another key first.',
    null,
  ])
})

test('digits and keys of the system are not given away', () => {
  expect(['3', 'Ctrl+c'].map((key) => refusalOfKey('cancel', key, {}) !== null)).toEqual([true, true])
})

test('a key is named with Ctrl for either command key, and one that types nothing has no name', () => {
  expect([
    press('K', { ctrlKey: true }),
    press('k', { metaKey: true }),
    press('R'),
    press('Enter'),
    press('å', { altKey: true }),
  ]).toEqual(['Ctrl+k', 'Ctrl+k', 'R', null, null])
})

test('no two shortcuts come with the same key', () => {
  expect(new Set(knownShortcuts.map(({ key }) => key)).size).toBe(knownShortcuts.length)
})
