import { RundeskError, toFailure } from '../../shared/outcome'
import { errnoCode } from '../files/errnoCode'
import type { AttemptLog, LogFacts } from './attemptLog'
import type { ShellStep } from './parseWorkflow'
import { exitCodeOf, exitCodeWords, isCritical } from './retryPolicy'
import type { RunContext } from './runContext'
import type { StatePatch } from './stateFile'
import { exitError, notStarted, prepareBody, type StepBody } from './stepBody'
import type { ProcessResult } from './stepProcess'
import { soughtBy, verifyStep } from './verifyStep'

/** What one attempt of a step came to. `error` null: it succeeded, and what it left may be committed. */
export interface AttemptResult {
  readonly error: string | null
  readonly aborted: boolean
  readonly exitCode: number | null
  /** Was it the exit code that made it fail? */
  readonly failedByExit: boolean
  /** Would every other attempt fail in the same way? */
  readonly isFinal: boolean
  readonly output: string
  readonly completionReason: 'completed_verified' | 'failed_verification' | undefined
  readonly patch: StatePatch | undefined
  /** The number of the last commit that its copy of the state had. */
  readonly stateSeq: number
  readonly log: LogFacts | null
}

type Judged = Pick<AttemptResult, 'error' | 'aborted' | 'failedByExit' | 'isFinal' | 'completionReason' | 'patch'>

/**
 * Runs the body of one attempt, when its start is `durable`, and judges it. Nothing that it started is left when it failed.
 */
export async function runAttempt(
  context: RunContext,
  step: ShellStep,
  {
    number,
    durable,
    onPrepared,
  }: { readonly number: number; readonly durable: Promise<unknown>; readonly onPrepared: () => void },
): Promise<AttemptResult> {
  const stateSeq = context.lastSeq()
  const nothing = { exitCode: null, output: '', stateSeq, log: null } as const
  let body: StepBody
  await Promise.resolve() // The line of the start goes on its way to the disk first: the rest is done meanwhile.
  try {
    body = await prepareBody(context, step, { command: step.command, number, kind: 'step' })
  } catch (error) {
    await durable
    const isFinal = error instanceof RundeskError && error.code === 'refused'
    return { ...nothing, ...failed(toFailure(error).message), isFinal }
  }
  onPrepared()
  await durable
  if (context.stepSignal.aborted) {
    await body.log.finish()
    return { ...nothing, ...abortedAs(context, step) }
  }
  const find = soughtBy(step.verification)
  const result = await body.run(body.command, { timeoutMs: step.timeoutMs, log: body.log, find })
  const judged = await judge(context, step, { body, result })
  if (judged.error !== null) await body.end()
  const output = step.captureOutput ? result.stdout : exitText(result)
  return { ...judged, exitCode: exitCodeOf(result.end), output, stateSeq, log: await body.log.finish() }
}

async function judge(
  context: RunContext,
  step: ShellStep,
  { body, result }: { readonly body: StepBody; readonly result: ProcessResult },
): Promise<Judged> {
  switch (result.end.kind) {
    case 'aborted':
      return abortedAs(context, step)
    case 'timed-out':
      return failed(`Step "${step.name}" timed out after ${step.timeoutMs} ms`)
    case 'not-started':
      return { ...failed(notStarted(result.end.error)), isFinal: errnoCode(result.end.error) === 'E2BIG' }
    case 'exited':
      break
  }
  if (result.end.code !== 0 && (step.failOnError || isCritical(step, exitCodeOf(result.end))))
    return { ...failed(exitError(result)), failedByExit: true }
  if (step.verification) {
    const wrong = await verifyStep(step.verification, {
      found: result.found,
      cwd: body.cwd,
      run: (command, timeoutMs) => body.run(command, { timeoutMs, log: asStderr(body.log) }),
    })
    if (wrong !== null)
      return { ...failed(`Verification failed for "${step.name}": ${wrong}`), completionReason: 'failed_verification' }
  }
  try {
    const patch = await body.state.readPatch()
    const completionReason = step.verification ? 'completed_verified' : undefined
    return { error: null, aborted: false, failedByExit: false, isFinal: false, completionReason, patch }
  } catch (error) {
    return failed(toFailure(error).message)
  }
}

function failed(error: string): Judged {
  return { error, aborted: false, failedByExit: false, isFinal: false, completionReason: undefined, patch: undefined }
}

function abortedAs(context: RunContext, step: ShellStep): Judged {
  return { ...failed(context.abortText(step.name)), aborted: true }
}

/** What a check prints is no output of the step. */
function asStderr(log: AttemptLog): AttemptLog {
  return { ...log, write: (chunk) => log.write(chunk, 'stderr') }
}

function exitText({ end }: ProcessResult): string {
  return end.kind === 'exited' ? `Command completed (exit code ${exitCodeWords(end)})` : ''
}
