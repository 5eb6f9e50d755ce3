import { expect, test } from 'vitest'
import { troubleWords } from './troubleWords'

test.each([
  [
    { count: 1, path: '/a.md', message: 'HTTP 422' },
    { title: 'A writeback needs you', body: '/a.md: HTTP 422' },
  ],
  [
    { count: 1200, path: null, message: null },
    { title: '1,200 writebacks need you', body: 'A record that names no path' },
  ],
])('%o is told as %o', (trouble, words) => {
  expect(troubleWords(trouble)).toEqual(words)
})

test('a long message is cut', () => {
  const { body } = troubleWords({ count: 1, path: '/a', message: 'x'.repeat(1000) })
  expect([body.length, body.endsWith('…')]).toEqual([200, true])
})
