import fc from 'fast-check'
import { expect, test } from 'vitest'
import { errorClassOf, normaliseMessage } from './errorClass'

test.each([
  ['an id', 'no op 3f2b8a10-9c1d-4e5f-8a7b-0123456789ab', 'no op 9a2b8a10-9c1d-4e5f-8a7b-0123456789ab'],
  ['a correlation id', 'failed corr_12ab (mount_1795218669005828127)', 'failed corr_77 (mount_1795218678946741437)'],
  ['a time', 'expired at 2026-11-20T23:51:09Z', 'expired at 2026-11-21T00:00:00.123+01:00'],
  ['an address', 'Post "http://127.0.0.1:18081/v1/x": EOF', 'Post "http://10.0.0.7:99/v1/y?z=1": EOF'],
  ['a path', 'cannot write /docs/a/b.md now', 'cannot write /notion/pages/roadmap.md now'],
  ['a number', 'body has 1048577 bytes, 1,048,576 allowed', 'body has 99 bytes, 7 allowed'],
  ['an e-mail', 'ann@example.com may not write', 'bob.b+x@mail.example.org may not write'],
  ['a quoted text', 'state "Dunno" does not exist', 'state "In review" does not exist'],
  ['a quoted word', "unknown label 'urgent' here", "unknown label 'later' here"],
  ['a ticket', 'AGE-12 is archived', 'PAY-7 is archived'],
  ['a hash', 'hash 9f86d081884c7d659a2feaa0c55ad015 differs', 'hash 0f86d081884c7d659a2feaa0c55ad016 differs'],
])('messages that differ only by %s are one cause', (_what, one, other) => {
  expect(normaliseMessage(one)).toBe(normaliseMessage(other))
})

test.each([
  ['schema validation failed', 'permission denied'],
  ["the server didn't answer", "the server's disk is full"],
  ['upstream exploded', 'upstream is busy'],
])('other words are another cause: %s', (one, other) => {
  expect(normaliseMessage(one)).not.toBe(normaliseMessage(other))
})

test('no message makes it fail or long', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), (text) => {
      const once = normaliseMessage(text)
      expect(normaliseMessage(once).length).toBeLessThanOrEqual(300)
    }),
  )
})

test.each([
  [401, 'auth'],
  [403, 'permission'],
  [404, 'gone'],
  [409, 'conflict'],
  [412, 'conflict'],
  [413, 'too-large'],
  [422, 'invalid'],
  [429, 'rate'],
  [302, 'other'],
  [503, 'server'],
] as const)('HTTP %i is of class %s', (status, errorClass) => {
  expect(errorClassOf(status, null)).toBe(errorClass)
})

test.each([
  ['Post "http://x/": EOF', 'network'],
  ['http 422 validation_failed: no', 'invalid'],
  ['expected revision "rev_1" but current revision is "rev_2"', 'conflict'],
  ['Linear said no', 'provider'],
] as const)('words without a status tell the class: %s', (message, errorClass) => {
  expect(errorClassOf(null, message)).toBe(errorClass)
})
