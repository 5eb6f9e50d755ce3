import type { HistoryEntry, ResumePlan } from '../../shared/runs'
import { createId, type RunRow, type StepRow } from '../runs/rows'
import type { RunRecord } from '../runs/runJournal'
import { type ShellStep, textOf, type Workflow } from './parseWorkflow'
import type { ResumeChoice } from './resumePlan'
import { lastingFacts } from './stepFacts'

/** The first rows of a new run: the run and one pending row per step, in the order of the file. */
export function newRunRows(
  workflow: Workflow,
  { by, file, vars }: { readonly by: string; readonly file: string; readonly vars: Readonly<Record<string, string>> },
): { readonly run: RunRow; readonly steps: readonly StepRow[] } {
  const at = new Date().toISOString()
  const id = createId()
  const started: HistoryEntry = { at, act: 'start', by, reason: null, previousError: null }
  const run: RunRow = {
    id,
    workspaceId: 'local',
    workflowName: workflow.name,
    pattern: workflow.pattern,
    status: 'pending',
    config: workflow.config,
    startedAt: at,
    createdAt: at,
    updatedAt: at,
    rundesk: { workflow: workflow.name, file, vars, operator: by, history: [started] },
  }
  return { run, steps: workflow.steps.map((step) => newStepRow(step, { runId: id, at })) }
}

function newStepRow(step: ShellStep, { runId, at }: { readonly runId: string; readonly at: string }): StepRow {
  return {
    id: createId(),
    runId,
    stepName: step.name,
    agentName: step.agent ?? null,
    stepType: step.type,
    status: 'pending',
    task: textOf(step),
    dependsOn: [...step.dependsOn],
    retryCount: 0,
    createdAt: at,
    updatedAt: at,
  }
}

/** The run's row with one more entry in its history. */
export function withHistory(row: RunRow, entry: HistoryEntry): RunRow {
  const history = Array.isArray(row.rundesk?.history) ? row.rundesk.history : []
  return { ...row, rundesk: { ...row.rundesk, history: [...history, entry] } }
}

interface Resume {
  readonly by: string
  readonly workflow: Workflow
  readonly plan: ResumePlan['steps']
  readonly choice: ResumeChoice
}

/**
 * The rows that a resume claims: the run running again, its error kept in the history; the steps that are kept as they
 * are, every other one pending, without what its last try left. `written` are those of `steps` that change.
 */
export function resumedRows(
  record: RunRecord,
  { by, workflow, plan, choice }: Resume,
): { readonly run: RunRow; readonly steps: readonly StepRow[]; readonly written: readonly StepRow[] } {
  const at = new Date().toISOString()
  const { error, completedAt: _completedAt, ...rest } = record.run
  const entry: HistoryEntry = { ...choiceOf(choice), at, act: 'resume', by, reason: null, previousError: error ?? null }
  const rows = new Map(record.steps.map((row) => [row.stepName ?? '', row]))
  const kept = keptNames(plan)
  const steps = workflow.steps.map((step): StepRow => {
    const row = rows.get(step.name)
    if (!row) return newStepRow(step, { runId: record.run.id, at })
    if (kept.has(step.name)) return row
    const { task, dependsOn, stepType } = newStepRow(step, { runId: record.run.id, at })
    const changed = choice.workflow === 'file' ? { task, dependsOn, stepType } : {}
    return { ...pendingRow(row, at), ...changed }
  })
  const config = choice.workflow === 'file' ? { config: workflow.config } : {}
  return {
    run: withHistory({ ...rest, ...config, status: 'running', updatedAt: at }, entry),
    steps,
    written: steps.filter((row) => !kept.has(row.stepName ?? '')),
  }
}

/**
 * The rows of a new run that repeats a part of another: what is kept is completed from the start, with the output and
 * the state change that it left there. `first` is the run's first row, `run` the one it is started with.
 */
export function repeatedRows(
  record: RunRecord,
  { by, workflow, plan, choice, file }: Resume & { readonly file: string | null },
): { readonly first: RunRow; readonly run: RunRow; readonly steps: readonly StepRow[] } {
  const old = new Map(record.steps.map((row) => [row.stepName ?? '', row]))
  const { run, steps } = newRunRows(workflow, { by, file: file ?? '', vars: {} })
  const entry: HistoryEntry = {
    ...choiceOf(choice),
    at: run.startedAt ?? '',
    act: 'start',
    by,
    reason: null,
    previousError: null,
  }
  const parent = { runId: record.run.id, from: choice.from ?? null }
  const { vars } = record.run.rundesk ?? {}
  const facts = { workflow: workflow.name, operator: by, ...(file === null ? {} : { file }), ...(vars ? { vars } : {}) }
  const first: RunRow = { ...run, rundesk: { ...facts, parent, history: [entry] } }
  const kept = keptNames(plan)
  return {
    first,
    run: { ...first, status: 'running', updatedAt: new Date().toISOString() },
    steps: steps.map((row) => {
      const before = old.get(row.stepName ?? '')
      return before && kept.has(row.stepName ?? '') ? keptRow(row, before) : row
    }),
  }
}

/** What another run's completed step left, as this run's own. */
function keptRow(row: StepRow, before: StepRow): StepRow {
  const { statePatch, log } = before.rundesk ?? {}
  const { output, completionReason } = before
  return {
    ...row,
    status: 'completed',
    ...(output === undefined ? {} : { output }),
    ...(completionReason === undefined ? {} : { completionReason }),
    rundesk: { keptFrom: before.runId, ...(statePatch ? { statePatch } : {}), ...(log ? { log } : {}) },
  }
}

/** The row waiting for its next try, without what the last one left; its attempts stay. */
function pendingRow(row: StepRow, at: string): StepRow {
  const {
    error: _error,
    completionReason: _reason,
    completedAt: _end,
    startedAt: _start,
    output: _output,
    ...kept
  } = row
  const facts = row.rundesk ? { rundesk: lastingFacts(row.rundesk) } : {}
  return { ...kept, status: 'pending', updatedAt: at, ...facts }
}

function keptNames(plan: ResumePlan['steps']): ReadonlySet<string> {
  return new Set(plan.flatMap(({ name, will }) => (will === 'keep' ? [name] : [])))
}

function choiceOf({ from, workflow }: ResumeChoice): Pick<HistoryEntry, 'from' | 'workflow'> {
  return { ...(from === undefined ? {} : { from }), ...(workflow === 'file' ? { workflow } : {}) }
}

/** The rows that a cancel claims: the run cancelled, and, when nobody executes it, its steps settled as well. */
export function cancelledRows(
  record: RunRecord,
  { by, reason, settleSteps }: { readonly by: string; readonly reason: string | null; readonly settleSteps: boolean },
): { readonly run: RunRow; readonly steps: readonly StepRow[] } {
  const at = new Date().toISOString()
  const entry: HistoryEntry = { at, act: 'cancel', by, reason, previousError: record.run.error ?? null }
  const run = withHistory(
    { ...record.run, status: 'cancelled', error: 'Cancelled', completedAt: at, updatedAt: at },
    entry,
  )
  return { run, steps: settleSteps ? settledSteps(record, at) : [] }
}

/** The rows of a run whose execution broke down: failed with the reason, its steps settled. */
export function brokenRows(
  record: RunRecord,
  error: string,
): { readonly run: RunRow; readonly steps: readonly StepRow[] } {
  const at = new Date().toISOString()
  return {
    run: { ...record.run, status: 'failed', error, completedAt: at, updatedAt: at },
    steps: settledSteps(record, at),
  }
}

function settledSteps(record: RunRecord, at: string): readonly StepRow[] {
  return record.steps.flatMap((row): StepRow[] => {
    if (row.status === 'pending') return [{ ...row, status: 'skipped', updatedAt: at }]
    if (row.status !== 'running') return []
    const error = `Step "${row.stepName ?? row.id}" aborted`
    return [{ ...row, status: 'failed', output: '', error, completedAt: at, updatedAt: at }]
  })
}
