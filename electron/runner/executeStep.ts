import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { stripVTControlCharacters } from 'node:util'
import { placeFiles } from '../files/atomicWrite'
import { isPlainName } from '../files/containedPath'
import type { StepRow } from '../runs/rows'
import { safeName } from './attemptLog'
import type { ShellStep } from './parseWorkflow'
import { afterFailure, type LastFailure, retryDelay } from './retryPolicy'
import { type AttemptResult, runAttempt } from './runAttempt'
import type { RunContext } from './runContext'
import { type AttemptFacts, attemptsOf, lastingFacts, withAttempt } from './stepFacts'
import { longestTimerMs } from './stepProcess'

/** How a step ended. `not-started`: the run was stopped before its body could begin. `critical`: with an exit code after which the whole run fails at once. */
export type StepEnd = 'completed' | 'failed' | 'critical' | 'not-started'

/**
 * Runs one step to its end: attempts with retries and delay, each start durable before its body, output, state and
 * success in one durable line, failure durable before this resolves. Tells the status that the row has then.
 * `onCommit` is called when the success is on its way to the disk: a line that is appended then stands behind it, and
 * what makes that one durable makes this one durable too. `onPrepared` is called when a body may be let go as soon as its start is on the disk.
 */
export async function executeStep(
  context: RunContext,
  step: ShellStep,
  { onPrepared, onCommit }: { readonly onPrepared: () => void; readonly onCommit: () => void },
): Promise<StepEnd> {
  const retries = step.retries ?? context.workflow.maxRetries
  for (let tried = 0; ; tried++) {
    const leave = context.slots.tryTake() ?? (await waitForSlot(context, step))
    if (leave === undefined) return notBegun(context, step)
    const { attempt, durable } = startAttempt(context, step, retries + 1 - tried)
    const result = await runAttempt(context, step, { number: attempt.number, durable, onPrepared }).finally(leave)
    if (result.error === null) {
      await context.outputs.keep({ step: step.name, output: result.output, log: result.log })
      const committed = commit(context, step, attempt, result)
      onCommit()
      await committed
      return 'completed'
    }
    const next = context.stepSignal.aborted || result.aborted ? 'aborted' : whatNext(step, result, retries - tried)
    if (next !== 'retry') {
      await fail(context, step, { attempt, result, next })
      return next === 'critical' ? 'critical' : 'failed'
    }
    await waitForRetry(context, step, { attempt, result, number: tried + 1 })
    if (context.stepSignal.aborted) return notBegun(context, step)
  }
}

/** How long a step waits before its row says so, in ms: a line for every short wait would be many. */
const tellWaitMs = 1_000

async function waitForSlot(context: RunContext, step: ShellStep): Promise<(() => void) | undefined> {
  const tell = (): void => {
    const row = context.row(step.name)
    if (row.status !== 'pending') return
    context.behind(
      context.put({ ...row, updatedAt: now(), rundesk: { ...row.rundesk, waitingFor: 'slot' } }, 'written'),
    )
  }
  const timer = setTimeout(tell, tellWaitMs)
  try {
    return await context.slots.take(context.stepSignal)
  } finally {
    clearTimeout(timer)
  }
}

/** The run was stopped before the next attempt: a step that had one failed, another stays as it is. */
async function notBegun(context: RunContext, step: ShellStep): Promise<StepEnd> {
  const row = context.row(step.name)
  if (row.status === 'pending') return 'not-started'
  await context.put(failedRow(row, context.abortText(step.name)), 'synced')
  return 'failed'
}

const now = (): string => new Date().toISOString()

function whatNext(step: ShellStep, result: AttemptResult, retriesLeft: number): 'retry' | LastFailure {
  const { exitCode, failedByExit, isFinal } = result
  if (isFinal) return 'not-retried'
  return afterFailure(step, { exitCode, failedByExit, retriesLeft })
}

/**
 * Appends the line that starts an attempt; after it as many are left as `left` says, this one among them. `durable`
 * resolves when it is on the disk.
 */
function startAttempt(
  context: RunContext,
  step: ShellStep,
  left: number,
): { readonly attempt: AttemptFacts; readonly durable: Promise<unknown> } {
  const before = context.row(step.name)
  const { error: _error, completionReason: _reason, completedAt: _completedAt, output: _output, ...rest } = before
  const startedAt = now()
  const attempts = attemptsOf(before)
  const number = attempts.length + 1
  const attempt: AttemptFacts = { number, startedAt, completedAt: null, status: 'running', error: null, log: null }
  const facts = {
    ...lastingFacts(before.rundesk),
    maxAttempts: attempts.length + left,
    attempts: [...attempts, attempt],
  }
  const row: StepRow = { ...rest, status: 'running', startedAt, updatedAt: startedAt, rundesk: facts }
  const durable = Promise.all([context.put(row, 'synced'), context.lookForCancel()])
  return { attempt, durable }
}

/** The row is in memory and its line on its way when this returns; it resolves when the line is on the disk. */
function commit(context: RunContext, step: ShellStep, attempt: AttemptFacts, result: AttemptResult): Promise<void> {
  const at = now()
  const { output, log, patch, exitCode, completionReason } = result
  const row = withAttempt(context.row(step.name), { ...attempt, status: 'completed', completedAt: at, exitCode, log })
  const touched = patch ? [...Object.keys(patch.set), ...patch.unset] : []
  const stateConflicts = context.conflicts(result.stateSeq, touched)
  const seq = context.nextSeq()
  const facts = {
    ...row.rundesk,
    commitSeq: seq,
    ...(log ? { log } : {}),
    ...(patch ? { statePatch: { seq, ...patch } } : {}),
    ...(stateConflicts.length > 0 ? { stateConflicts } : {}),
  }
  const reason = completionReason === undefined ? {} : { completionReason }
  const committed: StepRow = { ...row, status: 'completed', output, completedAt: at, updatedAt: at, ...reason }
  const durable = context.put({ ...committed, rundesk: facts }, 'synced')
  return durable.then(() => context.behind(writeStepOutput(context, step.name, output)))
}

async function fail(
  context: RunContext,
  step: ShellStep,
  {
    attempt,
    result,
    next,
  }: { readonly attempt: AttemptFacts; readonly result: AttemptResult; readonly next: LastFailure },
): Promise<void> {
  const row = failedRow(attemptFailed(context, step, attempt, result), result.error ?? 'failed')
  const reason = result.completionReason === undefined ? {} : { completionReason: result.completionReason }
  const why = {
    ...(next === 'exhausted' ? { attemptsExhausted: true } : {}),
    ...(next === 'critical' ? { critical: true } : {}),
  }
  await context.put({ ...row, ...reason, rundesk: { ...row.rundesk, ...why } }, 'synced')
}

function attemptFailed(
  context: RunContext,
  step: ShellStep,
  attempt: AttemptFacts,
  { error, exitCode, log }: AttemptResult,
): StepRow {
  return withAttempt(context.row(step.name), {
    ...attempt,
    status: 'failed',
    completedAt: now(),
    error: error ?? 'failed',
    exitCode,
    log,
  })
}

function failedRow(row: StepRow, error: string): StepRow {
  const at = now()
  const { nextAttemptAt: _next, ...facts } = row.rundesk ?? {}
  return { ...row, status: 'failed', output: '', error, completedAt: at, updatedAt: at, rundesk: facts }
}

/** Waits for the next attempt, behind the line that only raises `retryCount`: it ends the attempt and tells when that is. */
async function waitForRetry(
  context: RunContext,
  step: ShellStep,
  {
    attempt,
    result,
    number,
  }: { readonly attempt: AttemptFacts; readonly result: AttemptResult; readonly number: number },
): Promise<void> {
  const { retryDelayMs } = context.workflow
  const delayMs = Math.min(retryDelay(step, { number, retryDelayMs, random: Math.random }), longestTimerMs)
  const row = attemptFailed(context, step, attempt, result)
  const nextAttemptAt = new Date(Date.now() + delayMs).toISOString()
  const facts = { ...row.rundesk, nextAttemptAt }
  const retryCount = (row.retryCount ?? 0) + 1
  const error = result.error ?? 'failed'
  await context.put({ ...row, error, retryCount, updatedAt: now(), rundesk: facts }, 'synced')
  await sleep(delayMs, undefined, { signal: context.stepSignal }).catch(() => undefined)
}

/** What file systems take as one name, the temporary one beside it included. */
const longestNameBytes = 200

/**
 * The published packages read a completed step's text from here. Names that are no plain file names have none. The row
 * is the truth and holds the text too, so that this waits for no disk.
 */
async function writeStepOutput(context: RunContext, step: string, output: string): Promise<void> {
  const file = `${step}.md`
  if (output === '' || !isPlainName(step) || Buffer.byteLength(file) > longestNameBytes) return
  if (safeName(context.runId) !== context.runId) return
  const folder = join(context.journal.workspaceDir, '.agent-relay', 'step-outputs', context.runId)
  await mkdir(folder, { recursive: true, mode: 0o755 })
  await placeFiles([{ path: join(folder, file), data: stripVTControlCharacters(output) }])
}
