import type { StepCounts } from '../../shared/runs'
import { foldRun, type RunEntry } from './fold'
import type { HexIds } from './hexIds'
import { createIdTable, type IdTable, type IdTableParts } from './idTable'
import { toMs } from './isoTime'
import type { RowKey, RunRow, StepRow } from './rows'
import { stepStatuses } from './scanLine'

/** A run in memory: what lists show of it, and where its lines begin. Owned by the index; nobody else changes it. */
export interface RunNode {
  readonly id: string
  /** The number of the run in the index. */
  readonly number: number
  readonly view: RunEntry
  readonly counts: Readonly<StepCounts>
  /** Sort key: start in ms, 0 when unknown. */
  readonly startedMs: number
  /** Newest `updatedAt` of the run and its steps, in ms. */
  readonly lastActivityMs: number | null
  /** The newest line of the run's own row in the file, and the newest of the run at all; -1 for none. */
  readonly rowLine: number
  readonly lastLine: number
  /** False while only step lines of it were seen. */
  readonly listed: boolean
}

type MutableNode = { -readonly [Key in keyof RunNode]: RunNode[Key] } & { counts: StepCounts }

/** Every run of a store with the counts of its steps: the newest line of an id wins, in the order in which lines are taken. */
export interface RunIndex {
  /** Oldest first. */
  readonly runs: () => readonly RunNode[]
  /** The ids of the runs as digits, by their numbers; null where one is not of hex digits, in small letters. */
  readonly hexIds: () => HexIds | null
  readonly run: (id: string) => RunNode | undefined
  /** Takes a run line. `line` is its index in the line table, -1 for a line of ours that is not in the file yet. */
  readonly takeRun: (row: RunRow, line: number) => Taken
  /** Takes a step line. */
  readonly takeStep: (row: StepRow, line: number) => Taken
  /**
   * Takes a step line of which only this is known, or a run line of which this and its row's list fields are. Undefined
   * when an id has other than hex digits: such a line must be taken as a row.
   */
  readonly takeScannedStep: (step: ScannedStep, line: number) => Taken | undefined
  readonly takeScannedRun: (
    run: { readonly bytes: Uint8Array; readonly idAt: number; readonly view: RunEntry },
    line: number,
  ) => Taken | undefined
  /** A line of ours, taken before, stands in the file now. */
  readonly place: (row: RowKey, at: number) => Taken
  /** The run that a step belongs to now. */
  readonly ownerOf: (stepId: string) => RunNode | undefined
  /** The status of a step, as it is counted; undefined for one that no line tells of, or of a status that is not. */
  readonly stepStatus: (stepId: string) => string | undefined
  readonly toParts: () => RunIndexParts
}

/** What taking a line did. */
export interface Taken {
  readonly runId: string
  /** The run's newest line before this one. */
  readonly previousLine: number
  /** A sentence when the line contradicts an earlier one. */
  readonly complaint?: string | undefined
  /** The run that the step belonged to before, when it was another one. */
  readonly movedFrom?: string | undefined
}

/** Where the ids of a step stand, 24 hex digits each, and what the line says of it. */
export interface ScannedStep {
  readonly bytes: Uint8Array
  readonly idAt: number
  readonly runIdAt: number
  readonly status: number
  readonly updatedMs: number
}

/** The index as plain memory and rows, for the snapshot. */
export interface RunIndexParts {
  readonly runIds: IdTableParts
  readonly stepIds: IdTableParts
  readonly stepStatus: Uint8Array
  readonly stepRun: Uint32Array
  /** By number; null for a number of which no line was taken. The index owns them from now on. */
  readonly nodes: readonly (RunNode | null)[]
  readonly order: Uint32Array
}

const noStatus = 255
const statusNames: readonly string[] = stepStatuses

/** Steps are numbers in flat arrays here; their rows are read from the file when they are asked for. */
export function createRunIndex(parts?: RunIndexParts): RunIndex {
  const runIds: IdTable = createIdTable(parts?.runIds)
  const stepIds: IdTable = createIdTable(parts?.stepIds)
  let stepStatus = parts?.stepStatus ?? new Uint8Array(1024).fill(noStatus)
  let stepRun = parts?.stepRun ?? new Uint32Array(1024)
  const nodes = [...(parts?.nodes ?? [])] as (MutableNode | null)[]
  const order: RunNode[] = []
  for (const number of parts?.order ?? []) {
    const run = nodes[number]
    if (run) order.push(run)
  }

  const node = (number: number): MutableNode => {
    const known = nodes[number]
    if (known) return known
    const made: MutableNode = {
      id: runIds.id(number),
      number,
      view: unknownRun,
      counts: { total: 0, pending: 0, running: 0, completed: 0, failed: 0, skipped: 0 },
      startedMs: 0,
      lastActivityMs: null,
      rowLine: -1,
      lastLine: -1,
      listed: false,
    }
    nodes[number] = made
    return made
  }

  /** Where a run that started then belongs: behind all that started no later. */
  const placeOf = (startedMs: number): number => {
    const last = order.at(-1)
    if (!last || last.startedMs <= startedMs) return order.length
    let low = 0
    let high = order.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((order[middle]?.startedMs ?? 0) <= startedMs) low = middle + 1
      else high = middle
    }
    return low
  }
  const list = (run: MutableNode, startedMs: number): void => {
    if (run.listed) {
      if (run.startedMs === startedMs) return
      order.splice(order.indexOf(run), 1)
    }
    run.listed = true
    run.startedMs = startedMs
    order.splice(placeOf(startedMs), 0, run)
  }

  const note = (run: MutableNode, line: number, updatedMs: number): number => {
    const previous = run.lastLine
    if (line !== -1) run.lastLine = line
    if (updatedMs >= 0) run.lastActivityMs = Math.max(run.lastActivityMs ?? 0, updatedMs)
    return previous
  }

  const count = (run: MutableNode, status: number, by: number): void => {
    run.counts.total += by
    const name = stepStatuses[status]
    if (name !== undefined && name !== 'other') run.counts[name] += by
  }

  const growSteps = (): void => {
    const moreStatus = new Uint8Array(Math.max(1024, stepStatus.length * 2)).fill(noStatus)
    const moreRun = new Uint32Array(moreStatus.length)
    moreStatus.set(stepStatus)
    moreRun.set(stepRun)
    stepStatus = moreStatus
    stepRun = moreRun
  }

  /** Gives the run that the step belonged to before, when it was another one. */
  const setStep = (step: number, run: MutableNode, status: number): string | undefined => {
    while (step >= stepStatus.length) growSteps()
    const before = stepStatus[step] ?? noStatus
    const owner = stepRun[step] ?? 0
    if (before === status && owner === run.number) return undefined
    if (before !== noStatus) count(node(owner), before, -1)
    count(run, status, 1)
    stepStatus[step] = status
    stepRun[step] = run.number
    return before !== noStatus && owner !== run.number ? node(owner).id : undefined
  }

  const setRun = (run: MutableNode, view: RunEntry, line: number): Taken => {
    const complaint = run.listed ? contradiction(run, view.status) : undefined
    run.view = view
    if (line !== -1) run.rowLine = line
    list(run, timeOr(view.startedAt, 0))
    const previousLine = note(run, line, timeOr(view.updatedAt, -1))
    return { runId: run.id, previousLine, complaint }
  }

  return {
    runs: () => order,
    hexIds: runIds.hexIds,
    run: (id) => {
      const found = nodes[runIds.find(id)]
      return found?.listed ? found : undefined
    },
    takeRun: (row, line) => setRun(node(runIds.add(row.id)), foldRun(row), line),
    takeScannedRun: ({ bytes, idAt, view }, line) => {
      const number = runIds.addHex(bytes, idAt)
      return number === -1 ? undefined : setRun(node(number), view, line)
    },
    takeStep: (row, line) => {
      const run = node(runIds.add(row.runId))
      const code = row.status === undefined ? 0 : statusNames.indexOf(row.status)
      const movedFrom = setStep(stepIds.add(row.id), run, Math.max(0, code))
      return { runId: run.id, previousLine: note(run, line, timeOr(row.updatedAt ?? null, -1)), movedFrom }
    },
    takeScannedStep: ({ bytes, idAt, runIdAt, status, updatedMs }, line) => {
      const runNumber = runIds.addHex(bytes, runIdAt)
      const step = runNumber === -1 ? -1 : stepIds.addHex(bytes, idAt)
      if (step === -1) return undefined
      const run = node(runNumber)
      const movedFrom = setStep(step, run, status)
      return { runId: run.id, previousLine: note(run, line, updatedMs), movedFrom }
    },
    place: ({ kind, runId }, at) => {
      const run = node(runIds.add(runId))
      if (kind === 'run') run.rowLine = at
      return { runId: run.id, previousLine: note(run, at, -1) }
    },
    ownerOf: (stepId) => {
      const number = stepIds.find(stepId)
      return number === -1 ? undefined : (nodes[stepRun[number] ?? 0] ?? undefined)
    },
    stepStatus: (stepId) => {
      const number = stepIds.find(stepId)
      const name = number === -1 ? undefined : stepStatuses[stepStatus[number] ?? noStatus]
      return name === 'other' ? undefined : name
    },
    toParts: () => ({
      runIds: runIds.toParts(),
      stepIds: stepIds.toParts(),
      stepStatus: stepStatus.subarray(0, stepIds.size()),
      stepRun: stepRun.subarray(0, stepIds.size()),
      nodes,
      order: Uint32Array.from(order, ({ number }) => number),
    }),
  }
}

/** Stands for a run of which only step lines were seen; it is not listed. */
const unknownRun: RunEntry = {
  workflowName: '',
  status: '',
  error: null,
  startedAt: null,
  completedAt: null,
  updatedAt: null,
}

function contradiction({ id, view }: RunNode, status: string): string | undefined {
  if (view.status === status) return undefined
  if (view.status !== 'completed' && view.status !== 'cancelled') return undefined
  return `Run ${id} was ${view.status}, and a later line says ${status}. The later line is shown.`
}

function timeOr(at: string | null, otherwise: number): number {
  const ms = at === null ? Number.NaN : toMs(at)
  return Number.isNaN(ms) ? otherwise : ms
}
