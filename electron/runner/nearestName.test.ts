import { expect, test } from 'vitest'
import { didYouMean, nearestName } from './nearestName'

const names = ['dependsOn', 'timeoutMs', 'retries', 'type', 'use']

test.each([
  ['dependson', 'dependsOn'],
  ['dependOn', 'dependsOn'],
  ['timeuotMs', 'timeoutMs'],
  ['tpye', 'type'],
  ['retry', undefined],
  ['colour', undefined],
  ['', undefined],
  ['x'.repeat(100_000), undefined],
])('for %s the near name is %s', (wanted, name) => {
  expect(nearestName(wanted, names)).toBe(name)
})

test('a near name becomes a question, and a far one nothing', () => {
  expect([didYouMean('typ', names), didYouMean('colour', names)]).toEqual(['. Did you mean "type"?', ''])
})
