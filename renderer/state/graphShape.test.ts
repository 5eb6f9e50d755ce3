import fc from 'fast-check'
import { expect, test } from 'vitest'
import { layoutGraph } from './graphLayout'
import { fullGraphSteps, type GraphStep, toGraphShape } from './graphShape'

const step = (name: string, ...dependsOn: string[]): GraphStep => ({ name, dependsOn })

/** A first step, many that wait for it, and a last one that waits for all of them. */
function fan(count: number): readonly GraphStep[] {
  const middle = Array.from({ length: count }, (_, index) => `part-${index}`)
  return [step('first'), ...middle.map((name) => step(name, 'first')), step('last', ...middle)]
}

test('each step has a box, in the wave after the last step that it waits for', () => {
  expect(toGraphShape([step('c', 'a', 'b'), step('b', 'a'), step('a')])).toEqual({
    nodes: [
      { id: 'step 2', steps: [2], wave: 0 },
      { id: 'step 1', steps: [1], wave: 1 },
      { id: 'step 0', steps: [0], wave: 2 },
    ],
    edges: [
      { from: 'step 1', to: 'step 0' },
      { from: 'step 2', to: 'step 0' },
      { from: 'step 2', to: 'step 1' },
    ],
  })
})

test('steps that wait for themselves, for each other, or for what is not there do no harm', () => {
  const { nodes } = toGraphShape([step('a', 'a'), step('b', 'c'), step('c', 'b'), step('d', 'nowhere')])
  expect(nodes.map(({ steps, wave }) => [...steps, wave])).toEqual([
    [0, 0],
    [3, 0],
    [1, 1],
    [2, 1],
  ])
})

test('over 300 steps those of the same place share a box', () => {
  const { nodes } = toGraphShape(fan(fullGraphSteps))
  expect(nodes.map(({ steps }) => steps.length)).toEqual([1, fullGraphSteps, 1])
})

test('a shared box that was opened is its steps', () => {
  const [, shared] = toGraphShape(fan(fullGraphSteps)).nodes
  const { nodes } = toGraphShape(fan(fullGraphSteps), new Set([shared?.id ?? '']))
  expect(nodes.length).toBe(fullGraphSteps + 2)
})

const steps = fc
  .array(fc.array(fc.nat({ max: 40 }), { maxLength: 4 }), { maxLength: 40 })
  .map((found) => found.map((dependencies, index) => step(`s${index}`, ...dependencies.map((to) => `s${to}`))))

test('whatever waits for whatever, every step is in one box and every box has a place of its own', () => {
  fc.assert(
    fc.property(steps, (some) => {
      const shape = toGraphShape(some)
      const places = layoutGraph(shape)
      expect(shape.nodes.flatMap((node) => [...node.steps]).sort((one, other) => one - other)).toEqual(
        some.map((_, index) => index),
      )
      expect(new Set([...places.values()].map(({ x, y }) => `${x} ${y}`)).size).toBe(some.length)
    }),
    { numRuns: 60 },
  )
})
