import { expect, test } from 'vitest'
import { toAnsiSpans } from './ansiSpans'
import { markSpans } from './markSpans'

const marked = (line: string, query: string, caseSensitive = false): readonly (readonly [string, boolean])[] =>
  markSpans(toAnsiSpans(line), { query, caseSensitive }).map(({ text, marked: found }) => [text, found])

test('the searched text is marked wherever it stands', () => {
  expect(marked('an Ant and', 'an')).toEqual([
    ['an', true],
    [' ', false],
    ['An', true],
    ['t ', false],
    ['an', true],
    ['d', false],
  ])
})

test('a text that changes its colour is found whole', () => {
  expect(marked('re\x1b[31mfus\x1b[0med', 'fused')).toEqual([
    ['re', false],
    ['fus', true],
    ['ed', true],
  ])
})

test('case counts when it is asked for, and nothing is marked for nothing', () => {
  expect([marked('Ab', 'ab', true), marked('Ab', '')]).toEqual([[['Ab', false]], [['Ab', false]]])
})
