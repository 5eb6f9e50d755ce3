import { diffLines } from 'diff'
import type { StepState } from '../../shared/runs'
import { actsTexts } from '../texts/en/acts'

/** A line of how a value changed. */
export interface ChangedLine {
  readonly kind: 'same' | 'add' | 'remove' | 'gap'
  readonly text: string
}

/** A top-level key of the state that a step changed. */
export interface StateChange {
  readonly key: string
  readonly kind: 'added' | 'changed' | 'removed'
  readonly lines: readonly ChangedLine[]
}

/** Longer values are not compared line by line: they stand under each other. */
const mostCompared = 4_000
/** So many lines that are the same stay around a change. */
const context = 3

/** What a step changed of the state, key by key in the order of their names; values as JSON. */
export function toStateChanges({ before, after }: Pick<StepState, 'before' | 'after'>): readonly StateChange[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
  return keys.flatMap((key): StateChange[] => {
    const had = Object.hasOwn(before, key)
    const has = Object.hasOwn(after, key)
    const was = had ? toLines(before[key]) : []
    const is = has ? toLines(after[key]) : []
    if (!had) return [{ key, kind: 'added', lines: is.map((text) => ({ kind: 'add', text })) }]
    if (!has) return [{ key, kind: 'removed', lines: was.map((text) => ({ kind: 'remove', text })) }]
    if (was.join('\n') === is.join('\n')) return []
    return [{ key, kind: 'changed', lines: compared(was, is) }]
  })
}

/** A value as lines of JSON with its keys in order, so that their order makes no difference. */
function toLines(value: unknown): readonly string[] {
  return JSON.stringify(ordered(value), null, 2).split('\n')
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, inner]) => [key, ordered(inner)]),
  )
}

function compared(was: readonly string[], is: readonly string[]): readonly ChangedLine[] {
  const removed = was.map((text): ChangedLine => ({ kind: 'remove', text }))
  const added = is.map((text): ChangedLine => ({ kind: 'add', text }))
  if (was.length + is.length > mostCompared) return [...removed, ...added]
  const parts = diffLines(`${was.join('\n')}\n`, `${is.join('\n')}\n`)
  return parts.flatMap(({ value, added: isNew, removed: isOld }, index) => {
    const lines = value.split('\n').slice(0, -1)
    if (isNew) return lines.map((text): ChangedLine => ({ kind: 'add', text }))
    if (isOld) return lines.map((text): ChangedLine => ({ kind: 'remove', text }))
    return around(lines, { first: index === 0, last: index === parts.length - 1 })
  })
}

/** Of many lines that are the same only those beside a change. */
function around(
  lines: readonly string[],
  { first, last }: { readonly first: boolean; readonly last: boolean },
): readonly ChangedLine[] {
  const head = first ? 0 : context
  const tail = last ? 0 : context
  const same = (text: string): ChangedLine => ({ kind: 'same', text })
  if (lines.length <= head + tail + 1) return lines.map(same)
  const hidden = lines.length - head - tail
  return [
    ...lines.slice(0, head).map(same),
    { kind: 'gap', text: actsTexts.linesThatAreTheSame(hidden) },
    ...(tail === 0 ? [] : lines.slice(-tail).map(same)),
  ]
}
