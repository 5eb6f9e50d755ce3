import type { z } from 'zod'

/** What is wrong with a value that a schema refused, in words that stand behind its name. */
export function issueWords(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return typeWords(issue.expected, /received (\w+)$/.exec(issue.message)?.[1])
    case 'too_small':
      return smallWords(issue)
    case 'too_big':
      return bigWords(issue)
    case 'invalid_value':
      return `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map((value) => JSON.stringify(value)).join(', ')}`
    case 'invalid_format':
      return issue.format === 'datetime' ? 'is no time. Write it like 2026-11-01T12:00:00Z' : 'has not the right form'
    case 'unrecognized_keys':
      return `holds what has no meaning there: ${issue.keys.join(', ')}`
    case 'custom':
      return issue.message
    default:
      return 'is not what it should be'
  }
}

const kinds: ReadonlyMap<string, string> = new Map([
  ['string', 'text'],
  ['number', 'a number'],
  ['int', 'a whole number'],
  ['boolean', 'true or false'],
  ['array', 'a list'],
  ['object', 'a map'],
  ['record', 'a map'],
  ['null', 'empty'],
  ['NaN', 'no number'],
  ['Infinity', 'too large a number'],
])

function typeWords(expected: string, received: string | undefined): string {
  if (received === 'undefined') return 'is missing'
  const wanted = kinds.get(expected) ?? 'something else'
  const found = received === undefined || expected === 'int' ? undefined : kinds.get(received)
  return `must be ${wanted}${found === undefined ? '' : `, but is ${found}`}`
}

function smallWords({ origin, minimum, inclusive }: z.core.$ZodIssueTooSmall): string {
  if (origin === 'string' || origin === 'array')
    return minimum <= 1 ? 'is empty' : `has fewer than ${minimum} ${unitOf(origin)}`
  return inclusive === false ? `must be more than ${minimum}` : `must be ${minimum} or more`
}

function bigWords({ origin, maximum, inclusive }: z.core.$ZodIssueTooBig): string {
  if (origin === 'string' || origin === 'array') return `has more than ${maximum} ${unitOf(origin)}`
  return inclusive === false ? `must be less than ${maximum}` : `must be ${maximum} or less`
}

function unitOf(origin: string): string {
  return origin === 'string' ? 'characters' : 'entries'
}
