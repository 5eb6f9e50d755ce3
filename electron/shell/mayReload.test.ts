import { expect, test } from 'vitest'
import { mayReload } from './mayReload'

test('a window is loaded again by itself three times in a minute, and later again', () => {
  const asked = [[0], [0, 1_000, 2_000], [0, 1_000, 2_000, 3_000], [0, 1_000, 2_000, 61_500]]
  expect(asked.map(mayReload)).toEqual([true, true, false, true])
})
