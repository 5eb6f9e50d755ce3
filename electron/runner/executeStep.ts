import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { stripVTControlCharacters } from 'node:util'
import { writeFileAtomic } from '../files/atomicWrite'
import { containedPath } from '../files/containedPath'
import type { StepRow } from '../runs/rows'
import { attemptLogFile, type LogFacts, openAttemptLog, safeName } from './attemptLog'
import type { ShellStep } from './parseWorkflow'
import { isGroupAlive } from './processGroups'
import type { RunContext } from './runContext'
import { stepEnvironment } from './runEnvironment'
import { readStatePatch, type StatePatch, writeStateFile } from './stateFile'
import { type ProcessResult, runShell } from './stepProcess'
import { referenceContents } from './substitute'
import { verifyStep } from './verifyStep'

interface AttemptFacts {
  readonly number: number
  readonly startedAt: string
  readonly completedAt: string | null
  readonly status: 'running' | 'completed' | 'failed' | 'interrupted'
  readonly error: string | null
  readonly log: LogFacts | null
}

interface AttemptResult {
  readonly error: string | null
  readonly aborted: boolean
  readonly output: string
  readonly completionReason: 'completed_verified' | 'failed_verification' | undefined
  readonly patch: StatePatch | undefined
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
    await sleep(context.workflow.retryDelayMs, undefined, { signal: context.abort.signal }).catch(() => undefined)
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

async function runAttempt(context: RunContext, step: ShellStep, number: number): Promise<AttemptResult> {
  const nothing = { aborted: false, output: '', completionReason: undefined, patch: undefined, log: null } as const
  const state = context.state()
  const stateFile = join(context.scratchDir, `${safeName(step.name)}.${number}.state.json`)
  let references: ReturnType<typeof referenceContents>
  let cwd: string
  try {
    references = referenceContents(step.command, (name) => contentOf(context, state, name))
    cwd =
      step.cwd === undefined || step.cwd === '.'
        ? context.journal.workspaceDir
        : containedPath(context.journal.workspaceDir, step.cwd)
    await writeStateFile(stateFile, state)
  } catch (error) {
    return { ...nothing, error: error instanceof Error ? error.message : String(error) }
  }
  const env = stepEnvironment({
    named: step.env,
    own: {
      ...references.env,
      ...context.outputFiles,
      RUNDESK_RUN_ID: context.runId,
      RUNDESK_STEP: step.name,
      RUNDESK_STATE: stateFile,
    },
  })
  await context.journal.refresh()
  if (context.journal.statusOf(context.runId) === 'cancelled') context.abort.abort()
  if (context.abort.signal.aborted) return { ...nothing, error: `Step "${step.name}" aborted`, aborted: true }
  const log = await openAttemptLog(
    context.journal.rundeskDir,
    attemptLogFile({ runId: context.runId, step: step.name, attempt: number }),
  )
  const shell = async (command: string, timeoutMs: number | undefined): Promise<ProcessResult> => {
    let group = 0
    const result = await runShell({
      command,
      cwd,
      env,
      timeoutMs,
      graceMs: context.graceMs,
      signal: context.abort.signal,
      log,
      onGroup: (pgid) => {
        group = pgid
        context.groups.add(pgid)
        context.watchdog.addGroup(pgid)
      },
    })
    if (isGroupAlive(group)) return result // What the step left in the background ends with the run.
    context.groups.delete(group)
    context.watchdog.removeGroup(group)
    return result
  }
  const result = await shell(references.command, step.timeoutMs)
  const judged = await judge(step, result, { cwd, shell, stateFile, state })
  const output = step.captureOutput ? result.stdout : exitText(result)
  return { ...judged, output, log: await log.finish() }
}

async function judge(
  step: ShellStep,
  result: ProcessResult,
  {
    cwd,
    shell,
    stateFile,
    state,
  }: {
    readonly cwd: string
    readonly shell: (command: string, timeoutMs: number) => Promise<ProcessResult>
    readonly stateFile: string
    readonly state: Record<string, unknown>
  },
): Promise<Pick<AttemptResult, 'error' | 'aborted' | 'completionReason' | 'patch'>> {
  const failed = (
    error: string,
    aborted = false,
  ): Pick<AttemptResult, 'error' | 'aborted' | 'completionReason' | 'patch'> => ({
    error,
    aborted,
    completionReason: undefined,
    patch: undefined,
  })
  switch (result.end.kind) {
    case 'aborted':
      return failed(`Step "${step.name}" aborted`, true)
    case 'timed-out':
      return failed(`Step "${step.name}" timed out after ${step.timeoutMs} ms`)
    case 'not-started':
      return failed(`The shell could not be started: ${result.end.error.message}`)
    case 'exited':
      break
  }
  const { code, signal } = result.end
  if (code !== 0 && step.failOnError) {
    const said = result.stderr.trim().slice(0, 500)
    return failed(
      `Command failed with ${code === null ? `signal ${signal}` : `exit code ${code}`}${said === '' ? '' : `: ${said}`}`,
    )
  }
  if (step.verification) {
    const wrong = await verifyStep(step.verification, { stdout: result.stdout, cwd, run: shell })
    if (wrong !== null)
      return { ...failed(`Verification failed for "${step.name}": ${wrong}`), completionReason: 'failed_verification' }
  }
  try {
    const patch = await readStatePatch(stateFile, state)
    return {
      error: null,
      aborted: false,
      completionReason: step.verification ? 'completed_verified' : undefined,
      patch,
    }
  } catch (error) {
    return failed(error instanceof Error ? error.message : String(error))
  }
}

function exitText({ end }: ProcessResult): string {
  return end.kind === 'exited' ? `Command completed (exit code ${end.code ?? end.signal})` : ''
}

function contentOf(context: RunContext, state: Record<string, unknown>, name: string): string | undefined {
  const output = /^steps\.(.+)\.output$/.exec(name)?.[1]
  if (output !== undefined) {
    if (!context.workflow.steps.some((step) => step.name === output)) return undefined
    const row = context.row(output)
    return row.status === 'completed' ? (row.output ?? '') : undefined
  }
  const key = name.slice('state.'.length)
  if (!Object.hasOwn(state, key)) return undefined
  const value = state[key]
  return typeof value === 'string' ? value : JSON.stringify(value)
}

async function commit(
  context: RunContext,
  step: ShellStep,
  attempt: AttemptFacts,
  result: AttemptResult,
): Promise<void> {
  const at = now()
  await context.keepOutput(step.name, result.output)
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
