import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toAnsiSpans } from './ansiSpans'

const texts = (line: string): readonly (readonly [string, number | null])[] =>
  toAnsiSpans(line).map(({ text, tone }) => [text, tone])

test.each([
  ['plain', [['plain', null]]],
  [
    '\x1b[31mred\x1b[0m rest',
    [
      ['red', 1],
      [' rest', null],
    ],
  ],
  ['\x1b[1;92mbright green', [['bright green', 2]]],
  [
    '\x1b[38;5;196mone of 256\x1b[39m no more',
    [
      ['one of 256', 1],
      [' no more', null],
    ],
  ],
  ['\x1b[38;2;10;20;250mtrue blue', [['true blue', 4]]],
  ['\x1b[38;5;33;1mwith more behind', [['with more behind', 4]]],
])('%j has the colours that it tells', (line, expected) => {
  expect(texts(line)).toEqual(expected)
})

test('whatever moves the cursor, sets a title or rings is left out', () => {
  expect(texts('a\x1b[2K\x1b[1Gb\x1b]0;title\x07c\x07\x1b(d')).toEqual([
    ['a', null],
    ['b', null],
    ['c', null],
    ['d', null],
  ])
})

test('of a line that was written over the last writing stays', () => {
  expect(texts('10 %\r50 %\r100 %\r')).toEqual([['100 %', null]])
})

test('no text makes it fail, and no control character stays', () => {
  const pieces = fc.array(fc.constantFrom('\x1b', '[', '3', '8', ';', '5', 'm', ']', '\r', 'x', '\x07', '\u{1f600}'))
  fc.assert(
    fc.property(pieces, (some) => {
      const shown = toAnsiSpans(some.join('')).map(({ text }) => text)
      expect(shown.join('')).not.toMatch(/\p{Cc}/u)
    }),
  )
})
