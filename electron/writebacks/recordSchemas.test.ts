import fc from 'fast-check'
import { expect, test } from 'vitest'
import { deadLetterSchema, sidecarSchema } from './recordSchemas'

const odd = fc.oneof(fc.string(), fc.integer(), fc.double(), fc.boolean(), fc.constant(null), fc.constant({}))
const recordFields = 'opId path code message createdAt lastAttemptedAt attempts lastStatus lastBody ts replayUrl'.split(
  ' ',
)
const sidecarFields = ['code', 'providerStatus', 'firstAttemptAt', 'lastAttemptAt']
const numbers: readonly string[] = ['attempts', 'lastStatus', 'providerStatus']

/** Records of which some fields are missing, and some are anything. */
const anyOf = (fields: readonly string[]): fc.Arbitrary<Record<string, unknown>> =>
  fc.record(
    Object.fromEntries(
      fields.map((field) => [
        field,
        fc.oneof({ weight: 9, arbitrary: numbers.includes(field) ? fc.nat(1_200) : fc.string() }, odd),
      ]),
    ),
    { requiredKeys: [] },
  )

/** What may be taken of a record: texts, an HTTP status, a count. */
function sound(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const isSound = ([field, value]: readonly [string, unknown]): boolean => {
    if (!numbers.includes(field)) return typeof value === 'string'
    const [least, most] = field === 'attempts' ? [0, 1_000_000_000] : [100, 999]
    return Number.isInteger(value) && Number(value) >= least && Number(value) <= most
  }
  return Object.fromEntries(Object.entries(record).filter(isSound))
}

test.each([
  ['a record', deadLetterSchema, recordFields],
  ['a sidecar', sidecarSchema, sidecarFields],
] as const)('of %s only the fields that are as they should be are taken', (_what, schema, fields) => {
  fc.assert(
    fc.property(anyOf(fields), (record) => {
      expect(schema.parse(record)).toEqual(sound(record))
    }),
    { numRuns: 500 },
  )
})

test.each([[[]], ['text'], [5], [null]])('%j is no record', (value) => {
  expect(() => deadLetterSchema.parse(value)).toThrow()
})
