import type { RunRow } from '../runs/rows'
import { executeStep, type StepEnd } from './executeStep'
import { foreseenCalls } from './laneShells'
import type { ShellStep } from './parseWorkflow'
import { endProcesses, type ProcessMark } from './processGroups'
import { rollBack } from './rollBack'
import { rollbackText } from './rollbackRows'
import type { OwnRunContext, RunContext } from './runContext'
import { createSchedule } from './schedule'
import type { ShellCall } from './shells'
import { foreseenBody, makeFilesAhead } from './stepBody'
import { attemptsOf } from './stepFacts'

/** How often a running execution looks for a cancel by another process, in ms. */
const lookMs = 150

/**
 * Executes the pending steps of a claimed run: each starts as soon as what it depends on is completed. When one fails
 * critically the others are stopped and what is completed is rolled back. Ends with the run's final line, which never
 * overwrites a cancel, and with no process of the run left.
 */
export async function executeRun(context: OwnRunContext): Promise<void> {
  await withOwnProcesses(context, async () => {
    const watching = setInterval(() => void context.lookForCancel(), lookMs)
    try {
      await runSteps(context)
      if (!criticalStep(context) || context.isCancelled()) return
      await endOwnProcesses(context)
      await rollBack(context)
    } finally {
      clearInterval(watching)
    }
  })
  void context.dispose().catch(() => undefined)
  await context.settled()
  await context.journal.refresh()
  if (context.isCancelled()) await skipPending(context)
  else await finish(context)
}

/** Runs something between the ends of what an execution that died left and of what this one leaves. */
export async function withOwnProcesses(context: RunContext, work: () => Promise<void>): Promise<void> {
  const isFirst = context.workflow.steps.every(({ name }) => attemptsOf(context.row(name)).length === 0)
  if (!isFirst) await endProcesses({ mark: markOf(context), groups: [], graceMs: context.graceMs })
  try {
    context.shells.openFirst()
    await work()
  } finally {
    await endOwnProcesses(context)
  }
}

async function endOwnProcesses(context: RunContext): Promise<void> {
  await context.shells.close()
  await endProcesses({ mark: markOf(context), groups: [...context.groups], graceMs: context.graceMs })
}

function markOf(context: RunContext): ProcessMark {
  return `RUNDESK_RUN_ID=${context.runId}`
}

async function runSteps(context: RunContext): Promise<void> {
  const { workflow, stepSignal } = context
  /** The steps that are on their way, also those whose success is not on the disk yet. */
  const running = new Map<string, Promise<void>>()
  /** How many of them have a body that may run. */
  let active = 0
  let broken = false
  const statusIs = (status: string) => (name: string) => (context.row(name).status ?? 'pending') === status
  const schedule = createSchedule(workflow.steps, { isPending: statusIs('pending'), isDone: statusIs('completed') })
  const onEnd = (step: ShellStep, end: StepEnd): void => {
    running.delete(step.name)
    if (end === 'completed') return
    active--
    if (end === 'not-started') return
    if (end === 'critical' || workflow.strategy !== 'continue') broken = true
    if (end === 'critical') context.stopFor(step.name)
  }
  /** By step that is to come: it is foreseen behind each of the steps before it. */
  const foreseen = new Map<string, ShellCall | undefined>()
  const foresee = (step: ShellStep): readonly ShellCall[] => {
    if (!foreseen.has(step.name)) foreseen.set(step.name, foreseenBody(context, step))
    const call = foreseen.get(step.name)
    return call ? [call] : []
  }
  /** While one step is on its way alone, shells are got ready for those behind it. */
  const onPrepared = (step: ShellStep): void => {
    foreseen.delete(step.name)
    if (active > 1 || broken || stepSignal.aborted) return
    const next = schedule.after(step.name, foreseenCalls)
    setImmediate(() => {
      context.shells.foresee(next.flatMap(foresee))
      if (next[0]) makeFilesAhead(context, next[0])
    })
  }
  const onCommit = (step: ShellStep): void => {
    active--
    schedule.complete(step.name)
    launchReady()
  }
  const launchReady = (): void => {
    while (!broken && !stepSignal.aborted && active < workflow.maxConcurrency) {
      const step = schedule.next()
      if (!step) return
      active++
      const ended = executeStep(context, step, {
        onPrepared: () => onPrepared(step),
        onCommit: () => onCommit(step),
      }).then((end) => onEnd(step, end))
      running.set(step.name, ended)
    }
  }

  /** Waits for the next step that ends. What breaks the runner itself stops the others first. */
  const next = async (): Promise<void> => {
    try {
      await Promise.race(running.values())
    } catch (error) {
      context.abort()
      await Promise.allSettled(running.values())
      throw error
    }
  }

  for (;;) {
    launchReady()
    if (running.size === 0) break
    await next()
  }
  if (!context.isCancelled()) await skipPending(context)
}

/** What never started is skipped; after a cancel by anybody the run's line stands. */
async function skipPending(context: RunContext): Promise<void> {
  for (const { name } of context.workflow.steps) {
    const row = context.row(name)
    if (row.status === 'pending')
      await context.put({ ...row, status: 'skipped', updatedAt: new Date().toISOString() }, 'written')
  }
}

function criticalStep(context: RunContext): ShellStep | undefined {
  return context.workflow.steps.find(({ name }) => context.row(name).rundesk?.critical === true)
}

async function finish(context: RunContext): Promise<void> {
  const error = errorOf(context)
  let cancelled = false
  await context.journal.claimRun(context.runId, (row) => {
    const newest = row ?? context.runRow()
    cancelled = newest.status === 'cancelled'
    return cancelled ? [] : [{ kind: 'run', row: finalRow(newest, error) }]
  })
  if (cancelled) await skipPending(context)
}

function errorOf(context: RunContext): string | undefined {
  const rows = context.workflow.steps.map(({ name }) => context.row(name))
  const failed = rows.find((row) => row.rundesk?.critical === true) ?? rows.find(({ status }) => status === 'failed')
  if (!failed) return undefined
  const error = `Step "${failed.stepName}" failed: ${failed.error ?? 'no reason was recorded'}`
  return [error, ...rollbackText(rows)].join('. ')
}

function finalRow(newest: RunRow, error: string | undefined): RunRow {
  const at = new Date().toISOString()
  const { error: _error, ...rest } = newest
  const ended = { ...rest, completedAt: at, updatedAt: at }
  return error === undefined ? { ...ended, status: 'completed' } : { ...ended, status: 'failed', error }
}
