import { expect, test } from 'vitest'
import type { LogLines } from '../../shared/logs'
import { emptyPages, type LogPages, lineAt, pageSize, wantedPages, withFacts, withPage } from './logPages'

const on = { first: 0, last: 30, ahead: null }

function makeAnswer(totalLines: number, page = 0): LogLines {
  const count = Math.max(0, Math.min(pageSize, totalLines - page * pageSize))
  const lines = Array.from({ length: count }, (_, index) => {
    const number = page * pageSize + index + 1
    return { number, offset: number * 10, stream: 'stdout' as const, text: `line ${number}`, cut: false }
  })
  return { lines, totalLines, complete: true, sizeBytes: totalLines * 10, found: true }
}

function knowing(totalLines: number): LogPages {
  return withFacts(emptyPages('log'), { total: totalLines, complete: true, found: true, sizeBytes: totalLines * 10 })
}

function holding(totalLines: number, ...pages: readonly number[]): LogPages {
  return pages.reduce(
    (known, page) => withPage(known, { page, answer: makeAnswer(totalLines, page) }),
    knowing(totalLines),
  )
}

test('the pages on the screen are asked for, and those that are held are not', () => {
  const [from, to] = [pageSize - 5, pageSize + 5]
  const asked = [knowing(5000), holding(5000, 0)].map((known) =>
    wantedPages(known, { first: from, last: to, ahead: null }),
  )
  expect(asked).toEqual([[0, 1], [1]])
})

test('a last page that has more rows by now is asked for again', () => {
  const known = withFacts(holding(10, 0), { total: 12, complete: true, found: true, sizeBytes: 120 })
  expect(wantedPages(known, on)).toEqual([0])
})

test('a row that is not known yet is asked for ahead, a known one is not', () => {
  const asked = [9000, 4999].map((ahead) => wantedPages(holding(5000, 0), { ...on, ahead }))
  expect(asked).toEqual([[Math.floor(9000 / pageSize)], []])
})

test('nothing is asked of an empty log', () => {
  expect(wantedPages(knowing(0), on)).toEqual([])
})

test('a line is told by its row wherever its page came in', () => {
  const known = holding(5000, 3, 0)
  expect([0, 3 * pageSize + 7, pageSize].map((row) => lineAt(known, row)?.number)).toEqual([
    1,
    3 * pageSize + 8,
    undefined,
  ])
})

test('of too many pages the one that came first goes', () => {
  const known = holding(100_000, ...Array.from({ length: 25 }, (_, page) => page))
  expect([lineAt(known, 0), lineAt(known, pageSize)?.number]).toEqual([undefined, pageSize + 1])
})

test('a log that became shorter is another one, of which nothing is held', () => {
  const known = withFacts(holding(1000, 0), { total: 3, complete: true, found: true, sizeBytes: 30 })
  expect([known.facts?.total, lineAt(known, 0)]).toEqual([3, undefined])
})

test('a late page of a log that has grown since tells nothing of its length', () => {
  const known = withPage(holding(1000, 0), { page: 1, answer: makeAnswer(900, 1) })
  expect(known.facts?.total).toBe(1000)
})

test('facts that say nothing new change nothing', () => {
  const known = holding(10, 0)
  expect(withFacts(known, { total: 10, complete: true, found: true, sizeBytes: 100 })).toBe(known)
})
