import fc from 'fast-check'
import { expect, test } from 'vitest'
import { orderSteps } from './stepOrder'

const step = (name: string, ...dependsOn: string[]) => ({ name, dependsOn })

test('a wave holds what can start at the same time', () => {
  const steps = [step('d', 'b', 'c'), step('a'), step('b', 'a'), step('c', 'a'), step('e')]
  expect(orderSteps(steps)).toEqual({ waves: [['a', 'e'], ['b', 'c'], ['d']], circle: null })
})

test.each([
  ['itself', [step('a', 'a')], ['a', 'a']],
  ['one another', [step('x'), step('a', 'x', 'b'), step('b', 'a')], ['a', 'b', 'a']],
])('a step that waits for %s makes a circle', (_who, steps, circle) => {
  expect(orderSteps(steps).circle).toEqual(circle)
})

test('what hangs behind a circle is no part of it', () => {
  const steps = [step('tail', 'a'), step('a', 'c'), step('b', 'a'), step('c', 'b')]
  expect(orderSteps(steps).circle?.toSorted()).toEqual(['a', 'a', 'b', 'c'])
})

test('a chain of ten thousand steps in any order is no burden', () => {
  const steps = Array.from({ length: 10_000 }, (_, n) => step(`s${n}`, ...(n === 9_999 ? [] : [`s${n + 1}`])))
  expect(orderSteps(steps).waves).toHaveLength(10_000)
})

test('whatever the dependencies: either waves hold every step behind what it needs, or there is a real circle', () => {
  const edges = fc.array(fc.tuple(fc.nat(7), fc.nat(7)), { maxLength: 14 })
  fc.assert(
    fc.property(edges, (pairs) => {
      const steps = Array.from({ length: 8 }, (_, n) =>
        step(`s${n}`, ...pairs.flatMap(([from, to]) => (from === n ? [`s${to}`] : []))),
      )
      const { waves, circle } = orderSteps(steps)
      const waveOf = new Map(waves.flatMap((wave, index) => wave.map((name) => [name, index] as const)))
      const needs = (name: string): readonly string[] => steps.find((one) => one.name === name)?.dependsOn ?? []
      if (circle) {
        expect(circle[0]).toBe(circle.at(-1))
        for (const [index, name] of circle.slice(1).entries()) expect(needs(name)).toContain(circle[index])
      } else {
        expect(waveOf.size).toBe(8)
        for (const { name, dependsOn } of steps)
          for (const needed of dependsOn) expect(waveOf.get(needed)).toBeLessThan(waveOf.get(name) ?? -1)
      }
    }),
  )
})
