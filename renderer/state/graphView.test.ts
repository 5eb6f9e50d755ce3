import { expect, test } from 'vitest'
import type { Place } from './graphLayout'
import { firstView, wholeView } from './graphView'

const chain = (count: number): ReadonlyMap<string, Place> =>
  new Map(Array.from({ length: count }, (_, index) => [`step ${index}`, { x: index * 250, y: 0 }]))

test('a small graph stands in the middle at full size', () => {
  expect(firstView(chain(1), { width: 400, height: 200, focusId: null })).toEqual({ x: 102, y: 77, zoom: 1 })
})

test('a larger one is drawn smaller, so that all of it shows', () => {
  const { x, zoom } = wholeView(chain(5), { width: 800, height: 400 })
  expect([zoom < 1, x >= 0, x + (4 * 250 + 196) * zoom <= 800]).toEqual([true, true, true])
})

test('one that could not be read then shows the chosen box in the middle', () => {
  const view = firstView(chain(300), { width: 800, height: 400, focusId: 'step 200' })
  expect([view.zoom, view.x + 200 * 250 + 98, view.y + 23]).toEqual([1, 400, 200])
})
