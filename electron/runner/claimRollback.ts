import { RundeskError } from '../../shared/outcome'
import { type RunFacts, rollbackable } from '../../shared/rules/runActs'
import type { RollbackPlan } from '../../shared/runs'
import { withFileLock } from '../files/fileLock'
import { leasePath, ownerOf, readLease } from '../runs/lease'
import type { RunRow, StepRow, StoreLine } from '../runs/rows'
import type { RunJournal, RunRecord } from '../runs/runJournal'
import { type ClaimedRun, storedWorkflow } from './claimResume'
import { holdLease } from './heldLease'
import type { Workflow } from './parseWorkflow'
import { rollbackText, stepsToRollBack } from './rollbackRows'
import { brokenRows, withHistory } from './runRows'

const lockWaitMs = 60_000

/** What rolling a run back would do. Changes nothing. Throws `not_found`. */
export async function planRollback(journal: RunJournal, runId: string): Promise<RollbackPlan> {
  const owner = await ownerOf(await readLease(journal.rundeskDir, runId))
  await journal.refresh()
  const record = known(await journal.read(runId), runId)
  const rows = new Map(record.steps.map((row) => [row.stepName ?? '', row]))
  const steps = stepsToRollBack(storedWorkflow(record).steps, (name) => rows.get(name))
  const permission = rollbackable(owner ? { ...record.facts, owner } : record.facts)
  const nothing = steps.length === 0 ? 'only completed steps with a "rollback" command can be, once each' : null
  return {
    steps: steps.map(({ name, rollback }) => ({ name, command: rollback ?? '' })),
    refused: permission.kind === 'refused' ? permission.reason : nothing,
    question: permission.kind === 'confirm' ? permission.question : null,
  }
}

/**
 * Claims a run that ended badly by compare and swap, to roll its completed steps back. Its status stays, but of one whose
 * runner died: that failed. Throws `not_found`, `needs_confirmation`, and `refused` with the reason when it cannot be or
 * nothing of it is left to roll back.
 */
export function claimRollback(
  journal: RunJournal,
  { runId, confirmed, by }: { readonly runId: string; readonly confirmed: boolean; readonly by: string },
): Promise<ClaimedRun> {
  const claim = async (): Promise<ClaimedRun> => {
    const owner = await ownerOf(await readLease(journal.rundeskDir, runId))
    await journal.refresh()
    const seen = known(await journal.read(runId), runId)
    check(runId, owner ? { ...seen.facts, owner } : seen.facts, confirmed)
    const workflow = storedWorkflow(seen)
    const lease = await holdLease({ rundeskDir: journal.rundeskDir, runId, by })
    try {
      let claimed: { readonly run: RunRow; readonly steps: readonly StepRow[] } | undefined
      await journal.claim(runId, (newest) => {
        const record = known(newest, runId)
        if (record.run.status !== seen.run.status || record.run.updatedAt !== seen.run.updatedAt)
          check(runId, { ...record.facts, owner: null }, confirmed)
        const { run, changed } = claimedRows(record, workflow, by)
        const settled = new Map(changed.map((row) => [row.id, row]))
        claimed = { run, steps: record.steps.map((row) => settled.get(row.id) ?? row) }
        return [...changed.map((row): StoreLine => ({ kind: 'step', row })), { kind: 'run', row: run }]
      })
      if (!claimed) throw new Error('A claim was made without a decision')
      return { workflow, ...claimed, lease }
    } catch (error) {
      await lease.undo()
      throw error
    }
  }
  const lockPath = leasePath(journal.rundeskDir, runId).replace(/\.json$/, '.lock')
  return withFileLock(lockPath, claim, { waitMs: lockWaitMs })
}

/** Writes into the run's row what came of it. `trouble` is what ended it early, besides a rollback that failed. */
export async function finishRollback(journal: RunJournal, runId: string, trouble?: string): Promise<void> {
  await journal.claim(runId, (record) => {
    if (!record) return []
    const more = [...rollbackText(record.steps), ...(trouble === undefined ? [] : [trouble])]
    const error = [record.run.error ?? 'It ended', ...more].join('. ')
    return [{ kind: 'run', row: { ...record.run, error, updatedAt: new Date().toISOString() } }]
  })
}

function claimedRows(
  record: RunRecord,
  workflow: Workflow,
  by: string,
): { readonly run: RunRow; readonly changed: readonly StepRow[] } {
  const rows = new Map(record.steps.map((row) => [row.stepName ?? '', row]))
  const { id } = record.run
  if (stepsToRollBack(workflow.steps, (name) => rows.get(name)).length === 0) {
    throw new RundeskError(
      'refused',
      `Run ${id}: nothing is left to roll back. Only completed steps with a "rollback" command can be, once each. Nothing was changed.`,
    )
  }
  const { status, error } = record.run
  const left = status === 'running' || status === 'pending'
  const { run, steps } = left
    ? brokenRows(record, 'The program that ran it ended before the run did')
    : { run: record.run, steps: [] }
  const at = new Date().toISOString()
  const entry = { at, act: 'rollback', by, reason: null, previousError: error ?? null } as const
  // What earlier rollbacks came to is told anew at the end.
  const told = ['', ...rollbackText(record.steps)].join('. ')
  const before = told !== '' && run.error?.endsWith(told) ? run.error.slice(0, -told.length) : run.error
  return { run: withHistory({ ...run, error: before, updatedAt: at }, entry), changed: steps }
}

function known(record: RunRecord | undefined, runId: string): RunRecord {
  if (!record) throw new RundeskError('not_found', `There is no run ${JSON.stringify(runId)}.`)
  return record
}

function check(runId: string, facts: RunFacts, confirmed: boolean): void {
  const permission = rollbackable(facts)
  const details = { status: facts.status }
  if (permission.kind === 'refused')
    throw new RundeskError('refused', `Run ${runId} cannot be rolled back: ${permission.reason}.`, { details })
  if (permission.kind === 'confirm' && !confirmed)
    throw new RundeskError(
      'needs_confirmation',
      `${permission.question} If it is, roll back with a confirmation (--force).`,
      { details },
    )
}
