import { isAbsolute, resolve } from 'node:path'
import { RundeskError } from '../../shared/outcome'
import { type RunFacts, resumable } from '../../shared/rules/runActs'
import { withFileLock } from '../files/fileLock'
import { leasePath, ownerOf, readLease } from '../runs/lease'
import type { RunRow, StepRow, StoreLine } from '../runs/rows'
import type { RunJournal, RunRecord } from '../runs/runJournal'
import { type CancelResult, cancelRun } from './cancelRun'
import { executeRun } from './executeRun'
import { type HeldLease, holdLease } from './heldLease'
import { readWorkflowFile, toWorkflow, type Workflow } from './parseWorkflow'
import { createRunContext } from './runContext'
import { brokenRows, newRunRows, resumedRows } from './runRows'
import { fillText, fillVariables } from './substitute'
import { startWatchdog } from './watchdogClient'

/** A run that this process executes from now on. */
export interface Launched {
  readonly runId: string
  /** Resolves when the run has ended, however it ended. */
  readonly ended: Promise<void>
}

/** The built-in runner of one workspace. */
export interface Runner {
  /** Checks a workflow file, writes the run's rows and starts it. Nothing is written when it throws. */
  readonly start: (options: {
    readonly file: string
    readonly workflow?: string
    readonly vars: Readonly<Record<string, string>>
  }) => Promise<Launched>
  /** Claims a run by compare and swap and goes on with it. Throws `not_resumable` with what the run is now to whoever lost. */
  readonly resume: (options: { readonly runId: string; readonly confirmed: boolean }) => Promise<Launched>
  readonly cancel: (options: { readonly runId: string; readonly confirmed: boolean }) => Promise<CancelResult>
  /** The ids of the runs that this process executes. */
  readonly executing: () => readonly string[]
  /** Resolves when this process no longer executes the run. */
  readonly settled: (runId: string) => Promise<void>
  readonly close: (options: { readonly stopRuns: boolean }) => Promise<void>
}

const lockWaitMs = 60_000

/** Makes the runner of a workspace. `by` is who acts, as records name it; `watchdogPath` is the built watchdog script. */
export function createRunner({
  journal,
  by,
  watchdogPath,
  graceMs = 5_000,
}: {
  readonly journal: RunJournal
  readonly by: string
  readonly watchdogPath: string
  readonly graceMs?: number
}): Runner {
  const going = new Map<string, Promise<void>>()

  const launch = (
    workflow: Workflow,
    rows: { readonly run: RunRow; readonly steps: readonly StepRow[] },
    lease: HeldLease,
  ): Launched => {
    const runId = rows.run.id
    const ended = execute(workflow, rows, lease).finally(() => going.delete(runId))
    going.set(runId, ended)
    return { runId, ended }
  }

  const execute = async (
    workflow: Workflow,
    { run, steps }: { readonly run: RunRow; readonly steps: readonly StepRow[] },
    lease: HeldLease,
  ): Promise<void> => {
    const execution = lease.token
    const watchdog = startWatchdog({ path: watchdogPath, execution, graceMs })
    let dispose: (() => Promise<void>) | undefined
    try {
      const context = await createRunContext({
        journal,
        workflow,
        runRow: run,
        stepRows: steps,
        execution,
        watchdog,
        graceMs,
      })
      dispose = context.dispose
      await executeRun(context)
    } catch (error) {
      await failRun(journal, run.id, error)
    } finally {
      watchdog.dismiss()
      await lease.release().catch(() => undefined)
      await dispose?.()
    }
  }

  return {
    start: async ({ file, workflow: chosen, vars }) => {
      refuseWindows()
      const path = isAbsolute(file) ? file : resolve(process.cwd(), file)
      const workflow = withVariables(toWorkflow(await readWorkflowFile(path), { origin: path, chosen }), vars)
      const { run, steps } = newRunRows(workflow, { by, file: path, vars })
      const lease = await holdLease({ rundeskDir: journal.rundeskDir, runId: run.id, by })
      const running: RunRow = { ...run, status: 'running', updatedAt: new Date().toISOString() }
      try {
        await journal.claim(run.id, () => [{ kind: 'run', row: run }, ...toLines(steps), { kind: 'run', row: running }])
      } catch (error) {
        await lease.undo()
        throw error
      }
      return launch(workflow, { run: running, steps }, lease)
    },
    resume: ({ runId, confirmed }) => {
      refuseWindows()
      const lockPath = leasePath(journal.rundeskDir, runId).replace(/\.json$/, '.lock')
      return withFileLock(lockPath, () => claimResume({ runId, confirmed }), { waitMs: lockWaitMs })
    },
    cancel: async ({ runId, confirmed }) => {
      const result = await cancelRun(journal, { runId, confirmed, by, graceMs })
      await going.get(runId)
      return result
    },
    executing: () => [...going.keys()],
    settled: async (runId) => {
      await going.get(runId)
    },
    close: async ({ stopRuns }) => {
      if (stopRuns)
        await Promise.allSettled(
          [...going.keys()].map((runId) => cancelRun(journal, { runId, confirmed: true, by, graceMs })),
        )
      await Promise.allSettled(going.values())
    },
  }

  async function claimResume({
    runId,
    confirmed,
  }: {
    readonly runId: string
    readonly confirmed: boolean
  }): Promise<Launched> {
    const owner = await ownerOf(await readLease(journal.rundeskDir, runId))
    await journal.refresh()
    const seen = await journal.read(runId)
    if (!seen) throw new RundeskError('not_found', `There is no run ${JSON.stringify(runId)}.`)
    checkResumable(runId, owner ? { ...seen.facts, owner } : seen.facts, confirmed)
    const workflow = storedWorkflow(seen)
    const lease = await holdLease({ rundeskDir: journal.rundeskDir, runId, by })
    let claimed: { run: RunRow; steps: readonly StepRow[] } | undefined
    try {
      await journal.claim(runId, (record) => {
        if (!record) throw new RundeskError('not_found', `There is no run ${JSON.stringify(runId)}.`)
        // The lease is ours already: what counts here is whether the row is still the one that was checked.
        if (record.facts.status !== seen.facts.status || record.run.updatedAt !== seen.run.updatedAt)
          checkResumable(runId, { ...record.facts, owner: null }, confirmed)
        claimed = resumedRows(record, { by })
        return [...toLines(claimed.steps), { kind: 'run', row: claimed.run }]
      })
    } catch (error) {
      await lease.undo()
      throw error
    }
    if (!claimed) throw new Error('A claim was made without a decision')
    const completed = seen.steps.filter((row) => row.status === 'completed')
    return launch(workflow, { run: claimed.run, steps: [...completed, ...claimed.steps] }, lease)
  }
}

function toLines(steps: readonly StepRow[]): StoreLine[] {
  return steps.map((row) => ({ kind: 'step', row }))
}

function checkResumable(runId: string, facts: RunFacts, confirmed: boolean): void {
  const permission = resumable(facts)
  const details = { status: facts.status }
  if (permission.kind === 'refused') {
    const live = facts.owner?.alive === true
    const message = live
      ? `Run ${runId} is already being resumed or run by process ${facts.owner?.pid} on ${facts.owner?.host}.`
      : `Run ${runId} cannot be resumed: ${permission.reason}.`
    throw new RundeskError('not_resumable', message, { details })
  }
  if (permission.kind === 'confirm' && !confirmed) {
    throw new RundeskError(
      'needs_confirmation',
      `${permission.question} If it is, resume with a confirmation (--force).`,
      { details },
    )
  }
}

/** The workflow as the run's row stores it, matched with the run's steps. */
function storedWorkflow({ run, steps }: RunRecord): Workflow {
  const origin = `run ${run.id}`
  const config = run.config
  const named =
    typeof config === 'object' && config !== null && 'workflows' in config && Array.isArray(config.workflows)
      ? config.workflows
      : []
  const chosen = named.some((entry) => entry?.name === run.workflowName) ? run.workflowName : undefined
  const workflow = toWorkflow(config, { origin, chosen })
  const rows = new Set(steps.map((row) => row.stepName))
  const missing = workflow.steps.find((step) => !rows.has(step.name))
  if (missing || rows.size !== steps.length || rows.size !== workflow.steps.length) {
    throw new RundeskError(
      'not_supported',
      `${origin}: its stored steps do not fit its stored workflow${missing ? ` (there is no row for ${JSON.stringify(missing.name)})` : ''}, so it cannot be resumed. Start the workflow again.`,
    )
  }
  return workflow
}

/** The workflow with `{{var}}` filled in, in the steps and in the configuration that the row stores. */
function withVariables(workflow: Workflow, vars: Readonly<Record<string, string>>): Workflow {
  const steps = workflow.steps.map((step) => ({
    ...step,
    command: fillVariables(step.command, { step: step.name, vars }),
    ...(step.cwd === undefined ? {} : { cwd: fillText(step.cwd, vars) }),
    ...(step.verification ? { verification: { ...step.verification, value: verificationValue(step, vars) } } : {}),
  }))
  const workflows = workflow.config.workflows.map((entry) =>
    entry.name === workflow.name ? { ...entry, steps } : entry,
  )
  return { ...workflow, steps, config: { ...workflow.config, workflows } }
}

function verificationValue(step: Workflow['steps'][number], vars: Readonly<Record<string, string>>): string {
  const value = String(step.verification?.value ?? '')
  return step.verification?.type === 'custom' ? fillVariables(value, { step: step.name, vars }) : fillText(value, vars)
}

/** A run whose execution broke down is put to failed with the reason, unless it was cancelled. */
async function failRun(journal: RunJournal, runId: string, error: unknown): Promise<void> {
  const reason = error instanceof Error ? error.message : String(error)
  await journal
    .claim(runId, (record) => {
      if (record?.run.status !== 'running') return []
      const rows = brokenRows(record, `The runner could not go on: ${reason}`)
      return [...toLines(rows.steps), { kind: 'run', row: rows.run }]
    })
    .catch(() => undefined)
}

function refuseWindows(): void {
  if (process.platform !== 'win32') return
  throw new RundeskError('not_supported', 'Start and resume do not work on Windows: steps are shell commands for sh.')
}
