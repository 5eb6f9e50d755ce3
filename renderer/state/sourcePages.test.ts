import { expect, test } from 'vitest'
import { countOf, noPages, pageSize, rowAt, type SourcePages, withPage } from './sourcePages'

const none: SourcePages<{ readonly id: string }> = noPages
const rowsFrom = (first: number, count = pageSize): readonly { readonly id: string }[] =>
  Array.from({ length: count }, (_, index) => ({ id: String(first + index) }))
const page = (first: number, count = pageSize, more = true, total: number | null = null) => ({
  rows: rowsFrom(first, count),
  more,
  total,
})

test('a list of unknown length has room for more rows until its end was seen', () => {
  const begun = withPage(none, 0, page(0))
  const ended = withPage(begun, pageSize, page(pageSize, 7, false))
  expect([countOf(begun), countOf(ended), rowAt(ended, pageSize + 6)?.id, rowAt(ended, pageSize + 7)]).toEqual([
    150,
    107,
    '106',
    undefined,
  ])
})

test('a list that became shorter forgets the rows behind its new end', () => {
  const long = withPage(withPage(none, 0, page(0)), pageSize, page(pageSize))
  const short = withPage(long, 0, page(0, 30, false))
  expect([countOf(short), rowAt(short, pageSize)]).toEqual([30, undefined])
})

test('a source that counts tells the whole length at once', () => {
  expect(countOf(withPage(none, 0, page(0, pageSize, true, 5_000)))).toBe(5_000)
})

test('only the pages around the screen are held, however far one scrolls', () => {
  let pages = none
  for (let at = 0; at < 200; at++) pages = withPage(pages, at * pageSize, page(at * pageSize))
  expect([pages.rows.size < 8, rowAt(pages, 0), rowAt(pages, 199 * pageSize)?.id]).toEqual([true, undefined, '19900'])
})
