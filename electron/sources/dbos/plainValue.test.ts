import fc from 'fast-check'
import SuperJSON from 'superjson'
import { describe, expect, it } from 'vitest'
import { errorMessage, errorText, readableValue } from './plainValue'

const stored = (value: unknown): string =>
  JSON.stringify({ ...SuperJSON.serialize(value), __dbos_serializer: 'superjson' })
const shown = (value: unknown): unknown => JSON.parse(readableValue(stored(value)).text)

describe('stored values', () => {
  it('are shown as plain JSON, whatever they are made of', () => {
    const loop: Record<string, unknown> = { name: 'loop' }
    loop.self = loop
    expect(
      shown([
        new Date(0),
        new Map([['total', 12n]]),
        new Set(['one']),
        Number.NaN,
        undefined,
        /a+/,
        new TypeError('kept'),
      ]),
    ).toEqual([
      '1970-01-01T00:00:00.000Z',
      { Map: [['total', '12n']] },
      { Set: ['one'] },
      'NaN',
      null,
      '/a+/',
      { name: 'TypeError', message: 'kept' },
    ])
    expect(shown(loop)).toEqual({ name: 'loop', self: '[circular]' })
  })

  it('stay the text that they are where another serializer, or another kind of value, stored them', () => {
    expect(readableValue('not JSON')).toEqual({ text: 'not JSON', isJson: false })
    expect(readableValue('{"plain":1}')).toEqual({ text: '{\n  "plain": 1\n}', isJson: true })
    const custom = '{"json":[1],"meta":{"values":[["custom","Money"]]},"__dbos_serializer":"superjson"}'
    expect(JSON.parse(readableValue(custom).text)).toEqual([1])
  })

  it('never throw, and change nothing outside of them', () => {
    const keys = fc.constantFrom('__proto__', 'constructor', 'prototype', 'a')
    const hostile = fc.record({ json: fc.jsonValue(), meta: fc.object({ key: keys }) })
    fc.assert(
      fc.property(hostile, (value) => {
        readableValue(JSON.stringify({ ...value, __dbos_serializer: 'superjson' }))
        expect(Object.keys(Object.prototype)).toEqual([])
      }),
    )
    const deep = `${'['.repeat(50_000)}1${']'.repeat(50_000)}`
    expect(readableValue(deep).text).toContain('too deep')
  })

  it('tell the message of an error, also of one that is cut in the middle', () => {
    const text =
      '{"json":{"name":"TypeError","message":"no \\"x\\"","stack":"TypeError: no \\"x\\"\\n  at y"},"__dbos_serializer":"superjson"}'
    expect([errorMessage(text), errorMessage(text.slice(0, 60)), errorMessage(null)]).toEqual([
      'TypeError: no "x"',
      'no "x"',
      null,
    ])
    expect([errorText(text), errorText('[1]')]).toEqual(['TypeError: no "x"\n  at y', null])
  })
})
