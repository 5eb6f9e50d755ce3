import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkJson } from './checkJson'

test('what is JSON has no fault', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(0, 2), (value, indent) => {
      expect(checkJson(JSON.stringify(value, null, indent))).toBeNull()
    }),
  )
})

test('a fault is told with its line and column', () => {
  expect(
    ['{\n  "a": 1\n  "b": 2\n}', '{\n  "a": x\n}', '{"a": 1', ''].map((text) => {
      const fault = checkJson(text)
      return fault && [fault.line, fault.column]
    }),
  ).toEqual([
    [3, 3],
    [2, 8],
    [1, 8],
    [1, 1],
  ])
})

test('the words of a fault do not repeat the text', () => {
  expect(checkJson('{"token": secret-value}')?.message).toBe("Unexpected token 's'")
})
