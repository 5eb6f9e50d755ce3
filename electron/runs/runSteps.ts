import type { LinePlace } from '../files/journal'
import { wholeLineBytes } from '../files/lineReader'
import { foldStep, type StepEntry } from './fold'
import type { RowKey, StepRow, StoreLine } from './rows'
import type { RunNode } from './runIndex'
import type { RunTable } from './runTable'

/** A step in memory: every list field. Its output and task are read from the file when asked for. */
export interface StepNode {
  readonly id: string
  readonly view: StepEntry
  /** Its newest line in the file; -1 while there is none. */
  readonly rowLine: number
}

export type Steps = ReadonlyMap<string, StepNode>

/** The steps of runs, read from their lines when they are first asked for and then kept up to date. */
export interface RunSteps {
  /** In the order of their first lines. */
  readonly of: (run: RunNode) => Promise<Steps>
  /** Those that are kept; undefined for a run whose lines must be read first. */
  readonly known: (run: RunNode) => Steps | undefined
  /** The first ones of a run, with their newest status and nothing else that is newer than their first line. */
  readonly first: (run: RunNode, count: number) => Promise<readonly StepNode[]>
  /** Takes a line into the steps that are kept. `line` as in the run index. */
  readonly take: (line: StoreLine, at: number) => void
  readonly isKept: (runId: string) => boolean
  /** A line of ours, taken before, stands in the file now. */
  readonly place: (row: RowKey, at: number) => void
  /** The run's steps are read anew when they are next asked for. */
  readonly forget: (runId: string) => void
}

/** How many steps are kept for runs that were looked at. */
const keptSteps = 50_000

/** `parse` reads the rows at these places of the file, in order; `own` are our lines that are not in the file yet. */
export function createRunSteps({
  table,
  parse,
  own,
}: {
  readonly table: RunTable
  readonly parse: (places: readonly LinePlace[], take: (line: StoreLine, at: number) => void) => Promise<void>
  readonly own: (runId: string) => readonly StoreLine[]
}): RunSteps {
  const kept = new Map<string, Map<string, StepNode>>()
  const reading = new Map<string, Promise<Steps>>()
  let total = 0

  const apply = (steps: Map<string, StepNode>, row: StepRow, at: number): void => {
    const before = steps.get(row.id)
    steps.set(row.id, {
      id: row.id,
      view: foldStep(before?.view, row),
      rowLine: at === -1 ? (before?.rowLine ?? -1) : at,
    })
  }

  const keep = (runId: string, steps: Map<string, StepNode>): void => {
    kept.delete(runId)
    kept.set(runId, steps)
    total += steps.size
    for (const [oldest, old] of kept) {
      if (total <= keptSteps || oldest === runId) return
      kept.delete(oldest)
      total -= old.size
    }
  }

  const read = async (run: RunNode): Promise<Steps> => {
    const steps = new Map<string, StepNode>()
    for (let newest = -1; run.lastLine > newest; ) {
      const lines = table.linesOf(run, newest)
      newest = lines.at(-1) ?? run.lastLine
      await parse(lines.map(table.place), (line, at) => {
        if (line.kind === 'step' && line.row.runId === run.id) apply(steps, line.row, at)
      })
    }
    for (const line of own(run.id)) if (line.kind === 'step') apply(steps, line.row, -1)
    for (const id of steps.keys()) if (table.index.ownerOf(id)?.id !== run.id) steps.delete(id)
    keep(run.id, steps)
    return steps
  }

  const first = async (run: RunNode, count: number): Promise<readonly StepNode[]> => {
    const steps = new Map<string, StepNode>()
    const lines = table.linesOf(run, -1)
    for (let at = 0; at < lines.length && at < count * 4 && steps.size < count; at += count) {
      const places = lines.slice(at, at + count).map(table.place)
      const short = places.filter(({ length }) => length <= wholeLineBytes)
      await parse(short, (line, number) => {
        if (line.kind === 'step' && line.row.runId === run.id && !steps.has(line.row.id)) apply(steps, line.row, number)
      })
    }
    return [...steps.values()].slice(0, count).map((step) => {
      const status = table.index.stepStatus(step.id) ?? step.view.status
      return { ...step, view: { ...step.view, status } }
    })
  }

  return {
    known: (run) => kept.get(run.id),
    first,
    of: async (run) => {
      const known = kept.get(run.id)
      if (known) return known
      const going = reading.get(run.id)
      if (going) return going
      const promise = read(run).finally(() => reading.delete(run.id))
      reading.set(run.id, promise)
      return promise
    },
    take: (line, at) => {
      if (line.kind === 'run') return
      const steps = kept.get(line.row.runId)
      if (!steps) return
      const size = steps.size
      apply(steps, line.row, at)
      total += steps.size - size
    },
    isKept: (runId) => kept.has(runId),
    place: ({ kind, id, runId }, at) => {
      const steps = kind === 'step' ? kept.get(runId) : undefined
      const step = steps?.get(id)
      if (steps && step) steps.set(step.id, { ...step, rowLine: at })
    },
    forget: (runId) => {
      total -= kept.get(runId)?.size ?? 0
      kept.delete(runId)
    },
  }
}
