import { expect, test } from 'vitest'
import { countsSeconds } from './runTimes'

const nowMs = Date.parse('2026-11-20T10:00:00.000Z')
const old = {
  status: 'completed',
  liveness: null,
  startedAt: '2026-11-20T09:00:00.000Z',
  completedAt: '2026-11-20T09:01:00.000Z',
  retry: null,
}

test.each([
  ['ended long ago', {}, false],
  ['ended half a minute ago', { completedAt: '2026-11-20T09:59:30.000Z' }, true],
  ['goes on', { status: 'running', liveness: 'live', completedAt: null }, true],
  ['is orphaned', { status: 'running', liveness: 'orphaned', completedAt: null }, false],
  ['waits for a retry', { retry: {} }, true],
  ['has a time that is none', { startedAt: 'soon', completedAt: null }, false],
])('a run that %s', (_what, change, counts) => {
  expect(countsSeconds({ ...old, ...change }, nowMs)).toBe(counts)
})
