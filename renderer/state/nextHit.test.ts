import { expect, test } from 'vitest'
import { nextHit } from './nextHit'

test.each([
  ['the first, when none was shown', null, 1, 7, 0],
  ['the last, backwards, when none was shown', null, -1, 7, 6],
  ['the next', 3, 1, 7, 4],
  ['the first behind the last', 6, 1, 7, 0],
  ['the last before the first', 0, -1, 7, 6],
  ['the first, when there are fewer than before', 6, 1, 3, 0],
] as const)('comes %s', (_what, at, direction, hits, wanted) => {
  expect(nextHit(at, { direction, hits }).wanted).toBe(wanted)
})

test('the part that tells a hit begins at a multiple of its size', () => {
  expect([498, 499, 999].map((at) => nextHit(at, { direction: 1, hits: 5000 }).skip)).toEqual([0, 500, 1000])
})
