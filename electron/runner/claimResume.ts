import { RundeskError } from '../../shared/outcome'
import { type Permission, type RunFacts, rerunnable, rerunnableInPlace, resumable } from '../../shared/rules/runActs'
import type { ResumePlan } from '../../shared/runs'
import { withFileLock } from '../files/fileLock'
import { leaseLockPath, ownerOf, readLease } from '../runs/lease'
import type { RunRow, StepRow, StoreLine } from '../runs/rows'
import type { RunJournal, RunRecord } from '../runs/runJournal'
import { type HeldLease, holdLease } from './heldLease'
import { toWorkflow, type Workflow } from './parseWorkflow'
import { changedSteps, planSteps, type ResumeChoice } from './resumePlan'
import { repeatedRows, resumedRows } from './runRows'
import { hasBegun } from './stepFacts'
import { readWorkflowChange, workflowFileOf, workflowOfFile } from './workflowChange'

/** A run that was claimed: its rows as they stand, and the lease that makes it this process's. */
export interface ClaimedRun {
  readonly workflow: Workflow
  readonly run: RunRow
  readonly steps: readonly StepRow[]
  readonly lease: HeldLease
}

interface ResumeClaim {
  readonly runId: string
  readonly confirmed: boolean
  readonly choice: ResumeChoice
  readonly by: string
  /** Called with the workflow that will run before anything is claimed; refuses by throwing. */
  readonly onWorkflow: (workflow: Workflow) => Promise<void>
}

const lockWaitMs = 60_000

/** What a resume would do. Changes nothing. Throws `not_found` for an unknown run or step. */
export async function planResume(journal: RunJournal, runId: string, choice: ResumeChoice): Promise<ResumePlan> {
  const { record, facts } = await readRun(journal, runId)
  const permission = permissionOf(facts, choice)
  const stored = tryStored(record)
  const file = await readWorkflowChange(record, {
    stored: stored instanceof RundeskError ? undefined : stored,
    workspaceDir: journal.workspaceDir,
  })
  const question = permission.kind === 'confirm' ? permission.question : null
  try {
    const { workflow, planOf } = await prepare(journal, record, choice)
    const refused = permission.kind === 'refused' ? permission.reason : null
    return { steps: planOf(record), refused, question, runner: workflow.runner, file }
  } catch (error) {
    if (!(error instanceof RundeskError) || error.code === 'not_found') throw error
    return { steps: [], refused: error.message, question, runner: null, file }
  }
}

/**
 * Claims a run by compare and swap, or makes the new run that repeats it. Throws `not_resumable` with what the run is now
 * to whoever lost or when nothing is left to run, `needs_confirmation`, `not_found`, and what is wrong with its workflow.
 */
export function claimResume(
  journal: RunJournal,
  { runId, confirmed, choice, by, onWorkflow }: ResumeClaim,
): Promise<ClaimedRun> {
  if (choice.asNewRun) return claimRepeat(journal, { runId, choice, by, onWorkflow })
  return withFileLock(
    leaseLockPath(journal.rundeskDir, runId),
    () => claimInPlace(journal, { runId, confirmed, choice, by, onWorkflow }),
    { waitMs: lockWaitMs },
  )
}

async function claimInPlace(
  journal: RunJournal,
  { runId, confirmed, choice, by, onWorkflow }: ResumeClaim,
): Promise<ClaimedRun> {
  await journal.claim(runId, () => []) // Takes in a last line, too, that a killed writer left without its newline.
  const { record: seen, facts } = await readRun(journal, runId)
  check(runId, permissionOf(facts, choice), { facts, confirmed })
  const { workflow, planOf } = await prepare(journal, seen, choice)
  await onWorkflow(workflow)
  const lease = await holdLease({ rundeskDir: journal.rundeskDir, runId, by })
  try {
    let claimed: ReturnType<typeof resumedRows> | undefined
    await journal.claim(runId, (record) => {
      if (!record) throw unknownRun(runId)
      // The lease is ours already: what counts here is whether the row is still the one that was checked.
      if (record.facts.status !== seen.facts.status || record.run.updatedAt !== seen.run.updatedAt) {
        const now = { ...record.facts, owner: null }
        check(runId, permissionOf(now, choice), { facts: now, confirmed })
      }
      claimed = resumedRows(record, { by, workflow, plan: planOf(record), choice })
      return [...toLines(claimed.written), { kind: 'run', row: claimed.run }]
    })
    if (!claimed) throw new Error('A claim was made without a decision')
    return { workflow, run: claimed.run, steps: claimed.steps, lease }
  } catch (error) {
    await lease.undo()
    throw error
  }
}

async function claimRepeat(
  journal: RunJournal,
  { runId, choice, by, onWorkflow }: Omit<ResumeClaim, 'confirmed'>,
): Promise<ClaimedRun> {
  const { record, facts } = await readRun(journal, runId)
  check(runId, permissionOf(facts, choice), { facts, confirmed: false })
  const { workflow, planOf } = await prepare(journal, record, choice)
  await onWorkflow(workflow)
  const file = workflowFileOf(record, journal.workspaceDir)
  const { first, run, steps } = repeatedRows(record, { by, workflow, plan: planOf(record), choice, file })
  const lease = await holdLease({ rundeskDir: journal.rundeskDir, runId: run.id, by })
  try {
    await journal.claim(run.id, () => [{ kind: 'run', row: first }, ...toLines(steps), { kind: 'run', row: run }])
  } catch (error) {
    await lease.undo()
    throw error
  }
  return { workflow, run, steps, lease }
}

async function readRun(
  journal: RunJournal,
  runId: string,
): Promise<{ readonly record: RunRecord; readonly facts: RunFacts }> {
  const owner = await ownerOf(await readLease(journal.rundeskDir, runId))
  await journal.refresh()
  const record = await journal.read(runId)
  if (!record) throw unknownRun(runId)
  return { record, facts: owner ? { ...record.facts, owner } : record.facts }
}

function unknownRun(runId: string): RundeskError {
  return new RundeskError('not_found', `There is no run ${JSON.stringify(runId)}.`)
}

/** The workflow that will run and what of it will. Throws `not_resumable` when that is nothing. */
async function prepare(
  journal: RunJournal,
  record: RunRecord,
  choice: ResumeChoice,
): Promise<{ readonly workflow: Workflow; readonly planOf: (record: RunRecord) => ResumePlan['steps'] }> {
  const stored = tryStored(record)
  if (choice.workflow === 'stored' && stored instanceof RundeskError) throw stored
  const workflow =
    choice.workflow === 'stored' && !(stored instanceof RundeskError)
      ? stored
      : await workflowOfFile(record, journal.workspaceDir)
  const changed = stored instanceof RundeskError ? new Set<string>() : changedSteps(stored, workflow)
  const planOf = (newest: RunRecord): ResumePlan['steps'] => planSteps(newest, workflow, { from: choice.from, changed })
  if (!choice.asNewRun) refuseMissing(record, workflow)
  const orphaned = record.facts.liveness === 'orphaned' && !choice.asNewRun
  if (!orphaned && planOf(record).every(({ will }) => will === 'keep'))
    throw new RundeskError(
      'not_resumable',
      `Run ${record.run.id}: every step is completed, so nothing is left to run. Nothing was changed. Choose a step to run again (on the command line: --from STEP).`,
      { details: { status: record.facts.status } },
    )
  return { workflow, planOf }
}

/** A run's rows cannot be taken back: going on in place needs a step for each of them. */
function refuseMissing({ run, steps }: RunRecord, workflow: Workflow): void {
  const names = new Set(workflow.steps.map(({ name }) => name))
  const gone = steps.find((row) => !names.has(row.stepName ?? ''))
  if (gone === undefined) return
  throw new RundeskError(
    'not_supported',
    `Run ${run.id} has a step ${JSON.stringify(gone.stepName ?? gone.id)} that the workflow no longer has. Run it as a new run (--new).`,
  )
}

/** The workflow as the run's row stores it, or why it cannot be run. */
function tryStored(record: RunRecord): Workflow | RundeskError {
  try {
    return storedWorkflow(record)
  } catch (error) {
    if (error instanceof RundeskError) return error
    throw error
  }
}

/**
 * The workflow as the run's row stores it. A start that was killed may lack the last of its steps' rows; that counts as
 * long as no step had begun. Throws `not_supported` when its steps do not fit it.
 */
export function storedWorkflow({ run, steps }: RunRecord): Workflow {
  const origin = `run ${run.id}`
  const config = run.config
  const named =
    typeof config === 'object' && config !== null && 'workflows' in config && Array.isArray(config.workflows)
      ? config.workflows
      : []
  const chosen = named.some((entry) => entry?.name === run.workflowName) ? run.workflowName : undefined
  const workflow = toWorkflow(config, { origin, chosen })
  const rows = new Set(steps.map((row) => row.stepName))
  const absent = workflow.steps.filter((step) => !rows.has(step.name))
  const missing = hasBegun(steps) ? absent[0] : undefined
  if (missing || rows.size !== steps.length || rows.size + absent.length !== workflow.steps.length) {
    throw new RundeskError(
      'not_supported',
      `${origin}: its stored steps do not fit its stored workflow${missing ? ` (there is no row for ${JSON.stringify(missing.name)})` : ''}, so it cannot be resumed. Start the workflow again.`,
    )
  }
  return workflow
}

function permissionOf(facts: RunFacts, choice: ResumeChoice): Permission {
  if (choice.asNewRun) return rerunnable(facts)
  return choice.from === undefined && choice.workflow === 'stored' ? resumable(facts) : rerunnableInPlace(facts)
}

function check(
  runId: string,
  permission: Permission,
  { facts, confirmed }: { readonly facts: RunFacts; readonly confirmed: boolean },
): void {
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

function toLines(steps: readonly StepRow[]): StoreLine[] {
  return steps.map((row) => ({ kind: 'step', row }))
}
