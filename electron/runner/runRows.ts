import type { HistoryEntry } from '../../shared/runs'
import { createId, type RunRow, type StepRow } from '../runs/rows'
import type { RunRecord } from '../runs/runJournal'
import type { Workflow } from './parseWorkflow'

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
  const steps = workflow.steps.map(
    (step): StepRow => ({
      id: createId(),
      runId: id,
      stepName: step.name,
      agentName: null,
      stepType: 'deterministic',
      status: 'pending',
      task: step.command,
      dependsOn: [...step.dependsOn],
      retryCount: 0,
      createdAt: at,
      updatedAt: at,
    }),
  )
  return { run, steps }
}

/** The run's row with one more entry in its history. */
export function withHistory(row: RunRow, entry: HistoryEntry): RunRow {
  const history = Array.isArray(row.rundesk?.history) ? row.rundesk.history : []
  return { ...row, rundesk: { ...row.rundesk, history: [...history, entry] } }
}

/**
 * The rows that a resume claims: the run running again, its error kept in the history; completed steps as they are,
 * every other step pending, without what its last try left.
 */
export function resumedRows(
  record: RunRecord,
  { by }: { readonly by: string },
): { readonly run: RunRow; readonly steps: readonly StepRow[] } {
  const at = new Date().toISOString()
  const { error, completedAt: _completedAt, ...rest } = record.run
  const entry: HistoryEntry = { at, act: 'resume', by, reason: null, previousError: error ?? null }
  const steps = record.steps.flatMap((row): StepRow[] => {
    if (row.status === 'completed') return []
    const {
      error: _error,
      completionReason: _reason,
      completedAt: _end,
      startedAt: _start,
      output: _output,
      ...kept
    } = row
    const { statePatch: _patch, nextAttemptAt: _next, log: _log, ...facts } = row.rundesk ?? {}
    return [{ ...kept, status: 'pending', updatedAt: at, ...(row.rundesk ? { rundesk: facts } : {}) }]
  })
  return { run: withHistory({ ...rest, status: 'running', updatedAt: at }, entry), steps }
}

/** The rows that a cancel claims: the run cancelled, and, when nobody executes it, its steps settled as well. */
export function cancelledRows(
  record: RunRecord,
  { by, settleSteps }: { readonly by: string; readonly settleSteps: boolean },
): { readonly run: RunRow; readonly steps: readonly StepRow[] } {
  const at = new Date().toISOString()
  const entry: HistoryEntry = { at, act: 'cancel', by, reason: null, previousError: record.run.error ?? null }
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
