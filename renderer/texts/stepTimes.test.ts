import { expect, test } from 'vitest'
import type { Attempt } from '../../shared/runs'
import type { TimelineRow } from '../../shared/timeline'
import { stepTimes } from './stepTimes'

const at = (seconds: number): string => new Date(seconds * 1000).toISOString()

function makeAttempt(from: number, to: number | null, status: Attempt['status']): Attempt {
  return { number: 1, startedAt: at(from), completedAt: to === null ? null : at(to), status, error: null }
}

function makeRow(change: Partial<TimelineRow>): TimelineRow {
  return {
    id: 'a',
    name: 'a',
    type: 'deterministic',
    status: 'completed',
    attempts: [],
    dependsOn: [],
    output: null,
    outputBytes: null,
    error: null,
    startedAt: null,
    completedAt: null,
    saved: true,
    readyMs: 1_000,
    ...change,
  }
}

test('the wait before the first attempt is told apart from the time of all attempts', () => {
  const attempts = [makeAttempt(3, 4, 'failed'), makeAttempt(9, 11, 'completed')]
  expect(stepTimes(makeRow({ attempts }), 99_000)).toEqual({ waitedMs: 2_000, ranMs: 3_000 })
})

test('what runs or waits takes until now', () => {
  const running = makeRow({ status: 'running', attempts: [makeAttempt(3, null, 'running')] })
  expect([running, makeRow({ status: 'pending' })].map((row) => stepTimes(row, 5_000))).toEqual([
    { waitedMs: 2_000, ranMs: 2_000 },
    { waitedMs: 4_000, ranMs: null },
  ])
})

test('in a run that cannot go on, nothing waits and nothing runs', () => {
  expect(stepTimes(makeRow({ status: 'pending' }), null)).toEqual({ waitedMs: null, ranMs: null })
})
