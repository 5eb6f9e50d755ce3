import { setTimeout as sleep } from 'node:timers/promises'
import { toFailure } from '../../shared/outcome'
import type { Run, RunDetail, Step } from '../../shared/runs'
import { cancelReason, endedAtOnceWords } from '../api/endings'
import { onInterrupt } from '../api/interrupts'
import { exitCodes } from './exitCodes'
import { holdBackground } from './holdBackground'
import type { CommandContext, GlobalOptions } from './runCli'
import { oneLine, printable, toTable } from './terminal'
import { chosenWorkspace, sayFindings, toVariables } from './workflowCommands'

/** `rundesk show RUN` */
export async function show(context: CommandContext, run: string): Promise<number> {
  const found = await context.client.request('runs:find', { runId: run })
  await answerRun(context, found)
  const { unreadable } = await context.client.request('runs:list', { limit: 0 })
  return unreadable ? exitCodes.cannotTell : exitCodes.done
}

export async function answerRun(
  { client, terminal }: CommandContext,
  at: { readonly workspaceId: string; readonly runId: string },
): Promise<RunDetail> {
  const { run } = await client.request('runs:get', { ...at, outputs: terminal.json ? 'all' : 'none' })
  terminal.answer(run, () => runText(run))
  return run
}

function runText(run: RunDetail): string {
  const head = [
    `${printable(run.workflowName)}  ${run.id}  ${run.status}${run.liveness ? ` (${run.liveness}: ${run.livenessReason})` : ''}`,
    `started ${run.startedAt ?? 'never'}${run.completedAt ? `, ended ${run.completedAt}` : ''}`,
    ...(run.error ? [printable(run.error)] : []),
  ]
  const steps = run.steps.map((step) => [
    `  ${oneLine(step.name, 40)}`,
    step.status,
    step.attempts.length > 1 ? `${step.attempts.length} attempts` : '',
    oneLine(step.error ?? ''),
  ])
  return [...head, toTable(steps), ...run.steps.flatMap(stepNotes)].join('\n')
}

/** What else there is to say of a step. */
function stepNotes({ name, rollback, stateConflicts, attemptsExhausted, nextAttemptAt, waitingFor }: Step): string[] {
  const begun = rollback && rollback.attempts > 1 ? ` (begun ${rollback.attempts} times)` : ''
  const notes = [
    ...(attemptsExhausted ? ['its attempts are used up'] : []),
    ...(nextAttemptAt ? [`its next attempt starts at ${nextAttemptAt}`] : []),
    ...(waitingFor ? ['it waits for a free place on this machine'] : []),
    ...(stateConflicts ?? []).map(
      (conflict) =>
        `it and ${oneLine(conflict.with, 40)}, beside it, changed the state's ${oneLine(conflict.key, 40)}: its value counts`,
    ),
    ...(rollback ? [`rollback ${rollback.status}${begun}${rollback.error ? `: ${oneLine(rollback.error)}` : ''}`] : []),
  ]
  return notes.map((note) => `  ${oneLine(name, 40)}: ${note}`)
}

/** `rundesk start FILE` */
export async function start(
  context: CommandContext,
  file: string,
  options: GlobalOptions & { readonly workflow?: string; readonly var: readonly string[]; readonly published: boolean },
): Promise<number> {
  const { client, terminal } = context
  const workspaceId = await chosenWorkspace(context)
  const vars = toVariables(options.var, terminal)
  if (workspaceId === null || vars === null) return exitCodes.usage
  const { run, warnings } = await client.request('runs:start', {
    workspaceId,
    file,
    vars,
    published: options.published,
    ...(options.workflow === undefined ? {} : { workflow: options.workflow }),
  })
  sayFindings(terminal, warnings)
  return foreground(context, run)
}

/** How long after one look at a run's steps the next one comes, in ms. */
const tellEveryMs = 300

/** Waits for the run to end, telling each step's progress on stderr; an interrupt cancels it, a second one does not wait. */
export async function foreground(context: CommandContext, run: Run): Promise<number> {
  holdBackground()
  const { app, client, terminal } = context
  const at = { workspaceId: run.workspaceId, runId: run.id }
  terminal.say(`run ${run.id} (${printable(run.workflowName)})`)
  const told = new Map<string, string>()
  const tellSteps = async (): Promise<RunDetail> => {
    const { run: now } = await client.request('runs:get', { ...at, outputs: 'none' })
    if (now.retry && told.get('retry') !== now.retry.at) {
      told.set('retry', now.retry.at)
      const { step, attempt, of } = now.retry
      terminal.say(`  ${oneLine(step)}: attempt ${attempt} of ${of} begins at ${now.retry.at}`)
    }
    for (const step of now.steps) {
      const word = `${step.status}${step.attempts.length > 1 ? `, attempt ${step.attempts.length}` : ''}`
      if (told.get(step.id) === word) continue
      told.set(step.id, word)
      if (step.status !== 'pending')
        terminal.say(`  ${oneLine(step.name)}: ${word}${step.error ? `: ${oneLine(step.error)}` : ''}`)
    }
    return now
  }
  let telling: Promise<void> | undefined
  let isNews = false
  const settled = new AbortController()
  /** To tell looks at all steps of the run: what changes meanwhile is told together. */
  const tellSoon = async (): Promise<void> => {
    await tellSteps().catch(() => undefined)
    await sleep(tellEveryMs, undefined, { signal: settled.signal }).catch(() => undefined)
    telling = undefined
    if (isNews && !settled.signal.aborted) tell()
  }
  const tell = (): void => {
    isNews = telling !== undefined
    telling ??= tellSoon()
  }
  const stopTelling = client.on('runs:changed', tell)
  const cancelIt = (signal: NodeJS.Signals): void => {
    terminal.say('interrupted: cancelling the run')
    void client
      .request('runs:cancel', { ...at, confirmed: true, reason: cancelReason(signal) })
      .catch((error: unknown) => terminal.say(toFailure(error).message))
  }
  const stopListening = onInterrupt({
    act: cancelIt,
    sayAtOnce: () => terminal.say(endedAtOnceWords(app)),
  })
  try {
    await client.request('runs:settled', at)
  } finally {
    stopListening()
    stopTelling()
    settled.abort()
  }
  await telling
  const last = await tellSteps()
  if (terminal.json) await answerRun(context, at)
  else terminal.answer(last, () => runText(last))
  return last.status === 'completed' ? exitCodes.done : exitCodes.failing
}

/** `rundesk cancel RUN` */
export async function cancel(
  { client, terminal }: CommandContext,
  run: string,
  options: GlobalOptions & { readonly force: boolean },
): Promise<number> {
  const at = await client.request('runs:find', { runId: run })
  const { cancelled, status, message } = await client.request('runs:cancel', { ...at, confirmed: options.force })
  terminal.answer({ cancelled, status }, () => printable(message))
  return exitCodes.done
}

/** `rundesk mark-failed RUN --reason T` */
export async function markFailed(
  context: CommandContext,
  run: string,
  options: GlobalOptions & { readonly reason: string },
): Promise<number> {
  const at = await context.client.request('runs:find', { runId: run })
  await context.client.request('runs:markFailed', { ...at, reason: options.reason })
  await answerRun(context, at)
  return exitCodes.done
}
