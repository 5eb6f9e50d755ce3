import type { RunRow } from '../runs/rows'
import { executeStep } from './executeStep'
import type { ShellStep } from './parseWorkflow'
import { endProcesses, type ProcessMark } from './processGroups'
import type { RunContext } from './runContext'

/** How often a running execution looks for a cancel by another process, in ms. */
const lookMs = 150

/**
 * Executes the pending steps of a claimed run: each starts as soon as what it depends on is completed. Ends with the
 * run's final line, which never overwrites a cancel, and with no process of the run left.
 */
export async function executeRun(context: RunContext): Promise<void> {
  const watching = setInterval(() => void lookForCancel(context), lookMs)
  const mark: ProcessMark = `RUNDESK_RUN_ID=${context.runId}`
  try {
    await endProcesses({ mark, groups: [], graceMs: context.graceMs }) // What an execution that died left behind.
    try {
      await runSteps(context)
    } finally {
      await endProcesses({ mark, groups: [...context.groups], graceMs: context.graceMs })
    }
    await context.journal.refresh()
    if (isCancelled(context)) await settleAborted(context)
    else await finish(context)
  } finally {
    clearInterval(watching)
  }
}

function isCancelled(context: RunContext): boolean {
  return context.journal.statusOf(context.runId) === 'cancelled'
}

async function lookForCancel(context: RunContext): Promise<void> {
  await context.journal.refresh()
  if (isCancelled(context)) context.abort.abort()
}

async function runSteps(context: RunContext): Promise<void> {
  const { workflow, abort } = context
  const running = new Map<string, Promise<void>>()
  let broken = false
  const status = (name: string): string => context.row(name).status ?? 'pending'
  const isReady = (step: ShellStep): boolean =>
    status(step.name) === 'pending' &&
    !running.has(step.name) &&
    step.dependsOn.every((name) => status(name) === 'completed')
  const launch = (step: ShellStep): void => {
    const ended = executeStep(context, step).then((end) => {
      running.delete(step.name)
      if (end === 'failed' && workflow.strategy !== 'continue') broken = true
    })
    running.set(step.name, ended)
  }

  /** Waits for the next step that ends. What breaks the runner itself stops the others first. */
  const next = async (): Promise<void> => {
    try {
      await Promise.race(running.values())
    } catch (error) {
      abort.abort()
      await Promise.allSettled(running.values())
      throw error
    }
  }

  for (;;) {
    if (!broken && !abort.signal.aborted) {
      for (const step of workflow.steps) if (running.size < workflow.maxConcurrency && isReady(step)) launch(step)
    }
    if (running.size === 0) break
    await next()
  }
  if (abort.signal.aborted) return
  for (const step of workflow.steps) if (status(step.name) === 'pending') await skip(context, step.name)
}

async function skip(context: RunContext, step: string): Promise<void> {
  await context.put({ ...context.row(step), status: 'skipped', updatedAt: new Date().toISOString() }, 'written')
}

/** After a cancel by anybody: what was running failed as aborted, what was pending is skipped; the run's line stands. */
async function settleAborted(context: RunContext): Promise<void> {
  for (const { name } of context.workflow.steps) if (context.row(name).status === 'pending') await skip(context, name)
}

async function finish(context: RunContext): Promise<void> {
  const failed = context.workflow.steps.find(({ name }) => context.row(name).status === 'failed')
  const error = failed && `Step "${failed.name}" failed: ${context.row(failed.name).error ?? 'no reason was recorded'}`
  let cancelled = false
  await context.journal.claim(context.runId, (record) => {
    const newest = record?.run ?? context.runRow()
    cancelled = newest.status === 'cancelled'
    return cancelled ? [] : [{ kind: 'run', row: finalRow(newest, error) }]
  })
  if (cancelled) await settleAborted(context)
}

function finalRow(newest: RunRow, error: string | undefined): RunRow {
  const at = new Date().toISOString()
  const { error: _error, ...rest } = newest
  const ended = { ...rest, completedAt: at, updatedAt: at }
  return error === undefined ? { ...ended, status: 'completed' } : { ...ended, status: 'failed', error }
}
