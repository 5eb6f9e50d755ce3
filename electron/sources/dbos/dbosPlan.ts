import { RundeskError } from '../../../shared/outcome'
import type { ActChoice, SourcePlan } from '../../../shared/sourceActs'
import type { SourceRun, SourceStep } from '../../../shared/sourceRuns'
import { toTime } from './dbosRows'

/** So many steps are looked at and told of a plan. */
export const mostPlannedSteps = 500

/** What is known of the executor that has a run. */
export interface ExecutorFacts {
  /** Epoch ms of the newest change of the runs that it may still have. */
  readonly heard: unknown
  readonly going: number
}

/**
 * The engine's number of the step that an act begins at: the chosen one, else the last that failed, else behind all that is
 * recorded for a run that failed, else the first. Throws `not_found` for a step that the run has not: the engine would take
 * it, copy the failure too, and fail again at once.
 */
export function startStepOf(
  run: SourceRun,
  {
    steps,
    fromStep,
    cut,
  }: { readonly steps: readonly SourceStep[]; readonly fromStep: string | undefined; readonly cut: boolean },
): number {
  if (fromStep !== undefined) {
    if (steps.some(({ id }) => id === fromStep) || (cut && /^\d{1,9}$/.test(fromStep))) return Number(fromStep)
    throw new RundeskError('not_found', `Run ${run.id} has recorded no step ${fromStep}.`)
  }
  if (run.phase !== 'failed') return 0
  const failed = steps.findLast(({ phase }) => phase === 'failed')
  if (failed) return Number(failed.id)
  const last = steps.at(-1)
  return last ? Number(last.id) + 1 : 0
}

/** What an act would do, step by step, and what a person should know before. */
export function planDbosAct(
  run: SourceRun,
  {
    choice,
    steps,
    cut,
    executor,
  }: {
    readonly choice: ActChoice
    readonly steps: readonly SourceStep[]
    readonly cut: boolean
    readonly executor: ExecutorFacts | null
  },
): SourcePlan {
  const permission = run.acts[choice.act]
  const goesBack = choice.act === 'fork' || choice.act === 'rewind'
  const start = goesBack ? startStepOf(run, { steps, fromStep: choice.fromStep, cut }) : null
  return {
    steps: steps.map(({ id, name, phase }) => ({ id, name, ...fateOf(Number(id), { start, act: choice.act, phase }) })),
    cut,
    says: sayings(run, { choice, executor }),
    refused: permission.kind === 'refused' ? permission.reason : null,
    question: permission.kind === 'confirm' ? permission.question : null,
    version: run.version,
  }
}

function fateOf(
  id: number,
  { start, act, phase }: { readonly start: number | null; readonly act: ActChoice['act']; readonly phase: string },
): { readonly will: 'keep' | 'run' | 'drop'; readonly reason: string } {
  if (start === null || id < start)
    return { will: 'keep', reason: phase === 'failed' ? 'its failure is recorded' : 'its result is recorded' }
  if (act === 'rewind') return { will: 'drop', reason: 'what it recorded is deleted, and it runs again' }
  return { will: 'run', reason: 'the new run runs it itself' }
}

const body = 'A step whose body runs now runs to its end: DBOS does not stop it, and drops its result.'
const interrupted = 'Steps that are recorded do not run again. One that was interrupted runs again from its start.'

function sayings(
  run: SourceRun,
  { choice, executor }: { readonly choice: ActChoice; readonly executor: ExecutorFacts | null },
): string[] {
  const worker = run.applicationVersion
    ? [`A worker of version ${run.applicationVersion} has to be there to take it.`]
    : ['Only a worker of the newest version takes it.']
  switch (choice.act) {
    case 'cancel':
      return run.status === 'PENDING' ? [body] : []
    case 'resume':
      return [...executorSayings(run, executor), interrupted, 'It may be recovered as often as a new run.', ...worker]
    case 'fork':
      return [
        'The run itself stays as it is.',
        'A workflow that changed since may not fit what is recorded, and fail.',
        ...worker,
      ]
    case 'rewind':
      return ['Messages that it got since are deleted as well.', ...worker]
    case 'rerun':
    case 'mark-failed':
      return []
  }
}

function executorSayings(run: SourceRun, executor: ExecutorFacts | null): string[] {
  if (run.status !== 'PENDING' || run.executorId === null) return []
  const own = `An executor that starts again as ${run.executorId} with version ${run.applicationVersion ?? '(none)'} takes the run up by itself.`
  const heard = toTime(executor?.heard)
  if (!executor || heard === null) return [own]
  return [
    `DBOS keeps no sign of life of executors. The newest change of the ${executor.going} runs that ${run.executorId} may have is of ${heard}.`,
    own,
  ]
}
