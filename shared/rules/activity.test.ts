import fc from 'fast-check'
import { expect, test } from 'vitest'
import { activityBuckets, activityOf } from './activity'

test('nothing happened in nothing', () => {
  expect(activityOf([])).toEqual({
    counts: Array.from({ length: activityBuckets }, () => 0),
    fromMs: null,
    bucketMs: 60_000,
  })
})

test('every time is counted once, in its stretch', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 2_000_000_000_000 }), { minLength: 1 }), (times) => {
      const { counts, fromMs, bucketMs } = activityOf(times)
      const inFirst = times.filter((time) => time < Math.min(...times) + bucketMs).length
      expect([counts.reduce((sum, count) => sum + count, 0), fromMs, counts.length, counts[0]]).toEqual([
        times.length,
        Math.min(...times),
        activityBuckets,
        inFirst,
      ])
    }),
  )
})
