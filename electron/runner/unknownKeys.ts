import { z } from 'zod'
import { didYouMean } from './nearestName'
import type { DocumentPath } from './yamlSource'

/** A key that a schema does not know. */
export interface UnknownKey {
  readonly path: DocumentPath
  /** `. Did you mean "x"?`, or nothing. */
  readonly hint: () => string
}

/**
 * The keys of a value that the schema does not know, in objects that are not loose. Below a value that the schema does
 * not fit nothing is looked at.
 */
export function unknownKeys(schema: z.ZodType, value: unknown, path: DocumentPath = []): readonly UnknownKey[] {
  if (typeof value !== 'object' || value === null) return [] // Most values: what their schema is takes long to tell.
  const inner = unwrap(schema)
  if (Array.isArray(value)) {
    if (!(inner instanceof z.ZodArray)) return []
    return value.flatMap((item, index) => unknownKeys(inner.element as z.ZodType, item, [...path, index]))
  }
  const entries = Object.entries(value)
  if (inner instanceof z.ZodRecord)
    return entries.flatMap(([key, item]) => unknownKeys(inner.valueType as z.ZodType, item, [...path, key]))
  if (inner instanceof z.ZodUnion) {
    const option = inner.options.map((one) => unwrap(one as z.ZodType)).find((one) => one instanceof z.ZodObject)
    return option ? unknownKeys(option, value, path) : []
  }
  if (!(inner instanceof z.ZodObject)) return []
  const shape: Readonly<Record<string, z.ZodType>> = inner.shape
  const isLoose = inner.def.catchall !== undefined
  return entries.flatMap(([key, item]): readonly UnknownKey[] => {
    const known = Object.hasOwn(shape, key) ? shape[key] : undefined
    if (known) return unknownKeys(known, item, [...path, key])
    return isLoose ? [] : [{ path: [...path, key], hint: () => didYouMean(key, Object.keys(shape)) }]
  })
}

function unwrap(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return unwrap(schema.unwrap() as z.ZodType)
  return schema
}
