import { expect, test } from 'vitest'
import { stretchAt, stretchEdges } from './timeStretches'

const nowMs = new Date(2026, 2, 30, 14, 35, 12).getTime()

test('hours begin on the hour, and the last one holds now', () => {
  const edges = stretchEdges('hour', { count: 3, nowMs })
  expect(edges.map((ms) => new Date(ms).toTimeString().slice(0, 8))).toEqual([
    '12:00:00',
    '13:00:00',
    '14:00:00',
    '15:00:00',
  ])
})

test('days begin at midnight, over a change of the clocks as well', () => {
  const edges = stretchEdges('day', { count: 4, nowMs })
  expect(edges.map((ms) => `${new Date(ms).getDate()} ${new Date(ms).getHours()}`)).toEqual([
    '27 0',
    '28 0',
    '29 0',
    '30 0',
    '31 0',
  ])
})

test('a time lies in the stretch that begins with it, and in none before the first or after the last', () => {
  expect([9, 10, 19, 20, 29, 30].map((ms) => stretchAt([10, 20, 30], ms))).toEqual([-1, 0, 0, 1, 1, -1])
})
