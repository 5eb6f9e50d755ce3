import { expect, test } from 'vitest'
import { rowCharacters, toTextRows } from './textRows'

const rowsOf = (text: string): readonly string[] => {
  const { count, rowAt } = toTextRows(text)
  return Array.from({ length: count }, (_, row) => rowAt(row))
}

test.each([
  ['', ['']],
  ['a', ['a']],
  ['a\nb', ['a', 'b']],
  ['a\r\n\nb\n', ['a', '', 'b', '']],
])('a row is a line: %j', (text, rows) => {
  expect(rowsOf(text)).toEqual(rows)
})

test('a line of any length goes on in the next rows', () => {
  expect(rowsOf(`${'x'.repeat(rowCharacters * 2 + 1)}\ny`).map((row) => row.length)).toEqual([
    rowCharacters,
    rowCharacters,
    1,
    1,
  ])
})

test('a line that fills its row to the last character leaves no empty one', () => {
  expect(rowsOf(`${'x'.repeat(rowCharacters)}\ny`)).toHaveLength(2)
})
