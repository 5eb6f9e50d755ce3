import { expect, test } from 'vitest'
import { stateAround } from './runState'

const commit = (
  seq: number | null,
  set: object,
  [startedAt, completedAt]: readonly [string | null, string | null],
) => ({
  startedAt,
  completedAt,
  statePatch: seq === null ? undefined : { seq, set, unset: [] },
})

test('a step that changed something is told with the state around its commit, whatever the order of the rows', () => {
  const first = commit(1, { a: 1, b: 1 }, ['1', '2'])
  const second = { ...commit(2, { a: 2 }, ['3', '4']), statePatch: { seq: 2, set: { a: 2 }, unset: ['b'] } }
  const third = commit(3, { c: 3 }, ['5', '6'])
  expect(stateAround(second, [third, second, first])).toEqual({
    before: { a: 1, b: 1 },
    after: { a: 2 },
    patch: { seq: 2, set: { a: 2 }, unset: ['b'] },
  })
})

test('a step that changed nothing is told with what was committed when it started', () => {
  const first = commit(1, { a: 1 }, ['1', '2'])
  const late = commit(2, { a: 2 }, ['3', '5'])
  const reader = commit(null, {}, ['4', '6'])
  expect(stateAround(reader, [first, late, reader])).toEqual({ before: { a: 1 }, after: { a: 1 }, patch: null })
})
