import { hostileTexts, unfitting, withPrototypeKeys } from './hostileValues.testkit'
import { seededRandom } from './seededRandom.testkit'

/** The part of a JSON schema that fitting inputs are made from. */
export interface InputSchema {
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly InputSchema[]
  readonly oneOf?: readonly InputSchema[]
  readonly properties?: Readonly<Record<string, InputSchema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: InputSchema | boolean
  readonly items?: InputSchema
  readonly format?: string
  readonly pattern?: string
  readonly maxLength?: number
  readonly maxItems?: number
  readonly maxProperties?: number
  readonly minimum?: number
  readonly maximum?: number
}

/** A channel under attack: its name and what it takes. */
export interface HostileChannel {
  readonly name: string
  readonly input: InputSchema
}

/** How a message is hostile. */
export const hostileWays = [
  'fitting',
  'oneWrongPart',
  'wrongType',
  'missingPart',
  'prototypeKeys',
  'unknownChannel',
  'noChannel',
  'deep',
  'huge',
] as const
export type HostileWay = (typeof hostileWays)[number]

export interface HostileMessage {
  readonly way: HostileWay
  readonly channel: unknown
  readonly input: unknown
}

/** What messages are made from. */
export interface HostileSource {
  /** The same seed gives the same messages. */
  readonly seed: number
  readonly channels: readonly HostileChannel[]
  /** Ids that there really are, so that some messages get past the first look. */
  readonly ids?: readonly string[]
  /** Paths that nobody may read or change. */
  readonly paths?: readonly string[]
}

type Random = () => number

/** How many of a thousand messages are hostile in which way. */
const shares: readonly (readonly [way: HostileWay, share: number])[] = [
  ['fitting', 390],
  ['oneWrongPart', 320],
  ['wrongType', 90],
  ['missingPart', 60],
  ['prototypeKeys', 60],
  ['unknownChannel', 50],
  ['noChannel', 20],
  ['deep', 7],
  ['huge', 3],
]

/** Messages without end. All but some of `noChannel`, `wrongType` and `oneWrongPart` are the same after JSON. */
export function* hostileMessages({
  seed,
  channels,
  ids = [],
  paths = [],
}: HostileSource): Generator<HostileMessage, never> {
  const random = seededRandom(seed)
  const texts = [...hostileTexts, ...paths]
  for (;;) {
    const channel = pick(channels, random)
    const way = pickWay(random)
    const fitting = (): unknown => valueFor(channel.input, { random, texts, ids })
    const wrong = (): unknown => (random() < 0.4 ? pick(texts, random) : unfitting(random))
    switch (way) {
      case 'fitting':
        yield { way, channel: channel.name, input: fitting() }
        break
      case 'oneWrongPart':
        yield { way, channel: channel.name, input: replaceOne(fitting(), { random, wrong }) }
        break
      case 'wrongType':
        yield { way, channel: channel.name, input: wrong() }
        break
      case 'missingPart':
        yield { way, channel: channel.name, input: leaveOut(fitting(), random) }
        break
      case 'prototypeKeys':
        yield { way, channel: channel.name, input: withPrototypeKeys(fitting(), pick(texts, random)) }
        break
      case 'unknownChannel':
        yield { way, channel: unknownName(channel.name, { random, texts }), input: fitting() }
        break
      case 'noChannel':
        yield { way, channel: unfitting(random), input: fitting() }
        break
      case 'deep':
        yield { way, channel: channel.name, input: replaceOne(fitting(), { random, wrong: () => deep(random) }) }
        break
      case 'huge':
        yield { way, channel: channel.name, input: replaceOne(fitting(), { random, wrong: () => huge(random) }) }
        break
    }
  }
}

/** A value that the schema takes, made of texts that nobody should trust. */
function valueFor(
  schema: InputSchema,
  world: { readonly random: Random; readonly texts: readonly string[]; readonly ids: readonly string[] },
): unknown {
  const { random, texts, ids } = world
  const choices = schema.anyOf ?? schema.oneOf
  if (choices) return valueFor(pick(choices, random), world)
  if (schema.const !== undefined) return schema.const
  if (schema.enum) return pick(schema.enum, random)
  switch (typeof schema.type === 'object' ? pick(schema.type, random) : schema.type) {
    case 'object':
      return fitObject(schema, world)
    case 'array':
      return Array.from({ length: Math.floor(random() * 4) }, () => valueFor(schema.items ?? {}, world))
    case 'string':
      if (schema.format === 'date-time') return new Date(Math.floor(random() * 4e12)).toISOString()
      return ids.length > 0 && random() < 0.5 ? pick(ids, random) : pick(texts, random)
    case 'integer':
    case 'number':
      return fitNumber(schema, random)
    case 'boolean':
      return random() < 0.5
    default:
      return null
  }
}

function fitObject(schema: InputSchema, world: Parameters<typeof valueFor>[1]): unknown {
  const made: [string, unknown][] = []
  for (const [name, part] of Object.entries(schema.properties ?? {})) {
    if (schema.required?.includes(name) || world.random() < 0.5) made.push([name, valueFor(part, world)])
  }
  if (typeof schema.additionalProperties === 'object') {
    const { additionalProperties } = schema
    for (let more = Math.floor(world.random() * 4); more > 0; more--)
      made.push([pick(world.texts, world.random), valueFor(additionalProperties, world)])
  }
  return Object.fromEntries(made)
}

function fitNumber({ type, minimum = 0, maximum = 1000 }: InputSchema, random: Random): number {
  const value = pick([minimum, maximum, minimum + random() * Math.min(1000, maximum - minimum)], random)
  return type === 'integer' ? Math.round(value) : value
}

/** The value with one of its parts, at any depth, or all of it, replaced. */
function replaceOne(
  value: unknown,
  { random, wrong }: { readonly random: Random; readonly wrong: () => unknown },
): unknown {
  if (typeof value !== 'object' || value === null) return wrong()
  const entries = Object.entries(value)
  if (entries.length === 0) return { more: wrong() }
  const at = Math.floor(random() * entries.length)
  const changed = entries.map(([name, part], index) => [
    name,
    index === at ? replaceOne(part, { random, wrong }) : part,
  ])
  return Array.isArray(value) ? changed.map(([, part]) => part) : Object.fromEntries(changed)
}

function leaveOut(value: unknown, random: Random): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  const names = Object.keys(value)
  const left = names[Math.floor(random() * names.length)]
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== left))
}

function unknownName(
  known: string,
  { random, texts }: { readonly random: Random; readonly texts: readonly string[] },
): string {
  const near = [`${known}\0`, ` ${known}`, known.toUpperCase(), `${known}:${known}`, known.replace(':', '.')]
  const inherited = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', 'then', '']
  return pick([...near, ...inherited, pick(texts, random)], random)
}

function deep(random: Random): unknown {
  let value: unknown = 'bottom'
  const levels = pick([50, 500, 900], random)
  for (let level = 0; level < levels; level++) value = level % 2 === 0 ? [value] : { more: value }
  return value
}

function huge(random: Random): unknown {
  const size = pick([1, 2, 3], random)
  return pick<() => unknown>(
    [
      () => 'A'.repeat(size * 1024 * 1024),
      () => '\u0000'.repeat(size * 256 * 1024),
      () => Array.from({ length: size * 20_000 }, (_, index) => index),
      () => Object.fromEntries(Array.from({ length: size * 5_000 }, (_, index) => [`key${index}`, index])),
    ],
    random,
  )()
}

function pickWay(random: Random): HostileWay {
  let left = random() * shares.reduce((sum, [, share]) => sum + share, 0)
  for (const [way, share] of shares) {
    left -= share
    if (left < 0) return way
  }
  return 'fitting'
}

function pick<T>(values: readonly T[], random: Random): T {
  return values[Math.floor(random() * values.length)] as T
}
