import { assertNever, toFailure } from '../../shared/outcome'
import type { ShellStep } from './parseWorkflow'
import { rollbackEnded, rollbackOf, rollbackStarted, stepsToRollBack } from './rollbackRows'
import type { RunContext } from './runContext'
import { exitError, notStarted, prepareBody, type StepBody } from './stepBody'
import type { ProcessResult } from './stepProcess'

type Ended = Parameters<typeof rollbackEnded>[1]

/**
 * Runs the rollbacks of the completed steps one after the other, the last commit first. The start of each is durable
 * before its body runs, its end before the next one. The first that fails ends it: what was done before that step may
 * need what it left.
 */
export async function rollBack(context: RunContext): Promise<void> {
  for (const step of stepsToRollBack(context.workflow.steps, context.row)) {
    if (context.isCancelled() || !(await rollBackStep(context, step))) return
  }
}

async function rollBackStep(context: RunContext, step: ShellStep): Promise<boolean> {
  const started = rollbackStarted(context.row(step.name), new Date().toISOString())
  await context.put(started, 'synced')
  const number = rollbackOf(started)?.attempts ?? 1
  const ended = await runRollback(context, step, number)
  await context.put(rollbackEnded(context.row(step.name), ended), 'synced')
  return ended.error === null
}

async function runRollback(context: RunContext, step: ShellStep, number: number): Promise<Ended> {
  const command = step.rollback ?? ''
  let body: StepBody
  try {
    body = await prepareBody(context, step, { command, number, kind: 'rollback' })
  } catch (error) {
    return { at: new Date().toISOString(), error: toFailure(error).message, log: null }
  }
  const result = await body.run(body.command, { timeoutMs: step.timeoutMs, log: body.log })
  const error = errorOf(step, result)
  await body.end()
  return { at: new Date().toISOString(), error, log: await body.log.finish() }
}

function errorOf(step: ShellStep, result: ProcessResult): string | null {
  switch (result.end.kind) {
    case 'aborted':
      return 'It was stopped'
    case 'timed-out':
      return `It timed out after ${step.timeoutMs} ms`
    case 'not-started':
      return notStarted(result.end.error)
    case 'exited':
      return result.end.code === 0 ? null : exitError(result)
    default:
      return assertNever(result.end)
  }
}
