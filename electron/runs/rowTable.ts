import type { StepCounts } from '../../shared/runs'
import { countSteps, foldRun, foldStep, type LinePlace, moveCount, type RunEntry, type StepEntry } from './fold'
import type { RunRow, StepRow, StoreLine } from './rows'

/**
 * One row in memory: what the file says (`base`), our own lines that were not read back from it yet (`overlay`), and
 * both together (`view`), which is what everybody reads.
 */
interface Node<Entry, Row> {
  readonly id: string
  base: Entry | undefined
  view: Entry
  overlay: StoreLine[]
  place: LinePlace | undefined
  /** Rows of `overlay` that the disk refused. */
  unsaved: number
  readonly kind: Row extends RunRow ? 'run' | 'step' : never
}

export interface StepNode extends Node<StepEntry, StepRow> {}

export interface RunNode extends Node<RunEntry, RunRow> {
  readonly steps: Map<string, StepNode>
  counts: StepCounts
  /** Sort key: start in ms, 0 when unknown. */
  startedMs: number
  /** Newest `updatedAt` of the run and its steps, in ms. */
  lastActivityMs: number | null
}

export interface RowTable {
  /** Oldest first. */
  readonly runs: () => readonly RunNode[]
  readonly run: (id: string) => RunNode | undefined
  /** Gives a sentence when the line contradicts an earlier one. */
  readonly takeFromFile: (line: StoreLine, place: LinePlace & { readonly text: string }) => string | undefined
  readonly takeOwn: (line: StoreLine) => void
  readonly markSaved: (line: StoreLine) => void
  readonly markUnsaved: (line: StoreLine) => void
  /** Forgets what the file said; lines that wait to be written stay. */
  readonly forgetFile: () => void
}

/** The rows of one run store, folded (docs/formats.md, "Run store": file order decides, the last line of an id wins). */
export function createRowTable(): RowTable {
  const byId = new Map<string, RunNode>()
  let order: RunNode[] = []
  /** Steps whose run has no line (yet). */
  const strays = new Map<string, StepNode[]>()
  const stepOwner = new Map<string, string>()

  const place = (node: RunNode): void => {
    let low = 0
    let high = order.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((order[middle]?.startedMs ?? 0) <= node.startedMs) low = middle + 1
      else high = middle
    }
    order.splice(low, 0, node)
  }

  const runNode = (id: string, first: RunEntry): RunNode => {
    const existing = byId.get(id)
    if (existing) return existing
    const steps = new Map((strays.get(id) ?? []).map((step) => [step.id, step]))
    strays.delete(id)
    const node: RunNode = {
      id,
      kind: 'run',
      base: undefined,
      view: first,
      overlay: [],
      place: undefined,
      unsaved: 0,
      steps,
      counts: countSteps([...steps.values()].map((step) => step.view)),
      startedMs: toMs(first.startedAt),
      lastActivityMs: null,
    }
    for (const step of steps.values()) noteActivity(node, step.view.updatedAt)
    byId.set(id, node)
    place(node)
    return node
  }

  const stepNode = (row: StepRow): StepNode => {
    const run = byId.get(row.runId)
    const siblings = run ? run.steps : undefined
    const stray = strays.get(row.runId)
    const found = siblings?.get(row.id) ?? stray?.find((step) => step.id === row.id)
    if (found) return found
    const node: StepNode = {
      id: row.id,
      kind: 'step',
      base: undefined,
      view: foldStep(undefined, row),
      overlay: [],
      place: undefined,
      unsaved: 0,
    }
    const previousRun = stepOwner.get(row.id)
    const left = previousRun === undefined ? undefined : byId.get(previousRun)
    const moved = left?.steps.get(row.id)
    if (left && moved) {
      left.steps.delete(row.id)
      left.counts = moveCount(left.counts, moved.view.status, undefined)
    }
    stepOwner.set(row.id, row.runId)
    if (!run) {
      if (stray) stray.push(node)
      else strays.set(row.runId, [node])
      return node
    }
    run.steps.set(row.id, node)
    run.counts = moveCount(run.counts, undefined, node.view.status)
    return node
  }

  const setRunView = (node: RunNode, view: RunEntry): void => {
    node.view = view
    noteActivity(node, view.updatedAt)
    const startedMs = toMs(view.startedAt)
    if (startedMs === node.startedMs) return
    order = order.filter((other) => other !== node)
    node.startedMs = startedMs
    place(node)
  }

  const setStepView = (node: StepNode, view: StepEntry): void => {
    const run = byId.get(view.runId)
    if (run) run.counts = moveCount(run.counts, node.view.status, view.status)
    node.view = view
    if (run) noteActivity(run, view.updatedAt)
  }

  const refold = (node: RunNode | StepNode): void => {
    if (isRunNode(node)) {
      const newest = node.overlay.at(-1)
      const view = newest?.kind === 'run' ? foldRun(newest.row) : node.base
      if (view) setRunView(node, view)
      return
    }
    let view = node.base
    for (const line of node.overlay) if (line.kind === 'step') view = foldStep(view, line.row)
    if (view) setStepView(node, view)
  }

  const nodeOf = (line: StoreLine): RunNode | StepNode =>
    line.kind === 'run' ? runNode(line.row.id, foldRun(line.row)) : stepNode(line.row)

  return {
    runs: () => order,
    run: (id) => byId.get(id),
    takeFromFile: (line, at) => {
      const node = nodeOf(line)
      let complaint: string | undefined
      if (line.kind === 'run' && isRunNode(node)) {
        complaint = contradiction(node.base, line.row)
        node.base = foldRun(line.row)
      }
      if (line.kind === 'step' && !isRunNode(node)) node.base = foldStep(node.base, line.row)
      node.place = { offset: at.offset, length: at.length, number: at.number }
      if (node.overlay.length > 0) node.overlay = withoutRead(node.overlay, at.text.trim())
      refold(node)
      return complaint
    },
    takeOwn: (line) => {
      const node = nodeOf(line)
      node.overlay = [...node.overlay, line]
      refold(node)
    },
    markSaved: (line) => {
      nodeOf(line).unsaved = 0
    },
    markUnsaved: (line) => {
      nodeOf(line).unsaved++
    },
    forgetFile: () => {
      const waiting: StoreLine[] = []
      for (const run of order) {
        waiting.push(...run.overlay)
        for (const step of run.steps.values()) waiting.push(...step.overlay)
      }
      byId.clear()
      strays.clear()
      stepOwner.clear()
      order = []
      for (const line of waiting) {
        const node = nodeOf(line)
        node.overlay = [...node.overlay, line]
        refold(node)
      }
    },
  }
}

export function isRunNode(node: RunNode | StepNode): node is RunNode {
  return 'steps' in node
}

/** Our own line came back from the file: it and the ones before it are in `base` now. */
function withoutRead(overlay: StoreLine[], text: string): StoreLine[] {
  const index = overlay.findIndex((own) => JSON.stringify(own) === text)
  return index === -1 ? overlay : overlay.slice(index + 1)
}

function contradiction(previous: RunEntry | undefined, row: RunRow): string | undefined {
  if (!previous || previous.status === row.status) return undefined
  if (previous.status !== 'completed' && previous.status !== 'cancelled') return undefined
  return `Run ${row.id} was ${previous.status}, and a later line says ${row.status}. The later line is shown.`
}

function noteActivity(run: RunNode, at: string | null): void {
  const ms = at === null ? Number.NaN : Date.parse(at)
  if (!Number.isNaN(ms)) run.lastActivityMs = Math.max(run.lastActivityMs ?? 0, ms)
}

function toMs(at: string | null): number {
  const ms = at === null ? Number.NaN : Date.parse(at)
  return Number.isNaN(ms) ? 0 : ms
}
