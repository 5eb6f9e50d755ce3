import fc from 'fast-check'
import { expect, test } from 'vitest'
import { durationText, parseDurationMs } from './durationText'

test('a duration is read as it was written', () => {
  fc.assert(
    fc.property(fc.nat(), (ms) => {
      expect(parseDurationMs(durationText(ms))).toBe(ms)
    }),
  )
})

test.each([
  ['90', 90_000],
  ['1h 30m', 5_400_000],
  ['2 min', 120_000],
  ['250ms', 250],
  ['1.5s', 1_500],
  ['', null],
  ['soon', null],
  ['5 parsecs', null],
  ['-3s', null],
])('%j is %j ms', (text, ms) => {
  expect(parseDurationMs(text)).toBe(ms)
})
