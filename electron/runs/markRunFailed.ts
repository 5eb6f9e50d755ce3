import { RundeskError } from '../../shared/outcome'
import type { Permission, RunFacts } from '../../shared/rules/runActs'
import type { RunRow, StepRow, StoreLine } from './rows'
import type { RunJournal } from './runJournal'

/**
 * Marks a run whose program is gone as failed, by compare and swap, and so the steps that it left running: no row of it
 * says running any more. The caller has asked the person already. Throws
 * `not_found`, or `changed` with what the run has become when the rule refuses it now.
 */
export async function markRunFailed(
  journal: RunJournal,
  {
    runId,
    reason,
    by,
    rule,
  }: {
    readonly runId: string
    readonly reason: string
    readonly by: string
    readonly rule: (facts: RunFacts) => Permission
  },
): Promise<void> {
  await journal.claim(runId, (record) => {
    if (!record) throw new RundeskError('not_found', `There is no run ${JSON.stringify(runId)}.`)
    const permission = rule(record.facts)
    if (permission.kind === 'refused') {
      throw new RundeskError('changed', `Run ${runId} cannot be marked as failed: ${permission.reason}.`, {
        details: { status: record.facts.status },
      })
    }
    const at = new Date().toISOString()
    const history = Array.isArray(record.run.rundesk?.history) ? record.run.rundesk.history : []
    const entry = { at, act: 'mark-failed', by, reason, previousError: record.run.error ?? null }
    const row: RunRow = {
      ...record.run,
      status: 'failed',
      error: `Marked as failed: ${reason}`,
      completedAt: at,
      updatedAt: at,
      rundesk: { ...record.run.rundesk, history: [...history, entry] },
    }
    return [...interruptedSteps(record.steps, at), { kind: 'run', row }]
  })
}

function interruptedSteps(steps: readonly StepRow[], at: string): readonly StoreLine[] {
  return steps.flatMap((step): StoreLine[] => {
    if (step.status !== 'running') return []
    const error = `Step "${step.stepName ?? step.id}" was interrupted: its runner ended`
    return [{ kind: 'step', row: { ...step, status: 'failed', output: '', error, completedAt: at, updatedAt: at } }]
  })
}
