import type { RunFilter } from '../../shared/rules/runFilters'
import { createRunMatcher, misses } from '../../shared/rules/runWhere'
import type { RunPage } from '../../shared/runList'
import type { RunClass } from './runClasses'
import { isNode, type ListContext, type ListedRun, type RunListFacts } from './runFacts'
import type { RunListQuestion } from './runList'
import { createSearch } from './runSearch'

/** Exact counts of runs that fit, each time those of one filter. */
export interface RunCounts {
  readonly counts: RunPage['counts']
  readonly facets: (filter: RunFilter) => RunPage['facets']
}

export interface RunTally {
  /** Counts a run, and tells whether it fits all that is asked. */
  readonly take: (kind: RunClass, id: string, facts: RunListFacts) => boolean
  /** Counts so many runs of a class that hold what is sought, where that is all that is asked. */
  readonly count: (kind: RunClass, runs: number) => void
  /** May an id hold what is sought? */
  readonly mayBeId: boolean
  /** Does a run of a class that does not decide it hold what is sought? */
  readonly holds: (run: ListedRun | undefined) => boolean
  /** Do all runs of the class hold what is sought, or none? Null: each has to be looked at. */
  readonly heldByClass: (kind: RunClass) => boolean | null
  readonly counted: () => RunCounts
}

/** The runs of one class. */
interface Cell {
  readonly kind: RunClass
  readonly held: boolean | null
  /** So many hold it, and miss nothing but `misfit` of what is asked. */
  count: number
  misfit: number
}

/** So many names are told with their counts: those with the most runs. */
const mostNames = 200

/** Decides which runs fit, and counts. */
export function createTally(
  { search = '', where = {} }: RunListQuestion,
  { nowMs, idsAreHex }: Pick<ListContext, 'nowMs'> & { readonly idsAreHex: boolean },
): RunTally {
  const { heldByName, heldByError, heldById, mayBeId } = createSearch(search, { idsAreHex })
  const isNarrowed = Object.keys(where).length > 0
  const missed = createRunMatcher(where, { nowMs, todayMs: new Date(nowMs).setHours(0, 0, 0, 0) })
  /** By the number of their class. */
  const cells: (Cell | undefined)[] = []
  const heldByClass: RunTally['heldByClass'] = ({ workflowName, error }) => {
    if (heldByName(workflowName) || (error !== undefined && heldByError(error))) return true
    return mayBeId || error === undefined ? null : false
  }
  const cellOf = (kind: RunClass): Cell => {
    const cell = { kind, held: heldByClass(kind), count: 0, misfit: 0 }
    while (cells.length <= kind.number) cells.push(undefined)
    cells[kind.number] = cell
    return cell
  }
  return {
    heldByClass,
    mayBeId,
    holds: (run) => run !== undefined && (heldById(run.id) || (isNode(run) && heldByError(run.view.error))),
    count: (kind, runs) => {
      const cell = cells[kind.number] ?? cellOf(kind)
      cell.count += runs
    },
    take: (kind, id, facts) => {
      const cell = cells[kind.number] ?? cellOf(kind)
      if (!(cell.held ?? (heldById(id) || heldByError(facts.error)))) return false
      if (isNarrowed) {
        const misfit = missed(facts)
        if (misfit & misses.other) return false
        cell.misfit = misfit
      }
      cell.count++
      return cell.misfit === 0
    },
    counted: () => {
      const counted = cells.flatMap((cell) => (cell && cell.count > 0 ? cell : []))
      const counts = { all: 0, running: 0, 'needs-you': 0, failed: 0, orphaned: 0 }
      for (const { kind, count, misfit } of counted)
        if (misfit === 0) for (const filter of kind.filters) counts[filter] += count
      const named = (
        filter: RunFilter,
        but: number,
        nameOf: (kind: RunClass) => string | null,
      ): Record<string, number> => {
        const sums = new Map<string, number>()
        for (const { kind, count, misfit } of counted) {
          const name = nameOf(kind)
          if (name === null || (misfit & ~but) !== 0 || !kind.filters.includes(filter)) continue
          sums.set(name, (sums.get(name) ?? 0) + count)
        }
        return Object.fromEntries([...sums].sort((left, right) => right[1] - left[1]).slice(0, mostNames))
      }
      return {
        counts,
        facets: (filter) => ({
          statuses: named(filter, misses.status, ({ status }) => status),
          liveness: named(filter, misses.liveness, ({ liveness }) => liveness),
          workflows: named(filter, misses.workflow, ({ workflowName }) => workflowName),
        }),
      }
    },
  }
}
