import { expect, test } from 'vitest'
import { z } from 'zod'
import { lazily } from './lazily'

test('a schema is made once, when it is first asked for anything, and is one', () => {
  let made = 0
  const schema = lazily(() => {
    made++
    return z.object({ a: z.string() })
  })
  const before = made
  const parts = [schema.safeParse({ a: 1 }).success, z.array(schema).parse([{ a: 'x' }]), schema instanceof z.ZodObject]
  expect([before, made, Object.keys(schema.shape), ...parts]).toEqual([0, 1, ['a'], false, [{ a: 'x' }], true])
})
