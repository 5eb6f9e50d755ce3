import { expect, test } from 'vitest'
import { isSmall, layoutGraph, nodeSize } from './graphLayout'
import { type GraphStep, toGraphShape } from './graphShape'

/** Waves of the same width, in which each step waits for all of the wave before. */
function dense(waves: number, width: number): readonly GraphStep[] {
  const names = (wave: number): string[] => Array.from({ length: width }, (_, index) => `${wave} ${index}`)
  return Array.from({ length: waves }, (_, wave) =>
    names(wave).map((name) => ({ name, dependsOn: wave === 0 ? [] : names(wave - 1) })),
  ).flat()
}

test.each([
  ['a chain', dense(4, 1)],
  ['a dense graph', dense(4, 6)],
  ['one that is too dense to be put in the best order', dense(4, 24)],
])('every box stands right of those it waits for, and none upon another: %s', (_what, steps) => {
  const { nodes, edges } = toGraphShape(steps)
  const places = layoutGraph({ nodes, edges })
  const at = (id: string) => places.get(id) ?? { x: Number.NaN, y: Number.NaN }
  const backwards = edges.filter(({ from, to }) => !(at(to).x >= at(from).x + nodeSize.width))
  const upon = nodes.filter((one, index) =>
    nodes
      .slice(index + 1)
      .some(
        (other) =>
          Math.abs(at(one.id).x - at(other.id).x) < nodeSize.width &&
          Math.abs(at(one.id).y - at(other.id).y) < nodeSize.height,
      ),
  )
  expect([places.size, backwards, upon]).toEqual([steps.length, [], []])
})

test('arrows make a graph large, not only boxes', () => {
  expect([dense(10, 1), dense(30, 1), dense(3, 6)].map((steps) => isSmall(toGraphShape(steps)))).toEqual([
    true,
    false,
    false,
  ])
})
