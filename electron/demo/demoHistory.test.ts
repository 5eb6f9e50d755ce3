import { expect, test } from 'vitest'
import { demoHistory } from './demoHistory'

interface Row {
  readonly id: string
  readonly stepName?: string
  readonly status: string
  readonly startedAt?: string
  readonly completedAt?: string
}

const nowMs = Date.parse('2026-01-10T12:00:00.000Z')

function rowsOf(kind: 'run' | 'step'): readonly Row[] {
  const lines = demoHistory(nowMs)
    .trim()
    .split('\n')
    .map((line): { kind: string; row: Row } => JSON.parse(line))
  return [...new Map(lines.filter((line) => line.kind === kind).map(({ row }) => [row.id, row])).values()]
}

test('the past of the demo is the same each time', () => {
  expect(demoHistory(nowMs)).toBe(demoHistory(nowMs))
})

test('a step of the past takes about as long each time, and not as long as every other', () => {
  const tookOf = (name: string): readonly number[] =>
    rowsOf('step')
      .filter(({ stepName, status }) => stepName === name && status === 'completed')
      .map(({ startedAt = '', completedAt = '' }) => Date.parse(completedAt) - Date.parse(startedAt))
      .toSorted((one, other) => one - other)
  const middle = (name: string): number => tookOf(name)[Math.floor(tookOf(name).length / 2)] ?? 0
  expect(middle('load') / middle('report')).toBeGreaterThan(10)
})

test('runs of the past began before now, in busy hours and quiet ones', () => {
  const hours = rowsOf('run').map(({ startedAt = '' }) => Math.floor((nowMs - Date.parse(startedAt)) / 3_600_000))
  const counts = new Set(hours.map((hour) => hours.filter((other) => other === hour).length))
  expect([Math.min(...hours) >= 0, counts.size > 1]).toEqual([true, true])
})
