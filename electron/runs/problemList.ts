import type { Problem } from '../../shared/runs'

/** How many line problems are kept one by one; more are only counted. */
const keptProblems = 1_000
/** A torn tail younger than this may be a line that is just being written. */
const tornAfterMs = 2_000

interface StoreState {
  readonly trouble: string | null
  readonly tornTail: { readonly bytes: number; readonly ageMs: number }
  readonly failure: { readonly since: string; readonly message: string } | null
  readonly loading: boolean
}

/** The first problems of a file's lines, and how many there are. */
export interface LineProblems {
  readonly kept: readonly Problem[]
  readonly total: number
}

export interface ProblemList {
  readonly add: (code: string, line: number, message: string) => void
  readonly clear: () => void
  /** Those of the lines, to be kept elsewhere or put back. */
  readonly lines: () => LineProblems
  readonly restore: (problems: LineProblems) => void
  readonly list: (state: StoreState) => readonly Problem[]
}

/** The problems of one file: those of its lines, and those that its state shows right now. */
export function createProblemList(path: string): ProblemList {
  let kept: Problem[] = []
  let total = 0

  const current = ({ trouble, tornTail, failure, loading }: StoreState): Problem[] => {
    const now: Problem[] = []
    const add = (code: string, message: string): unknown => now.push({ code, path, line: null, message })
    if (trouble) add('unreadable', trouble)
    if (failure)
      add(
        'not_saved',
        `${failure.message} Rows are kept and written again when the disk recovers (since ${failure.since}).`,
      )
    if (!loading && tornTail.bytes > 0 && tornTail.ageMs > tornAfterMs) {
      add(
        'torn_tail',
        `The file ends in the middle of a line (${tornTail.bytes} bytes). It counts as pending; the next write ends it first.`,
      )
    }
    if (total > kept.length) add('more_problems', `${total - kept.length} more lines have problems.`)
    return now
  }

  return {
    add: (code, line, message) => {
      total++
      if (kept.length < keptProblems) kept.push({ code, path, line, message })
    },
    clear: () => {
      kept = []
      total = 0
    },
    lines: () => ({ kept: [...kept], total }),
    restore: (problems) => {
      kept = [...problems.kept]
      total = problems.total
    },
    list: (state) => [...current(state), ...kept],
  }
}
