import { rollbackSchema } from '../../shared/runs'
import type { StepRow } from '../runs/rows'
import type { LogFacts } from './attemptLog'
import type { ShellStep } from './parseWorkflow'

/** The rollback of a step as its row tells it. */
export interface RollbackFacts {
  readonly status: 'running' | 'completed' | 'failed'
  readonly startedAt: string
  readonly completedAt: string | null
  readonly error: string | null
  readonly log: LogFacts | null
  /** How often it was begun. */
  readonly attempts: number
  /** What the step had committed to the state: it counts no more. */
  readonly statePatch?: unknown
}

/** What a row tells of its rollback; undefined when none was begun. */
export function rollbackOf(row: StepRow): Pick<RollbackFacts, 'status' | 'error' | 'attempts'> | undefined {
  return rollbackSchema.safeParse(row.rundesk?.rollback).data
}

/**
 * The steps that are still to be rolled back, in that order: those that this run completed and that have a rollback, the
 * last commit first. What was taken over from another run belongs to that one.
 */
export function stepsToRollBack(
  steps: readonly ShellStep[],
  rowOf: (name: string) => StepRow | undefined,
): readonly ShellStep[] {
  return steps
    .flatMap((step, index) => {
      const row = rowOf(step.name)
      const isOurs = row?.status === 'completed' && row.rundesk?.keptFrom === undefined
      if (!row || !isOurs || step.rollback === undefined || rollbackOf(row)?.status === 'completed') return []
      const { commitSeq } = row.rundesk ?? {}
      return [{ step, index, at: row.completedAt ?? '', seq: typeof commitSeq === 'number' ? commitSeq : 0 }]
    })
    .sort((left, right) => right.seq - left.seq || compare(right.at, left.at) || right.index - left.index)
    .map(({ step }) => step)
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}

/** The row with the rollback begun. One that never ended is begun again: `attempts` tells it. */
export function rollbackStarted(row: StepRow, at: string): StepRow {
  const rollback: RollbackFacts = {
    status: 'running',
    startedAt: at,
    completedAt: null,
    error: null,
    log: null,
    attempts: (rollbackOf(row)?.attempts ?? 0) + 1,
  }
  return { ...row, updatedAt: at, rundesk: { ...row.rundesk, rollback } }
}

/**
 * The row with the rollback ended. The step stays completed; when its rollback succeeded its change of the state is moved
 * into the rollback's facts, so that whoever folds the state leaves it out.
 */
export function rollbackEnded(
  row: StepRow,
  { at, error, log }: { readonly at: string; readonly error: string | null; readonly log: LogFacts | null },
): StepRow {
  const { statePatch, rollback, ...facts } = row.rundesk ?? {}
  const ended = { ...(rollback as RollbackFacts), completedAt: at, error, log }
  const undone = error === null && statePatch !== undefined
  return {
    ...row,
    updatedAt: at,
    rundesk: {
      ...facts,
      ...(undone || statePatch === undefined ? {} : { statePatch }),
      rollback: { ...ended, status: error === null ? 'completed' : 'failed', ...(undone ? { statePatch } : {}) },
    },
  }
}

/** What a run's error says of rollbacks: how many there were, and the one that failed. */
export function rollbackText(rows: readonly StepRow[]): readonly string[] {
  const done = rows.filter((row) => rollbackOf(row)?.status === 'completed').length
  const failed = rows.find((row) => rollbackOf(row)?.status === 'failed')
  return [
    ...(done === 0 ? [] : [`${done} ${done === 1 ? 'step was' : 'steps were'} rolled back`]),
    ...(failed
      ? [`The rollback of "${failed.stepName}" failed: ${rollbackOf(failed)?.error ?? 'no reason was recorded'}`]
      : []),
  ]
}
