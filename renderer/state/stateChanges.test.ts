import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toStateChanges } from './stateChanges'

test('keys that came, changed or went are told with their lines', () => {
  expect(
    toStateChanges({
      before: { rows: 12, gone: true, same: [1], nested: { a: 1, b: 2 } },
      after: { rows: 11, same: [1], nested: { b: 2, a: 1, c: 3 }, fresh: 'x' },
    }),
  ).toEqual([
    { key: 'fresh', kind: 'added', lines: [{ kind: 'add', text: '"x"' }] },
    { key: 'gone', kind: 'removed', lines: [{ kind: 'remove', text: 'true' }] },
    {
      key: 'nested',
      kind: 'changed',
      lines: [
        { kind: 'same', text: '{' },
        { kind: 'same', text: '  "a": 1,' },
        { kind: 'remove', text: '  "b": 2' },
        { kind: 'add', text: '  "b": 2,' },
        { kind: 'add', text: '  "c": 3' },
        { kind: 'same', text: '}' },
      ],
    },
    {
      key: 'rows',
      kind: 'changed',
      lines: [
        { kind: 'remove', text: '12' },
        { kind: 'add', text: '11' },
      ],
    },
  ])
})

test('of a long value only what is near a change is shown', () => {
  const before = { list: Array.from({ length: 100 }, (_, index) => index) }
  const after = { list: before.list.map((value) => (value === 50 ? -1 : value)) }
  const [change] = toStateChanges({ before, after })
  expect(change?.lines.map(({ kind, text }) => `${kind} ${text.trim()}`)).toEqual([
    'gap 48 lines that are the same',
    'same 47,',
    'same 48,',
    'same 49,',
    'remove 50,',
    'add -1,',
    'same 51,',
    'same 52,',
    'same 53,',
    'gap 47 lines that are the same',
  ])
})

test('keys that objects have anyway are keys like all others', () => {
  const after = JSON.parse('{"__proto__": 1, "constructor": 2}')
  expect(toStateChanges({ before: {}, after }).map(({ key }) => key)).toEqual(['__proto__', 'constructor'])
})

test('no change is told of a state that is the same, whatever the order of its keys', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (state) => {
      const turned = Object.fromEntries(Object.entries(state).reverse())
      expect(toStateChanges({ before: state, after: turned })).toEqual([])
    }),
  )
})
