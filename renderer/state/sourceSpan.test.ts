import { expect, test } from 'vitest'
import type { SourceRun, SourceStep } from '../../shared/sourceRuns'
import { spanOf } from './sourceSpan'

const at = (second: number): string => new Date(second * 1000).toISOString()
const run = (change: Partial<SourceRun>): SourceRun =>
  ({
    createdAt: at(10),
    startedAt: at(12),
    completedAt: at(20),
    forkedFrom: null,
    phase: 'completed',
    ...change,
  }) as SourceRun
const step = (from: number, to: number): SourceStep => ({ startedAt: at(from), completedAt: at(to) }) as SourceStep

test.each([
  ['an ended run lasts from its start to its end', run({}), [step(13, 14)], [12_000, 20_000]],
  [
    'a run that may go on lasts until now',
    run({ completedAt: null, phase: 'running' }),
    [step(13, 14)],
    [12_000, 99_000],
  ],
  [
    'a waiting run that ran before ends with its last step',
    run({ completedAt: null, phase: 'waiting' }),
    [step(13, 14)],
    [12_000, 14_000],
  ],
  [
    'a wait whose end is to come lasts until now',
    run({ completedAt: null, phase: 'running' }),
    [step(13, 500)],
    [12_000, 99_000],
  ],
  [
    'steps of the original do not count for a fork',
    run({ forkedFrom: 'a' }),
    [step(1, 2), step(13, 14)],
    [12_000, 20_000],
  ],
  ['a run without times has a moment', run({ startedAt: null, completedAt: null, phase: 'waiting' }), [], [0, 1]],
] as const)('%s', (_, of, steps, span) => {
  expect(spanOf(of, steps, 99_000)).toEqual(span)
})
