import { expect, test } from 'vitest'
import { pauseOf } from './storeWatch'

const calm = { isTold: true, isShown: true, isHeld: false, isUnsaved: false }

test('a store of which the system tells is looked at more rarely than one of which nobody tells', () => {
  expect(pauseOf(calm)).toBeGreaterThan(pauseOf({ ...calm, isTold: false }))
})

test('a living owner is looked at more often than a store that rests, for nobody tells when it ends', () => {
  expect(pauseOf({ ...calm, isHeld: true })).toBeLessThan(pauseOf(calm))
})

test('rows that are not saved are tried again as often as if nobody told of changes', () => {
  expect(pauseOf({ ...calm, isUnsaved: true })).toBe(pauseOf({ ...calm, isTold: false }))
})

test.each([{}, { isTold: false }, { isHeld: true }, { isUnsaved: true }])(
  'nothing is looked at more often while it is hidden than while it is shown: %o',
  (change) => {
    const facts = { ...calm, ...change }
    expect(pauseOf({ ...facts, isShown: false })).toBeGreaterThan(pauseOf(facts))
  },
)
