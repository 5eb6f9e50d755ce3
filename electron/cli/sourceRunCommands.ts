import { RundeskError } from '../../shared/outcome'
import { isWaiting } from '../../shared/rules/stepWait'
import type { ActResult, SourcePlan } from '../../shared/sourceActs'
import type { SourceAct, SourceRun, SourceRunDetail, SourceStep } from '../../shared/sourceRuns'
import { exitCodes } from './exitCodes'
import type { GlobalOptions } from './runCli'
import { findSourceRun, type SourceContext, type SourceListOptions, sourceAskOf } from './sourceOptions'
import { oneLine, printable, toTable } from './terminal'

const [pageLength, shownUnlessTold] = [200, 100]

/** `rundesk runs --source NAME` */
export async function sourceRuns(
  { client, terminal, source }: SourceContext,
  options: GlobalOptions & SourceListOptions & { readonly limit?: number; readonly failures: boolean },
): Promise<number> {
  if (options.failures)
    throw new RundeskError('not_supported', `${source.name} does not group its failures. Use --view failed.`)
  const ask = sourceAskOf(options)
  const most = options.limit ?? shownUnlessTold
  const rows: SourceRun[] = []
  let held: string | undefined
  let more = most > 0
  let total: number | null = null
  while (more && rows.length < most) {
    const page = await client.request('sources:runs', {
      ...{ sourceId: source.id, ...ask, offset: rows.length, limit: Math.min(pageLength, most - rows.length) },
      ...(held === undefined ? {} : { held }),
    })
    held ??= page.held
    rows.push(...page.rows)
    total = page.total
    more = page.more && page.rows.length > 0
  }
  terminal.answer({ source: source.name, runs: rows, more, total }, () =>
    rows.length === 0 ? 'No runs.' : toTable(rows.map(rowOf)),
  )
  if (more) terminal.say(`${rows.length}${total === null ? '' : ` of ${total}`} runs, and there are more: --limit N`)
  return exitCodes.done
}

function rowOf({ id, status, workflowName, createdAt, note, error }: SourceRun): readonly string[] {
  return [oneLine(id, 60), status, oneLine(workflowName, 40), createdAt ?? '', oneLine(note ?? error ?? '')]
}

/** `rundesk show RUN --source NAME` */
export async function sourceShow(context: SourceContext, wanted: string): Promise<number> {
  const { client, terminal, source } = context
  const at = { sourceId: source.id, runId: await findSourceRun(context, wanted) }
  const { run } = await client.request('sources:run', at)
  const steps: SourceStep[] = []
  let note: string | null = null
  for (let more = true; more; ) {
    const { page } = await client.request('sources:steps', { ...at, offset: steps.length, limit: 500 })
    if (!page || !run) throw new RundeskError('not_found', `Run ${wanted} was deleted meanwhile.`)
    steps.push(...page.steps)
    note = page.note
    more = page.more && page.steps.length > 0
  }
  if (!run) throw new RundeskError('not_found', `Run ${wanted} was deleted meanwhile.`)
  const nowMs = Date.now()
  const told = steps.map((step): SourceStep => (isWaiting(step, run, nowMs) ? { ...step, phase: 'waiting' } : step))
  terminal.answer({ ...run, steps: told, stepsNote: note }, () => runText(run, { steps: told, note }))
  return exitCodes.done
}

function runText(
  run: SourceRunDetail,
  { steps, note }: { readonly steps: readonly SourceStep[]; readonly note: string | null },
): string {
  const { workflowName, id, status, createdAt, completedAt, error, queueName, executorId, applicationVersion } = run
  const facts = { queue: queueName, executor: executorId, version: applicationVersion, 'forked from': run.forkedFrom }
  return [
    `${printable(workflowName)}  ${id}  ${status}`,
    `created ${createdAt ?? 'at an unknown time'}${completedAt ? `, ended ${completedAt}` : ''}`,
    ...(run.note === null ? [] : [printable(run.note)]),
    ...(error === null ? [] : [printable(error)]),
    ...Object.entries(facts).flatMap(([name, value]) => (value === null ? [] : [`${name} ${printable(value)}`])),
    toTable(
      steps.map(({ id: step, name, status: word, phase, error: wrong, completedAt: until }) => [
        `  ${oneLine(step, 40)}`,
        oneLine(name, 40),
        phase === 'waiting' && until !== null ? `waits until ${until}` : word,
        oneLine(wrong ?? ''),
      ]),
    ),
    ...(note === null ? [] : [printable(note)]),
  ].join('\n')
}

export interface ActOptions extends GlobalOptions {
  readonly from?: string
  readonly plan?: boolean
  readonly force?: boolean
  readonly reason?: string
}

/** `rundesk cancel|resume|fork|rewind|mark-failed RUN --source NAME`: says what it will do, does it, and tells what became of it. */
export function sourceAct(
  act: SourceAct,
): (context: SourceContext, wanted: string, options: ActOptions) => Promise<number> {
  return async (context, wanted, options) => {
    const { client, terminal, source } = context
    const at = { sourceId: source.id, runId: await findSourceRun(context, wanted) }
    const step = options.from === undefined ? {} : { fromStep: await stepOf(context, at.runId, options.from) }
    const plan = await client.request('sources:planAct', { ...at, act, ...step })
    if (options.plan) {
      terminal.answer(plan, () => planText(plan))
      return plan.refused === null ? exitCodes.done : exitCodes.notPossible
    }
    if (act === 'cancel' && plan.refused !== null) {
      const ended = await endedRun(context, at)
      if (ended) return answerCancel(context, ended, `Nothing to cancel: ${plan.refused}.`)
    }
    if (plan.refused === null) terminal.say(planText(plan))
    const result = await client.request('sources:act', {
      ...{ ...at, act, ...step, version: plan.version, confirmed: options.force ?? false },
      ...(options.reason === undefined ? {} : { reason: options.reason }),
    })
    if (act === 'cancel' && result.run && result.outcome !== 'unconfirmed')
      return answerCancel(context, result.run, result.message, result.outcome === 'done')
    terminal.answer(result, () => printable(result.message))
    return exitCodeOfAct(result)
  }
}

/** `rundesk resume RUN --source NAME`; with `--from` the run goes back to that step, with `--new` a new one goes on. */
export async function resumeOfSource(
  context: SourceContext,
  wanted: string,
  options: ActOptions & { readonly file: boolean; readonly new: boolean; readonly published: boolean },
): Promise<number> {
  if (options.file || options.published)
    throw new RundeskError(
      'not_supported',
      `${context.source.name} runs what its workers have: it takes no --file and no --published.`,
    )
  if (options.new) return sourceAct('fork')(context, wanted, options)
  return sourceAct(options.from === undefined ? 'resume' : 'rewind')(context, wanted, options)
}

async function endedRun(
  { client }: SourceContext,
  at: { readonly sourceId: string; readonly runId: string },
): Promise<SourceRun | null> {
  const { run } = await client.request('sources:run', at)
  const ended = ['completed', 'failed', 'cancelled']
  return run && ended.includes(run.phase) ? run : null
}

/** The answer of every cancel, here and there: what is so now. */
function answerCancel({ terminal }: SourceContext, run: SourceRun, message: string, cancelled = false): number {
  terminal.answer({ cancelled, status: run.status }, () => printable(message))
  return exitCodes.done
}

function exitCodeOfAct({ outcome }: ActResult): number {
  if (outcome === 'done') return exitCodes.done
  return outcome === 'unconfirmed' ? exitCodes.cannotTell : exitCodes.notPossible
}

/** The id of a step that a person names by its id or, where it is the only one, its name. Throws `not_found`, `ambiguous_id`. */
async function stepOf({ client, source }: SourceContext, runId: string, wanted: string): Promise<string> {
  const named: SourceStep[] = []
  for (let offset = 0, more = true; more; ) {
    const { page } = await client.request('sources:steps', { sourceId: source.id, runId, offset, limit: 500 })
    const steps = page?.steps ?? []
    if (steps.some(({ id }) => id === wanted)) return wanted
    named.push(...steps.filter(({ name }) => name === wanted))
    offset += steps.length
    more = (page?.more ?? false) && steps.length > 0
  }
  const [only, ...others] = named
  if (!only) throw new RundeskError('not_found', `Run ${runId} has no step ${JSON.stringify(wanted)}.`)
  if (others.length > 0)
    throw new RundeskError(
      'ambiguous_id',
      `Several steps are called ${JSON.stringify(wanted)}: name one by its id (${named.map(({ id }) => id).join(', ')}).`,
    )
  return only.id
}

function planText({ steps, says, refused, question, cut }: SourcePlan): string {
  return [
    ...(refused === null ? [] : [`Not possible: ${printable(refused)}`]),
    ...(question === null ? [] : [`${printable(question)} (--force says yes)`]),
    ...says.map(printable),
    ...(steps.length === 0
      ? []
      : [
          toTable(steps.map(({ id, name, will, reason }) => [`  ${will}`, oneLine(id, 40), oneLine(name, 40), reason])),
        ]),
    ...(cut ? ['  …'] : []),
  ].join('\n')
}
