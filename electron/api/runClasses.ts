import { matchesFilter, type RunFilter, runFilters } from '../../shared/rules/runFilters'
import type { Liveness } from '../../shared/runs'
import type { RunListFacts } from './runFacts'

/** Runs that lists count alike. */
export interface RunClass {
  readonly number: number
  readonly workflowName: string
  readonly status: string
  readonly liveness: Liveness | null
  /** What all of them failed with; undefined: each with something of its own. */
  readonly error: string | null | undefined
  /** The filters that they belong to. */
  readonly filters: readonly RunFilter[]
}

export interface RunClasses {
  /** By their numbers. */
  readonly all: readonly RunClass[]
  readonly of: (facts: RunListFacts) => RunClass
}

const onlyAll: readonly RunFilter[] = ['all']
/** Errors are mostly the same few. Where there are more than these, the further ones make no classes of their own. */
const mostErrors = 500

/** Sorts runs into classes as they are at this time, in ms. There are few of them, so that what is found out about one is kept. */
export function createRunClasses(nowMs: number): RunClasses {
  const all: RunClass[] = []
  const byError = new Map<string | null | undefined, Map<string, RunClass[]>>()
  return {
    all,
    of: (facts) => {
      const { workflowName, status, liveness } = facts
      const error = byError.size < mostErrors || byError.has(facts.error) ? facts.error : undefined
      const byName = entry(byError, error, () => new Map<string, RunClass[]>())
      const named = entry(byName, workflowName, (): RunClass[] => [])
      const filters = filtersOf(facts, nowMs)
      for (const one of named)
        if (one.status === status && one.liveness === liveness && one.filters === filters) return one
      const made: RunClass = { number: all.length, workflowName, status, liveness, error, filters }
      all.push(made)
      named.push(made)
      return made
    },
  }
}

function entry<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  return made
}

/** Every combination of filters that was met: the same one is the same object. */
const combinations = new Map<number, readonly RunFilter[]>()

function filtersOf(facts: RunListFacts, nowMs: number): readonly RunFilter[] {
  if (facts.status === 'completed' && facts.saved) return onlyAll // As most are.
  let bits = 0
  for (let at = 0; at < runFilters.length; at++)
    if (matchesFilter(facts, runFilters[at] ?? 'all', nowMs)) bits |= 1 << at
  const known = combinations.get(bits)
  if (known) return known
  const made = bits === 1 ? onlyAll : runFilters.filter((_, at) => (bits & (1 << at)) !== 0)
  combinations.set(bits, made)
  return made
}
