import { matchesFilter, type RunFilter, runFilters } from '../../shared/rules/runFilters'
import type { Liveness } from '../../shared/runs'
import type { RunListFacts } from './runFacts'

/** Runs that lists count alike. */
export interface RunClass {
  readonly number: number
  readonly workflowName: string
  readonly status: string
  readonly liveness: Liveness | null
  /** The filters that they belong to. */
  readonly filters: readonly RunFilter[]
}

export interface RunClasses {
  /** By their numbers. */
  readonly all: readonly RunClass[]
  readonly of: (facts: RunListFacts) => RunClass
}

const onlyAll: readonly RunFilter[] = ['all']

/** Sorts runs into classes as they are at this time, in ms. There are few of them, so that what is found out about one is kept. */
export function createRunClasses(nowMs: number): RunClasses {
  const all: RunClass[] = []
  const byName = new Map<string, RunClass[]>()
  return {
    all,
    of: (facts) => {
      const { workflowName, status, liveness } = facts
      let named = byName.get(workflowName)
      if (!named) {
        named = []
        byName.set(workflowName, named)
      }
      const filters = filtersOf(facts, nowMs)
      for (const one of named)
        if (one.status === status && one.liveness === liveness && one.filters === filters) return one
      const made: RunClass = { number: all.length, workflowName, status, liveness, filters }
      all.push(made)
      named.push(made)
      return made
    },
  }
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
