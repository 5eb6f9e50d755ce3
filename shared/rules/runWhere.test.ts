import { expect, test } from 'vitest'
import { causeWords } from './runCause'
import { createRunMatcher, misses, tellingDurationMs } from './runWhere'

const facts = {
  status: 'failed',
  liveness: null,
  workflowName: 'sync',
  startedMs: 1_000,
  durationMs: () => 500,
  error: 'broke',
  saved: true,
  cause: () => 'k',
}
const at = { nowMs: 10_000, todayMs: 900 }

test('what a run misses is told part by part', () => {
  const missed = createRunMatcher({ statuses: ['paused'], workflows: ['other'], hasError: true, within: 'today' }, at)
  expect(missed(facts)).toBe(misses.status + misses.workflow)
})

test('bounds of a duration are no part of it, and a run without one misses them', () => {
  const missed = createRunMatcher({ longerMs: 500 }, at)
  const fits = createRunMatcher({ longerMs: 499, shorterMs: 501 }, at)
  expect([missed(facts), fits(facts), fits({ ...facts, durationMs: () => null })]).toEqual([
    misses.other,
    0,
    misses.other,
  ])
})

test('runs of which the disk refuses rows are told from those that are saved', () => {
  const unsaved = createRunMatcher({ saved: false }, at)
  expect([unsaved(facts), unsaved({ ...facts, saved: false })]).toEqual([misses.other, 0])
})

test('a run whose start is not known is in no span of time', () => {
  expect(createRunMatcher({ to: '2030-01-01T00:00:00Z' }, at)({ ...facts, startedMs: 0 })).toBe(misses.other)
})

test('an orphaned or waiting run has no telling duration, a going one has one up to now', () => {
  const run = { status: 'running', startedMs: 1_000, completedMs: null }
  expect([
    tellingDurationMs({ ...run, liveness: 'orphaned' }, 5_000),
    tellingDurationMs({ ...run, liveness: 'live' }, 5_000),
    tellingDurationMs({ ...run, liveness: null }, 5_000),
    tellingDurationMs({ ...run, liveness: null, completedMs: 3_000 }, 5_000),
    tellingDurationMs({ ...run, status: 'pending', liveness: 'live' }, 5_000),
  ]).toEqual([null, 4_000, null, 2_000, null])
})

test('equal failures have equal words, and exit codes tell failures apart', () => {
  expect([
    causeWords('Command failed with exit code 1: connect ECONNREFUSED 10.0.0.7:5432'),
    causeWords('Command failed with exit code 1: connect ECONNREFUSED 10.0.0.9:5432'),
    causeWords('Command failed with exit code 137 after 90 s'),
  ]).toEqual([
    'Command failed with exit code 1: connect ECONNREFUSED <address>',
    'Command failed with exit code 1: connect ECONNREFUSED <address>',
    'Command failed with exit code 137 after <n> s',
  ])
})
