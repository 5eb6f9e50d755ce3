import { expect, test } from 'vitest'
import { createTimeScale, moved, zoomed } from './timeScale'

test('a time stands at its share of the span', () => {
  expect([1_000, 1_500, 2_000].map(createTimeScale([1_000, 2_000]).placeOf)).toEqual([0, 0.5, 1])
})

test('what is left out takes a small fixed part, and what comes after it moves up', () => {
  const scale = createTimeScale([0, 1_000], [[100, 900]])
  expect(scale.gaps).toEqual([{ from: expect.closeTo(0.49), to: expect.closeTo(0.51), leftOutMs: 800 }])
  expect(scale.placeOf(1_000)).toBeCloseTo(1)
  expect(scale.placeOf(900)).toBeCloseTo(0.51)
})

test('a time within what is left out stands in its gap', () => {
  expect(createTimeScale([0, 1_000], [[100, 900]]).placeOf(500)).toBeCloseTo(0.5)
})

test.each([0, 0.2, 0.7, 1])('the time at a place stands at that place: %s', (place) => {
  const scale = createTimeScale([0, 1_000], [[100, 900]])
  expect(scale.placeOf(scale.timeAt(place))).toBeCloseTo(place)
})

test('a zoom at the edge of the whole stays in it', () => {
  expect(zoomed([0, 1_000], { factor: 0.5, around: 0, whole: [0, 1_000] })).toEqual([0, 500])
})

test('a zoom out to the whole is none', () => {
  expect(zoomed([200, 800], { factor: 2, around: 500, whole: [0, 1_000] })).toBe(null)
})

test('a part that is moved stops at the end of the whole', () => {
  expect(moved([500, 900], 300, [0, 1_000])).toEqual([600, 1_000])
})
