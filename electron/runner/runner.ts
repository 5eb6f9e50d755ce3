import { isAbsolute, resolve } from 'node:path'
import { RundeskError } from '../../shared/outcome'
import type { ResumePlan, RollbackPlan } from '../../shared/runs'
import type { Finding, WorkflowRunner } from '../../shared/workflows'
import type { RunRow, StepRow, StoreLine } from '../runs/rows'
import type { RunJournal } from '../runs/runJournal'
import { type CancelResult, cancelRun } from './cancelRun'
import { type ClaimedRun, claimResume, planResume } from './claimResume'
import { claimRollback, planRollback } from './claimRollback'
import { type Execution, executeClaimed, failRun, rollBackClaimed } from './executeClaimed'
import { findPublishedRunner, type PublishedRunner } from './findPublishedRunner'
import { holdLease } from './heldLease'
import { resumeWithPublished, startWithPublished } from './launchPublished'
import { toWorkflow, type Workflow } from './parseWorkflow'
import { runPreflight } from './preflight'
import { prepareWorkflow } from './prepareWorkflow'
import type { ResumeChoice } from './resumePlan'
import { newRunRows } from './runRows'
import { type StepSlots, unlimitedSlots } from './stepSlots'

/** A run that this process executes from now on. */
export interface Launched {
  readonly runId: string
  /** Resolves when the run has ended, however it ended. */
  readonly ended: Promise<void>
}

/** A run that was started from a workflow file. */
export interface Started extends Launched {
  /** What the file is warned of. */
  readonly warnings: readonly Finding[]
}

/** How what executes runs is closed: with `stopRuns` it cancels them, else it waits for them. */
export interface Closing {
  readonly stopRuns: boolean
  /** Why they are cancelled, for their histories. */
  readonly reason?: string
}

/** The built-in runner of one workspace. */
export interface Runner {
  /**
   * Checks a workflow file, runs its preflight checks, writes the run's rows and starts it. Nothing is written when it
   * throws.
   */
  readonly start: (options: {
    readonly file: string
    readonly workflow?: string
    readonly vars: Readonly<Record<string, string>>
    /** Runs it with the runner that is installed in the workspace, also when the built-in one could. */
    readonly published?: boolean
  }) => Promise<Started>
  /** What a resume would do. Changes nothing. Throws `not_found` for an unknown run or step. */
  readonly plan: (options: { readonly runId: string; readonly choice: ResumeChoice }) => Promise<ResumePlan>
  /**
   * Claims a run by compare and swap and goes on with it, or with a new run that takes over what it completed. Throws
   * `not_resumable` with what the run is now to whoever lost. Without a choice what is not completed runs, as stored.
   */
  readonly resume: (options: {
    readonly runId: string
    readonly confirmed: boolean
    readonly choice?: ResumeChoice
    readonly published?: boolean
  }) => Promise<Launched>
  readonly cancel: (options: {
    readonly runId: string
    readonly confirmed: boolean
    readonly reason?: string | undefined
  }) => Promise<CancelResult>
  /** What a rollback would do. Changes nothing. Throws `not_found` for an unknown run. */
  readonly planRollback: (runId: string) => Promise<RollbackPlan>
  /** Rolls back what a failed or cancelled run completed. Throws what `claimRollback` throws. */
  readonly rollback: (options: { readonly runId: string; readonly confirmed: boolean }) => Promise<Launched>
  /** The ids of the runs that this process executes. */
  readonly executing: () => readonly string[]
  /** Those of them that the built-in runner executes: the published one writes trajectories itself. */
  readonly recording: () => readonly string[]
  /** Resolves when this process no longer executes the run. */
  readonly settled: (runId: string) => Promise<void>
  readonly close: (closing: Closing) => Promise<void>
}

const inPlace: ResumeChoice = { workflow: 'stored', asNewRun: false }

/** Makes the runner of a workspace. `by` is who acts, as records name it. */
export function createRunner({
  journal,
  by,
  nodePath = () => null,
  graceMs = () => 5_000,
  slots = unlimitedSlots,
}: {
  readonly journal: RunJournal
  readonly by: string
  /** The Node that runs the published runner; null looks for one on PATH. Asked each time. */
  readonly nodePath?: () => string | null
  /** How long what is ended may take to end by itself, in ms. Asked each time. */
  readonly graceMs?: () => number
  /** How many bodies of steps may run at once on this machine. */
  readonly slots?: StepSlots
}): Runner {
  const going = new Map<string, Promise<void>>()
  const byPublished = new Set<string>()
  const closing = new AbortController()
  const execution = (): Execution => ({ journal, graceMs: graceMs(), slots })
  /** How the rollbacks that go on are stopped. */
  const stops = new Map<string, () => void>()
  const findPublished = (needed: WorkflowRunner): Promise<PublishedRunner> =>
    findPublishedRunner({
      workspaceDir: journal.workspaceDir,
      nodePath: nodePath(),
      reason: needed.kind === 'published' ? needed.reasons[0] : undefined,
    })

  /** Makes the checks that stand before a new run. */
  const check = ({ entry }: Workflow): Promise<void> =>
    runPreflight(entry.preflight ?? [], {
      workspaceDir: journal.workspaceDir,
      graceMs: graceMs(),
      signal: closing.signal,
    })

  const keep = ({ runId, ended }: Launched): Launched => {
    const kept = ended.catch((error) => failRun(journal, runId, error)).finally(() => going.delete(runId))
    going.set(runId, kept)
    return { runId, ended: kept }
  }

  const keepPublished = (launched: Launched): Launched => {
    byPublished.add(launched.runId)
    return keep({ ...launched, ended: launched.ended.finally(() => byPublished.delete(launched.runId)) })
  }

  /** A run of ours that has ended is given back a moment after its end is told. A rollback goes on behind it. */
  const givenBack = async (runId: string): Promise<void> => {
    const isGoing = ['running', 'pending'].includes(journal.statusOf(runId) ?? '')
    if (!isGoing && !stops.has(runId)) await going.get(runId)
  }

  const launch = (claimed: ClaimedRun): Launched =>
    keep({ runId: claimed.run.id, ended: executeClaimed(execution(), claimed) })

  return {
    start: async ({ file, workflow: chosen, vars, published = false }) => {
      refuseWindows()
      const path = isAbsolute(file) ? file : resolve(process.cwd(), file)
      const prepared = await prepareWorkflow({ path, workspaceDir: journal.workspaceDir, chosen, vars })
      const { warnings } = prepared
      if (published || prepared.runner.kind === 'published') {
        const runner = await findPublished(prepared.runner)
        const plan = { file: Object.keys(vars).length === 0 ? path : prepared.config, workflow: prepared.name }
        return {
          ...keepPublished(await startWithPublished({ journal, runner, by, graceMs: graceMs() }, plan)),
          warnings,
        }
      }
      const workflow = toWorkflow(prepared.config, { origin: path, chosen: prepared.name, checked: prepared.checked })
      await check(workflow)
      const { run, steps } = newRunRows(workflow, { by, file: path, vars })
      const lease = await holdLease({ rundeskDir: journal.rundeskDir, runId: run.id, by })
      const running: RunRow = { ...run, status: 'running', updatedAt: new Date().toISOString() }
      try {
        await journal.claim(run.id, () => [{ kind: 'run', row: run }, ...toLines(steps), { kind: 'run', row: running }])
      } catch (error) {
        await lease.undo()
        throw error
      }
      return { ...launch({ workflow, run: running, steps, lease }), warnings }
    },
    plan: ({ runId, choice }) => planResume(journal, runId, choice),
    resume: async ({ runId, confirmed, choice = inPlace, published = false }) => {
      refuseWindows()
      await givenBack(runId)
      let publishedRunner: PublishedRunner | undefined
      const claimed = await claimResume(journal, {
        runId,
        confirmed,
        choice,
        by,
        onWorkflow: async (workflow) => {
          const { runner } = workflow
          if (published || runner.kind === 'published') publishedRunner = await findPublished(runner)
          else if (choice.asNewRun) await check(workflow)
        },
      })
      if (!publishedRunner) return launch(claimed)
      const { run, lease } = claimed
      try {
        return keepPublished(
          await resumeWithPublished({ journal, runner: publishedRunner, graceMs: graceMs() }, { runId: run.id, lease }),
        )
      } catch (error) {
        await failRun(journal, run.id, error)
        await lease.release()
        throw error
      }
    },
    cancel: async ({ runId, confirmed, reason = null }) => {
      const result = await cancelRun(journal, { runId, confirmed, by, reason, graceMs: graceMs() })
      await going.get(runId)
      return result
    },
    planRollback: (runId) => planRollback(journal, runId),
    rollback: async ({ runId, confirmed }) => {
      refuseWindows()
      await givenBack(runId)
      const claimed = await claimRollback(journal, { runId, confirmed, by })
      const ended = rollBackClaimed(execution(), claimed, (stop) => stops.set(runId, stop))
      return keep({ runId, ended: ended.finally(() => stops.delete(runId)) })
    },
    executing: () => [...going.keys()],
    recording: () => [...going.keys()].filter((runId) => !byPublished.has(runId)),
    settled: async (runId) => {
      await going.get(runId)
    },
    close: async (how) => {
      closing.abort()
      if (how.stopRuns)
        await Promise.allSettled(
          [...going.keys()].map(async (runId) => {
            const stop = stops.get(runId)
            if (stop) stop()
            else
              await cancelRun(journal, { runId, confirmed: true, by, reason: how.reason ?? null, graceMs: graceMs() })
          }),
        )
      await Promise.allSettled(going.values())
    },
  }
}

function toLines(steps: readonly StepRow[]): StoreLine[] {
  return steps.map((row) => ({ kind: 'step', row }))
}

function refuseWindows(): void {
  if (process.platform !== 'win32') return
  throw new RundeskError('not_supported', 'Start and resume do not work on Windows: steps are shell commands for sh.')
}
