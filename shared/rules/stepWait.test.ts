import { expect, test } from 'vitest'
import { isWaiting } from './stepWait'

const at = '2026-11-22T10:00:00.000Z'
const [before, after] = [Date.parse(at) - 1, Date.parse(at)]
const going = { completedAt: null }

test('a step whose end is to come waits, as long as its run goes on', () => {
  expect([
    isWaiting({ completedAt: at }, going, before),
    isWaiting({ completedAt: at }, going, after),
    isWaiting({ completedAt: at }, { completedAt: at }, before),
    isWaiting({ completedAt: null }, going, before),
  ]).toEqual([true, false, false, false])
})
