import { expect, test } from 'vitest'
import { type Channel, contract } from './contract'
import { contractChannels } from './contractChannels.testkit'
import type { InputSchema } from './hostileMessages.testkit'

const ofWindows = contractChannels().filter(({ name }) => !('cliOnly' in contract[name as Channel]))

test('every text, list and map that a window may send has a bound', () => {
  expect(ofWindows.flatMap(({ name, input }) => unboundedParts(input, name))).toEqual([])
})

test('a window names a place of the disk only where no id can stand for it', () => {
  const named = ofWindows.flatMap(({ name, input }) =>
    Object.keys(input.properties ?? {})
      .filter((part) => /path|file|folder|dir$|command|url|address|target|mount|host|program/i.test(part))
      .map((part) => `${name} ${part}`),
  )
  // docs/security.md tells of each why, and what keeps it harmless.
  expect(named.sort()).toEqual([
    'demo:setFault path',
    'places:open target',
    'problems:repair path',
    'workflows:plan file',
    'workflows:start file',
    'workspaces:add path',
    'writebacks:query mount',
  ])
})

function unboundedParts(schema: InputSchema, at: string): readonly string[] {
  const choices = schema.anyOf ?? schema.oneOf
  if (choices) return choices.flatMap((choice) => unboundedParts(choice, at))
  if (schema.enum !== undefined || schema.const !== undefined) return []
  const inner = Object.entries(schema.properties ?? {}).flatMap(([name, part]) => unboundedParts(part, `${at}.${name}`))
  if (schema.type === 'string' && !schema.maxLength && !schema.pattern) return [`${at} is a text without a bound`]
  if (schema.type === 'array')
    return [...(schema.maxItems ? [] : [`${at} is a list without a bound`]), ...unboundedParts(schema.items ?? {}, at)]
  if (typeof schema.additionalProperties === 'object')
    return [
      ...(schema.maxProperties ? [] : [`${at} is a map without a bound`]),
      ...unboundedParts(schema.additionalProperties, at),
    ]
  return inner
}
