import { expect, test } from 'vitest'
import type { Source } from '../../shared/sources'
import { nextSource } from './paletteSources'

test('from one remote source leads to the next, and from the last to the first', () => {
  const sources = ['a', 'b', 'c'].map((id) => ({ id }) as Source)
  const from = (id: string | null): string | undefined => nextSource(sources, id)?.id
  expect([from(null), from('a'), from('c'), nextSource([], null)]).toEqual(['a', 'b', 'a', undefined])
})
