// @vitest-environment happy-dom
import { beforeEach, expect, test } from 'vitest'
import { allSplits, keepSplit, readSplit, takeSplits } from './splits'

beforeEach(() => {
  localStorage.clear()
  sessionStorage.clear()
})

test('a new window has its dividers where the app remembers them, and keeps them where they are put', () => {
  takeSplits(`?${new URLSearchParams({ splits: '{"runs":60,"desk":30}' })}`)
  keepSplit('runs', 45)
  takeSplits(`?${new URLSearchParams({ splits: '{"runs":60,"desk":30}' })}`) // It was loaded again.
  expect(allSplits()).toEqual({ runs: 45, desk: 30 })
})

test.each(['', '?splits=', '?splits=%7B', '?splits=[1]', '?splits={"runs":"x"}'])(
  'an address that tells nothing of dividers (%j) leaves them alone',
  (search) => {
    keepSplit('runs', 45)
    takeSplits(search)
    expect(readSplit('runs')).toBe(45)
  },
)
