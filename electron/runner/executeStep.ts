import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { stripVTControlCharacters } from 'node:util'
import { writeFileAtomic } from '../files/atomicWrite'
import type { StepRow } from '../runs/rows'
import { type LogFacts, safeName } from './attemptLog'
import type { ShellStep } from './parseWorkflow'
import { type AttemptResult, runAttempt } from './runAttempt'
import type { RunContext } from './runContext'
import { longestTimerMs } from './stepProcess'

interface AttemptFacts {
  readonly number: number
  readonly startedAt: string
  readonly completedAt: string | null
  readonly status: 'running' | 'completed' | 'failed' | 'interrupted'
  readonly error: string | null
  readonly log: LogFacts | null
}

/**
 * Runs one step to its end: attempts with retries and delay, each start durable before its body, output, state and
 * success in one durable line, failure durable before this resolves. Gives the status that the row has then.
 */
export async function executeStep(context: RunContext, step: ShellStep): Promise<'completed' | 'failed'> {
  const retries = step.retries ?? context.workflow.maxRetries
  for (let tried = 0; ; tried++) {
    const attempt = await startAttempt(context, step, retries + 1)
    const result = await runAttempt(context, step, attempt.number)
    const last = tried >= retries || result.aborted || context.abort.signal.aborted
    if (result.error === null) {
      await commit(context, step, attempt, result)
      return 'completed'
    }
    if (last) {
      await fail(context, step, attempt, result)
      return 'failed'
    }
    await scheduleRetry(context, step, attempt, result)
    await sleep(Math.min(context.workflow.retryDelayMs, longestTimerMs), undefined, {
      signal: context.abort.signal,
    }).catch(() => undefined)
    if (context.abort.signal.aborted) {
      const row = context.row(step.name)
      await context.put(failedRow(row, `Step "${step.name}" aborted`), 'synced')
      return 'failed'
    }
  }
}

const now = (): string => new Date().toISOString()

async function startAttempt(context: RunContext, step: ShellStep, maxAttempts: number): Promise<AttemptFacts> {
  const before = context.row(step.name)
  const { error: _error, completionReason: _reason, completedAt: _completedAt, output: _output, ...rest } = before
  const startedAt = now()
  const attempts = attemptsOf(before)
  const attempt: AttemptFacts = {
    number: attempts.length + 1,
    startedAt,
    completedAt: null,
    status: 'running',
    error: null,
    log: null,
  }
  const { nextAttemptAt: _next, statePatch: _patch, log: _log, ...facts } = before.rundesk ?? {}
  await context.put(
    {
      ...rest,
      status: 'running',
      startedAt,
      updatedAt: startedAt,
      rundesk: { ...facts, maxAttempts: attempts.length + maxAttempts, attempts: [...attempts, attempt] },
    },
    'synced',
  )
  return attempt
}

async function commit(
  context: RunContext,
  step: ShellStep,
  attempt: AttemptFacts,
  result: AttemptResult,
): Promise<void> {
  const at = now()
  await context.keepOutput({ step: step.name, output: result.output, log: result.log })
  const row = withAttempt(context.row(step.name), { ...attempt, status: 'completed', completedAt: at, log: result.log })
  await context.put(
    {
      ...row,
      status: 'completed',
      output: result.output,
      completedAt: at,
      updatedAt: at,
      ...(result.completionReason === undefined ? {} : { completionReason: result.completionReason }),
      rundesk: {
        ...row.rundesk,
        ...(result.log ? { log: result.log } : {}),
        ...(result.patch ? { statePatch: { seq: context.nextSeq(), ...result.patch } } : {}),
      },
    },
    'synced',
  )
  await writeStepOutput(context, step.name, result.output)
}

async function fail(context: RunContext, step: ShellStep, attempt: AttemptFacts, result: AttemptResult): Promise<void> {
  const error = result.error ?? 'failed'
  const row = withAttempt(context.row(step.name), {
    ...attempt,
    status: 'failed',
    completedAt: now(),
    error,
    log: result.log,
  })
  const reason = result.completionReason === undefined ? {} : { completionReason: result.completionReason }
  await context.put({ ...failedRow(row, error), ...reason }, 'synced')
}

function failedRow(row: StepRow, error: string): StepRow {
  const at = now()
  const { nextAttemptAt: _next, ...facts } = row.rundesk ?? {}
  return { ...row, status: 'failed', output: '', error, completedAt: at, updatedAt: at, rundesk: facts }
}

/** The line that only raises `retryCount`: it ends the attempt and tells when the next one starts. */
async function scheduleRetry(
  context: RunContext,
  step: ShellStep,
  attempt: AttemptFacts,
  result: AttemptResult,
): Promise<void> {
  const at = now()
  const error = result.error ?? 'failed'
  const row = withAttempt(context.row(step.name), {
    ...attempt,
    status: 'failed',
    completedAt: at,
    error,
    log: result.log,
  })
  const nextAttemptAt = new Date(Date.now() + context.workflow.retryDelayMs).toISOString()
  await context.put(
    { ...row, error, retryCount: (row.retryCount ?? 0) + 1, updatedAt: at, rundesk: { ...row.rundesk, nextAttemptAt } },
    'synced',
  )
}

function attemptsOf(row: StepRow): readonly AttemptFacts[] {
  const attempts = row.rundesk?.attempts
  return Array.isArray(attempts) ? (attempts as readonly AttemptFacts[]) : []
}

function withAttempt(row: StepRow, attempt: AttemptFacts): StepRow {
  const attempts = attemptsOf(row).map((earlier) => (earlier.number === attempt.number ? attempt : earlier))
  return { ...row, rundesk: { ...row.rundesk, attempts } }
}

/** The published packages read a completed step's text from here. Names that are no plain file names have none; the row holds the text too. */
async function writeStepOutput(context: RunContext, step: string, output: string): Promise<void> {
  if (output === '' || safeName(step) !== step || safeName(context.runId) !== context.runId) return
  const folder = join(context.journal.workspaceDir, '.agent-relay', 'step-outputs', context.runId)
  try {
    await mkdir(folder, { recursive: true })
    await writeFileAtomic(join(folder, `${step}.md`), stripVTControlCharacters(output))
  } catch {
    // The row is the truth; a refused write there is what the person is told of.
  }
}
