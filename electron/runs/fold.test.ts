import { expect, test } from 'vitest'
import { foldRun, foldStep, type StepEntry } from './fold'
import type { StepRow } from './rows'
import { makeRunLine, makeStepLine } from './storeLines.testkit'

function foldAll(...changes: readonly object[]): StepEntry | undefined {
  let entry: StepEntry | undefined
  for (const change of changes) entry = foldStep(entry, makeStepLine(change).row as StepRow)
  return entry
}

const [t1, t2] = ['2026-11-20T10:00:01.000Z', '2026-11-20T10:00:02.000Z']

test('each running line starts an attempt, and the line that only raises the retry count ends one', () => {
  const entry = foldAll(
    { status: 'pending' },
    { status: 'running', startedAt: t1 },
    { status: 'running', startedAt: t1, retryCount: 1, updatedAt: t2, error: 'exit 1' },
    { status: 'running', startedAt: t2, retryCount: 1 },
    { status: 'completed', startedAt: t2, retryCount: 1, completedAt: t2 },
  )
  expect(entry?.attempts).toEqual([
    { number: 1, startedAt: t1, completedAt: t2, status: 'failed', error: 'exit 1' },
    { number: 2, startedAt: t2, completedAt: t2, status: 'completed', error: null },
  ])
})

test('an attempt whose end no line tells is interrupted', () => {
  const entry = foldAll(
    { status: 'running', startedAt: t1 },
    { status: 'pending' },
    { status: 'running', startedAt: t2 },
  )
  expect(entry?.attempts.map(({ number, status }) => [number, status])).toEqual([
    [1, 'interrupted'],
    [2, 'running'],
  ])
})

test('a completed run has no error, whatever its line still carries, and a going one has no end', () => {
  const [completed, running] = ['completed', 'running'].map((status) =>
    foldRun(makeRunLine({ status, error: 'old', completedAt: t1 }).row as never),
  )
  expect([completed?.error, completed?.completedAt, running?.error, running?.completedAt]).toEqual([
    null,
    t1,
    'old',
    null,
  ])
})
