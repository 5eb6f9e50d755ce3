import { toFailure } from '../../shared/outcome'
import type { StoreLine } from '../runs/rows'
import type { RunJournal } from '../runs/runJournal'
import type { ClaimedRun } from './claimResume'
import { finishRollback } from './claimRollback'
import { executeRun, withOwnProcesses } from './executeRun'
import { rollBack } from './rollBack'
import { createRunContext, type OwnRunContext } from './runContext'
import { brokenRows } from './runRows'
import type { StepSlots } from './stepSlots'
import { startWatchdog } from './watchdog'

/** What a claimed run is executed with. */
export interface Execution {
  readonly journal: RunJournal
  readonly graceMs: number
  readonly slots: StepSlots
}

/** Executes a claimed run to its end and gives its lease back. Never throws: what breaks it down stands in the run's row. */
export function executeClaimed(execution: Execution, claimed: ClaimedRun): Promise<void> {
  const { journal } = execution
  const { run } = claimed
  return withContext(execution, claimed, {
    heedsCancel: true,
    work: executeRun,
    onBroken: (reason) => failRun(journal, run.id, reason),
  })
}

/**
 * Rolls a claimed run back and gives its lease back. Never throws. `onStart` gets the function that stops it: a cancel is
 * about the run, not about this.
 */
export function rollBackClaimed(
  execution: Execution,
  claimed: ClaimedRun,
  onStart: (stop: () => void) => void,
): Promise<void> {
  const { journal } = execution
  const { run } = claimed
  return withContext(execution, claimed, {
    heedsCancel: false,
    work: async (context) => {
      onStart(context.abort)
      await withOwnProcesses(context, () => rollBack(context))
      await finishRollback(journal, run.id)
    },
    onBroken: (reason) => finishRollback(journal, run.id, `The rollback could not go on: ${reason}`),
  })
}

/** A run whose execution broke down is put to failed with the reason, unless it was cancelled. Never throws. */
export async function failRun(journal: RunJournal, runId: string, reason: unknown): Promise<void> {
  await journal
    .claim(runId, (record) => {
      if (record?.run.status !== 'running') return []
      const rows = brokenRows(record, `The runner could not go on: ${textOf(reason)}`)
      return [...rows.steps.map((row): StoreLine => ({ kind: 'step', row })), { kind: 'run', row: rows.run }]
    })
    .catch(() => undefined)
}

async function withContext(
  { journal, graceMs, slots }: Execution,
  { workflow, run, steps, lease }: ClaimedRun,
  {
    heedsCancel,
    work,
    onBroken,
  }: {
    readonly heedsCancel: boolean
    readonly work: (context: OwnRunContext) => Promise<void>
    readonly onBroken: (reason: string) => Promise<void>
  },
): Promise<void> {
  const execution = lease.token
  const watchdog = startWatchdog({ execution, graceMs })
  let dispose: OwnRunContext['dispose'] | undefined
  try {
    const context = await createRunContext({
      journal,
      workflow,
      runRow: run,
      stepRows: steps,
      execution,
      watchdog,
      slots,
      graceMs,
      heedsCancel,
    })
    dispose = context.dispose
    await work(context)
  } catch (error) {
    await onBroken(textOf(error)).catch(() => undefined)
  } finally {
    watchdog.dismiss()
    await Promise.all([lease.release().catch(() => undefined), dispose?.()])
  }
}

function textOf(error: unknown): string {
  return toFailure(error).message
}
