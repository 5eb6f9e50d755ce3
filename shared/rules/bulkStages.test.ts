import { expect, test } from 'vitest'
import { bulkStages, stopReason } from './bulkStages'

test.each([
  [0, []],
  [1, [['canary-1', 0, 1]]],
  [
    5,
    [
      ['canary-1', 0, 1],
      ['canary-10', 1, 5],
    ],
  ],
  [
    40,
    [
      ['canary-1', 0, 1],
      ['canary-10', 1, 11],
      ['rest', 11, 40],
    ],
  ],
])('with a canary %i items are worked on in these stages', (total, stages) => {
  expect(bulkStages(total, { canary: true }).map(({ stage, from, to }) => [stage, from, to])).toEqual(stages)
})

test('without a canary there is one stage', () => {
  expect(bulkStages(40, { canary: false })).toEqual([{ stage: 'rest', from: 0, to: 40 }])
})

test.each([
  [{ stage: 'canary-1', failures: 1 }, null, true],
  [{ stage: 'canary-10', failures: 2 }, null, false],
  [{ stage: 'canary-10', failures: 10 }, null, true],
  [{ stage: 'rest', failures: 100 }, null, false],
  [{ stage: 'rest', failures: 3 }, 3, true],
  [{ stage: 'rest', failures: 2 }, 3, false],
] as const)('after %j with the limit %s it stops: %s', (progress, stopAfterFailures, stops) => {
  expect(stopReason({ stopAfterFailures }, progress) !== null).toBe(stops)
})
