import { expect, test } from 'vitest'
import { dropOldest } from './dropOldest'

test('what was put in last stays', () => {
  const map = new Map(['one', 'two', 'three', 'four'].map((name) => [name, 0]))
  dropOldest(map, 2)
  dropOldest(map, 3)
  expect([...map.keys()]).toEqual(['three', 'four'])
})
