import { z } from 'zod'

/** A map of texts of at most `keyLength` characters to values, with at most `most` entries. */
export function boundedRecord<V extends z.ZodType>(
  value: V,
  { most, keyLength }: { readonly most: number; readonly keyLength: number },
) {
  return z
    .record(z.string().max(keyLength), value)
    .refine((entries) => Object.keys(entries).length <= most, { error: `has more than ${most} entries` })
    .meta({ maxProperties: most })
}
