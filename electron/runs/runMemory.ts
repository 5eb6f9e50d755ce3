import type { Journal, LinePlace } from '../files/journal'
import { type FileLine, lineText } from '../files/lineReader'
import type { HexIds } from './hexIds'
import { createOwnLines, type OwnLine, type OwnLines, toLine } from './ownLines'
import { parseStoreLine } from './parseStoreLine'
import { createProblemList, type ProblemList } from './problemList'
import { readPlaces } from './readPlaces'
import { runIdOf, type StoreLine } from './rows'
import { type RunMoment, toMoment } from './runHistory'
import type { RunNode } from './runIndex'
import { createRunSteps, type RunSteps, type StepNode, type Steps } from './runSteps'
import { createRunTable, type RunTable } from './runTable'

/** A table of runs with the steps that were looked at. */
export interface RunView {
  readonly table: RunTable
  readonly steps: RunSteps
}

/** What a run store holds in memory: the rows of the file, and our own lines on their way into it, which lie on top. */
export interface RunMemory {
  readonly own: OwnLines
  readonly problems: ProblemList
  readonly view: () => RunView
  /** The runs that are shown, oldest first: while the file is read for the first time, its newest ones. */
  readonly runs: () => readonly RunNode[]
  /** Their ids as digits, by their numbers; null where one is not of hex digits, in small letters. */
  readonly hexIds: () => HexIds | null
  readonly showNewest: (newest: { readonly table: RunTable; readonly runs: readonly RunNode[] } | undefined) => void
  /** The next line of the file. */
  readonly takeFromFile: (line: FileLine) => void
  readonly takeOwn: (lines: readonly StoreLine[]) => void
  /** Lines of ours that lie in the home fallback. */
  readonly takeKept: (texts: readonly string[]) => void
  /** A line that we wrote stands at this place of the file. A claim's was not in memory before. */
  readonly placeOwn: (text: string, place: LinePlace) => void
  /** Forgets what the file said; our lines on their way stay. */
  readonly forgetFile: () => void
  /** Goes on with a table that was read earlier. */
  readonly restore: (table: RunTable) => void
  readonly run: (runId: string) => RunNode | undefined
  readonly stepsOf: (run: RunNode) => Promise<Steps>
  readonly knownSteps: (run: RunNode) => Steps | undefined
  /** What each line of the run's own row tells, in the order of the file. All of its lines are read for it. */
  readonly moments: (run: RunNode) => Promise<readonly RunMoment[]>
  readonly firstSteps: (run: RunNode, count: number) => Promise<readonly StepNode[]>
  /** Where the row's newest line stands; without its number while only the end of the file was read. */
  readonly placeOf: (row: RunNode | StepNode) => (Omit<LinePlace, 'number'> & { number: number | null }) | undefined
}

/** A line that was scanned and is a row for certain. */
function parseRow(line: FileLine): StoreLine {
  return JSON.parse(lineText(line)) as StoreLine
}

const stepHead = Buffer.from('{"kind":"step"')

/** Is it certainly a line of a step? */
function isStepLine({ bytes, start }: FileLine): boolean {
  return bytes.compare(stepHead, 0, stepHead.length, start, start + stepHead.length) === 0
}

/** The run that a node belongs to. */
export function runOf(node: RunNode | StepNode): string {
  return 'counts' in node ? node.id : node.view.runId
}

/** `onChange` is called with the id of each run that a line changed, '' for something else. */
export function createRunMemory({
  path,
  journal,
  onChange,
}: {
  readonly path: string
  readonly journal: () => Pick<Journal, 'readBytes' | 'scan'>
  readonly onChange: (runId: string) => void
}): RunMemory {
  const own = createOwnLines()
  const problems = createProblemList(path)
  let main = viewOf(createRunTable())
  let newest: { readonly view: RunView; readonly runs: readonly RunNode[] } | undefined

  function viewOf(table: RunTable): RunView {
    const parse = (places: readonly LinePlace[], take: (line: StoreLine, at: number) => void): Promise<void> =>
      readPlaces(journal(), places, (line, place) => {
        const parsed = parseStoreLine(line)
        if (parsed && 'line' in parsed) take(parsed.line, place.number - 1)
      })
    return { table, steps: createRunSteps({ table, parse, own: (runId) => own.list(runId).map(toLine) }) }
  }

  const amongNewest = (runId: string): RunNode | undefined => newest?.runs.find(({ id }) => id === runId)

  const viewWith = (run: RunNode): RunView => (newest && amongNewest(run.id) === run ? newest.view : main)

  const apply = (line: StoreLine): void => {
    const { index } = main.table
    if (line.kind === 'run') index.takeRun(line.row, -1)
    else index.takeStep(line.row, -1)
    main.steps.take(line, -1)
  }

  const applyOwn = (lines: readonly OwnLine[]): void => {
    for (const line of lines) apply(toLine(line))
  }

  /** Our lines lie on top of what others write, until they are in the file themselves. */
  const settleOwn = (runId: string, text: string): void => {
    const ours = own.arrived(text)
    const above = ours ? own.listOf(ours) : own.list(runId)
    if (above.length === 0) return
    applyOwn(above)
    main.steps.forget(runId)
  }

  const takeFromFile: RunMemory['takeFromFile'] = (line) => {
    const { table, steps } = main
    const at = table.size()
    const taken = table.take(line)
    if (taken.problem) problems.add(taken.problem.code, line.number, taken.problem.message)
    if (taken.runId === undefined) {
      if (taken.problem) onChange('')
      return
    }
    if (taken.movedFrom !== undefined) steps.forget(taken.movedFrom)
    if (taken.line) steps.take(taken.line, at)
    else if (steps.isKept(taken.runId)) steps.take(parseRow(line), at)
    if (!own.isEmpty()) settleOwn(taken.runId, lineText(line).trim())
    onChange(taken.runId)
  }

  return {
    own,
    problems,
    view: () => main,
    runs: () => newest?.runs ?? main.table.index.runs(),
    hexIds: () => (newest?.view ?? main).table.index.hexIds(),
    showNewest: (next) => {
      newest = next && { view: viewOf(next.table), runs: next.runs }
    },
    takeFromFile,
    takeOwn: (lines) => {
      own.add(lines)
      for (const line of lines) {
        apply(line)
        onChange(runIdOf(line))
      }
    },
    takeKept: (texts) => {
      own.addKept(texts)
      for (const line of own.list()) {
        apply(toLine(line))
        onChange(line.runId)
      }
    },
    placeOwn: (text, place) => {
      const line = own.arrived(text)
      if (!line) {
        const bytes = Buffer.from(text)
        return takeFromFile({ ...place, bytes, start: 0, end: bytes.length, cut: false })
      }
      main.steps.place(line, main.table.placeOwn(line, place))
      onChange(line.runId)
    },
    forgetFile: () => {
      newest = undefined
      main = viewOf(createRunTable())
      problems.clear()
      applyOwn(own.list())
      onChange('')
    },
    restore: (table) => {
      main = viewOf(table)
      applyOwn(own.list())
      onChange('')
    },
    run: (runId) => (newest ? amongNewest(runId) : main.table.index.run(runId)),
    stepsOf: (run) => viewWith(run).steps.of(run),
    moments: async (run) => {
      const { table } = viewWith(run)
      const found: RunMoment[] = []
      await readPlaces(journal(), table.linesOf(run, -1).map(table.place), (line) => {
        if (isStepLine(line)) return
        const parsed = parseStoreLine(line)
        if (parsed && 'line' in parsed && parsed.line.kind === 'run') found.push(toMoment(parsed.line.row))
      })
      const ours = own.list(run.id).map(toLine)
      return [...found, ...ours.flatMap((line) => (line.kind === 'run' ? [toMoment(line.row)] : []))]
    },
    knownSteps: (run) => viewWith(run).steps.known(run),
    firstSteps: (run, count) => viewWith(run).steps.first(run, count),
    placeOf: (row) => {
      if (row.rowLine === -1) return undefined
      if (newest && amongNewest(runOf(row))) return { ...newest.view.table.place(row.rowLine), number: null }
      return main.table.place(row.rowLine)
    },
  }
}
