import fc from 'fast-check'
import { expect, test } from 'vitest'
import { requiredText } from './requiredText'

test.each([
  ['batch 3\\d+9 of', 'batch 3'],
  ['took [a-z ]+ms\\.', 'took '],
  ['errors?: no', 'error'],
  ['ab{2}cde', 'cde'],
  ['^\\[warn\\]', '[warn]'],
  ['wörter', 'rter'],
  ['one|other', undefined],
  ['(one)', undefined],
  ['\\x41bc', undefined],
  ['\\d+', undefined],
])('what every match holds is told where that is sure: %s', (source, expected) => {
  expect(requiredText(source)).toBe(expected)
})

const piece = fc.constantFrom(
  'a',
  'b',
  'c',
  ' ',
  '.',
  '\\d',
  '\\.',
  '[ab]',
  'a+',
  'b*',
  'c?',
  'ab{2}',
  '^',
  '$',
  '(a|b)',
  'ä',
)

test('whatever an expression matches holds the text', () => {
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join('')),
      fc.array(fc.constantFrom('a', 'b', 'c', ' ', '.', '1', 'ä'), { maxLength: 8 }).map((letters) => letters.join('')),
      (source, text) => {
        const [matched] = new RegExp(source, 'u').exec(text) ?? []
        if (matched !== undefined) expect(matched).toContain(requiredText(source) ?? '')
      },
    ),
    { numRuns: 3000 },
  )
})
