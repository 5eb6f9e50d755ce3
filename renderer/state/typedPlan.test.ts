import { expect, test } from 'vitest'
import { firstPlan, toPlan } from './typedPlan'

const typed = { canary: false, stopAfter: '', perSecond: '' }

test('many begin with a canary, few do not', () => {
  expect([firstPlan(19).canary, firstPlan(20).canary]).toEqual([false, true])
})

test('what is left empty has no limit', () => {
  expect(toPlan(typed)).toEqual({ canary: false, stopAfterFailures: null, perSecond: null })
})

test('numbers are taken as they were typed', () => {
  expect(toPlan({ ...typed, stopAfter: ' 3 ', perSecond: '0.5' })).toEqual({
    canary: false,
    stopAfterFailures: 3,
    perSecond: 0.5,
  })
})

test.each([
  { stopAfter: '0' },
  { stopAfter: '1.5' },
  { stopAfter: 'three' },
  { perSecond: '0' },
  { perSecond: '-1' },
  { perSecond: 'fast' },
])('what is no such number is no plan: %o', (change) => {
  expect(toPlan({ ...typed, ...change })).toBeNull()
})
