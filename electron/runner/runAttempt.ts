import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { errnoCode } from '../files/errnoCode'
import { type AttemptLog, attemptLogFile, type LogFacts, openAttemptLog, safeName } from './attemptLog'
import { stepFolder } from './namedPaths'
import type { ShellStep } from './parseWorkflow'
import { endProcesses, isGroupAlive, type ProcessMark } from './processGroups'
import type { RunContext } from './runContext'
import { stepEnvironment } from './runEnvironment'
import { readStatePatch, type StatePatch, writeStateFile } from './stateFile'
import { type ProcessResult, runShell } from './stepProcess'
import { referenceContents } from './substitute'
import { soughtBy, verifyStep } from './verifyStep'

/** What one attempt of a step came to. `error` null: it succeeded, and what it left may be committed. */
export interface AttemptResult {
  readonly error: string | null
  readonly aborted: boolean
  readonly output: string
  readonly completionReason: 'completed_verified' | 'failed_verification' | undefined
  readonly patch: StatePatch | undefined
  readonly log: LogFacts | null
}

/** Runs the body of one attempt and judges it. Nothing that it started is left when it failed. */
export async function runAttempt(context: RunContext, step: ShellStep, number: number): Promise<AttemptResult> {
  const nothing = { aborted: false, output: '', completionReason: undefined, patch: undefined, log: null } as const
  const state = context.state()
  const stateFile = join(context.scratchDir, `${safeName(step.name)}.${number}.state.json`)
  let references: ReturnType<typeof referenceContents>
  let cwd: string
  try {
    references = referenceContents(step.command, (name) => contentOf(context, state, name), context.outputVariables)
    cwd = stepFolder(step, { workspaceDir: context.journal.workspaceDir, paths: context.workflow.paths })
    await checkFolder(cwd)
    await writeStateFile(stateFile, state)
  } catch (error) {
    return { ...nothing, error: error instanceof Error ? error.message : String(error) }
  }
  const attempt = `${context.execution}.${safeName(step.name)}.${number}`
  const mark: ProcessMark = `RUNDESK_ATTEMPT=${attempt}`
  const env = stepEnvironment({
    named: step.env,
    own: {
      ...references.env,
      ...context.outputFiles,
      RUNDESK_RUN_ID: context.runId,
      RUNDESK_EXECUTION: context.execution,
      RUNDESK_ATTEMPT: attempt,
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
  const groups = new Set<number>()
  const shell = async (
    command: string,
    options: Pick<Parameters<typeof runShell>[0], 'timeoutMs' | 'log' | 'find'>,
  ): Promise<ProcessResult> => {
    let group = 0
    const result = await runShell({
      command,
      cwd,
      env,
      graceMs: context.graceMs,
      signal: context.abort.signal,
      mark,
      ...options,
      onGroup: (pgid) => {
        group = pgid
        groups.add(pgid)
        context.groups.add(pgid)
        context.watchdog.addGroup(pgid)
      },
    })
    if (isGroupAlive(group)) return result // What the step left in the background ends with the run.
    context.groups.delete(group)
    context.watchdog.removeGroup(group)
    return result
  }
  const result = await shell(references.command, {
    timeoutMs: step.timeoutMs,
    log,
    find: soughtBy(step.verification),
  })
  const check = (command: string, timeoutMs: number): Promise<ProcessResult> =>
    shell(command, { timeoutMs, log: asStderr(log) })
  const judged = await judge(step, result, { cwd, check, stateFile, state })
  if (judged.error !== null) await endProcesses({ mark, groups: [...groups], graceMs: context.graceMs })
  const output = step.captureOutput ? result.stdout : exitText(result)
  return { ...judged, output, log: await log.finish() }
}

async function judge(
  step: ShellStep,
  result: ProcessResult,
  {
    cwd,
    check,
    stateFile,
    state,
  }: {
    readonly cwd: string
    readonly check: (command: string, timeoutMs: number) => Promise<ProcessResult>
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
      return failed(notStarted(result.end.error))
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
    const wrong = await verifyStep(step.verification, { found: result.found, cwd, run: check })
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

/** What a check prints is no output of the step. */
function asStderr(log: AttemptLog): AttemptLog {
  return { ...log, write: (chunk) => log.write(chunk, 'stderr') }
}

async function checkFolder(cwd: string): Promise<void> {
  const folder = await stat(cwd).catch(() => undefined)
  if (!folder?.isDirectory())
    throw new Error(
      `Its working folder ${cwd} ${folder ? 'is no folder' : 'does not exist'}. Create it, or correct "cwd".`,
    )
}

function notStarted(error: Error): string {
  if (errnoCode(error) === 'E2BIG')
    return 'The command is longer than the system takes in one piece (128 KiB). Put it into a script file and call that.'
  return `The shell could not be started: ${error.message}`
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
