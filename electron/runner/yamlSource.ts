import { createFindings, type FindingList } from './findings'
import { readJson } from './quickJson'
import { excessOf } from './yamlLimits'

/** A place in a document: keys and indexes from its top. */
export type DocumentPath = readonly (string | number)[]

/** A line and a column, both from 1. */
export interface Position {
  readonly line: number
  readonly column: number
}

/** Where a part of a document stands (with `key` its key), or the nearest part around it that is there. */
export type PositionOf = (path: DocumentPath, part: 'key' | 'value') => Position | null

/** A YAML text as a value, and where its parts stand, for which the text may have to be read once more. */
export interface YamlSource {
  readonly value: unknown
  readonly places: () => Promise<PositionOf>
}

/**
 * Reads a text as YAML; what is wrong with it goes to `findings`. Null when it has no value then. The thread is given up
 * meanwhile. Never rejects.
 */
export async function parseYaml(text: string, findings: FindingList): Promise<YamlSource | null> {
  const value = readJson(text) ?? (await readQuickly(text))
  if (value === undefined || excessOf(value) !== null) return parseCarefully(text, findings)
  return {
    value,
    places: async () => {
      const source = await parseCarefully(text, createFindings(''))
      return source ? source.places() : () => null
    },
  }
}

// What reads YAML takes long to load: that is left to those who have some.

async function readQuickly(text: string): Promise<unknown> {
  const quick = await import('./quickYaml')
  return quick.readQuickly(text)
}

async function parseCarefully(text: string, findings: FindingList): Promise<YamlSource | null> {
  const careful = await import('./carefulYaml')
  return careful.parseCarefully(text, findings)
}
