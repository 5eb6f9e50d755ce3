import fc from 'fast-check'
import { expect, test } from 'vitest'
import { lineWindow, scrollTopOf } from './lineWindow'

const view = { rowHeight: 20, height: 400 }

test('the lines on the screen and ten around them are drawn, where they stand', () => {
  expect(lineWindow({ ...view, count: 1000, scrollTop: 2000 })).toEqual({
    first: 90,
    last: 130,
    top: 1800,
    height: 20_000,
    atEnd: false,
  })
})

test('of no lines none is drawn, and the end shows', () => {
  expect(lineWindow({ ...view, count: 0, scrollTop: 0 })).toEqual({
    first: 0,
    last: -1,
    top: 0,
    height: 0,
    atEnd: true,
  })
})

test('a page of ten million lines is no higher than a browser allows, and still reaches its end', () => {
  const count = 10_000_000
  const { height } = lineWindow({ ...view, count, scrollTop: 0 })
  const { last, atEnd } = lineWindow({ ...view, count, scrollTop: height - view.height })
  expect([height, last, atEnd]).toEqual([30_000_000, count - 1, true])
})

test('whatever line one goes to is among those that are then drawn', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20_000_000 }), fc.nat(20_000_000), (count, wanted) => {
      const row = wanted % count
      const { height } = lineWindow({ ...view, count, scrollTop: 0 })
      const most = Math.max(0, height - view.height)
      const { first, last } = lineWindow({
        ...view,
        count,
        scrollTop: Math.min(most, scrollTopOf(row, { ...view, count })),
      })
      expect(first <= row && row <= last).toBe(true)
    }),
  )
})
