import { access } from 'node:fs/promises'
import { join } from 'node:path'
import type { Handlers, ParsedInput } from '../../shared/contract'
import { RundeskError } from '../../shared/outcome'
import { logFolder } from '../runner/attemptLog'
import { type LogChoice, readAttemptLog } from '../runner/readAttemptLog'
import { readLevelLines } from '../runner/readLevelLines'
import { readLogLines } from '../runner/readLogLines'
import { searchAttemptLog } from '../runner/searchAttemptLog'
import { rerunsOf } from '../runs/reruns'
import { toHistory } from '../runs/runHistory'
import { stateAround } from '../runs/runState'
import type { Workspaces } from './workspaces'

type StepHandlers = Pick<
  Handlers,
  | 'runs:history'
  | 'runs:log'
  | 'runs:logLines'
  | 'runs:logSearch'
  | 'runs:stepState'
  | 'runs:planRollback'
  | 'runs:reruns'
>
type LogInput = Pick<ParsedInput<'runs:log'>, 'workspaceId' | 'runId' | 'stepName' | 'attempt' | 'rollback'>

/** The handlers about what steps left: logs, changes of the state, what can be rolled back, and re-runs. `searchPath` is the built script that searches one. */
export function createStepHandlers({
  workspaces,
  searchPath,
}: {
  readonly workspaces: Workspaces
  readonly searchPath: string
}): StepHandlers {
  /**
   * Which log is meant, and whether it is that of an attempt of ours, which leaves none while it prints nothing. The
   * newest attempt counts, also when only an older one has a log.
   */
  const choose = async (input: LogInput): Promise<{ readonly choice: LogChoice; readonly isOurs: boolean }> => {
    const { runId, stepName, attempt, rollback } = input
    const { store } = workspaces.session(input.workspaceId)
    const run = store.get(runId)
    const steps = run && stepName !== null ? [...(await store.stepsOf(run)).values()] : []
    const step = steps.find(({ view }) => view.name === stepName)?.view
    const newest = (rollback ? step?.own.rollback?.attempts : step?.attempts.at(-1)?.number) ?? 0
    const hasLogs = await access(join(store.rundeskDir, logFolder(runId))).then(
      () => true,
      () => false,
    )
    const isOurs = hasLogs && newest >= Math.max(1, attempt ?? 1)
    const choice = {
      rundeskDir: store.rundeskDir,
      runId,
      stepName,
      attempt: attempt ?? (isOurs ? newest : null),
      rollback,
    }
    return { choice, isOurs }
  }
  const answer = async <T extends { readonly found: boolean }>(
    input: LogInput,
    read: (choice: LogChoice) => Promise<T>,
  ): Promise<T> => {
    const { choice, isOurs } = await choose(input)
    const found = await read(choice)
    return isOurs ? { ...found, found: true } : found
  }

  return {
    'runs:log': ({ offset, maxBytes, ...input }) =>
      answer(input, (choice) => readAttemptLog({ ...choice, offset, maxBytes })),
    'runs:logLines': ({ workspaceId, runId, stepName, attempt, rollback, level, ...lines }) =>
      answer({ workspaceId, runId, stepName, attempt, rollback }, (choice) =>
        level === 'all' ? readLogLines({ ...choice, ...lines }) : readLevelLines({ ...choice, ...lines, level }),
      ),
    'runs:logSearch': ({ workspaceId, runId, stepName, attempt, rollback, ...query }) =>
      answer({ workspaceId, runId, stepName, attempt, rollback }, (choice) =>
        searchAttemptLog({ ...choice, query, workerPath: searchPath }),
      ),
    'runs:history': async ({ workspaceId, runId }) => {
      const { store } = workspaces.session(workspaceId)
      const run = store.get(runId)
      return { events: run ? toHistory(await store.moments(run)) : [] }
    },
    'runs:reruns': async ({ workspaceId, runId }) => {
      const { store } = workspaces.session(workspaceId)
      const run = store.get(runId)
      return { runs: run ? [...(await rerunsOf(store, run))] : [] }
    },
    'runs:planRollback': ({ workspaceId, runId }) => workspaces.session(workspaceId).runner.planRollback(runId),
    'runs:stepState': async ({ workspaceId, runId, stepId }) => {
      const { store } = workspaces.session(workspaceId)
      const run = store.get(runId)
      const steps = run && (await store.stepsOf(run))
      const step = steps?.get(stepId)
      if (!steps || !step) throw new RundeskError('not_found', `Run ${runId} has no step ${stepId}.`)
      const views = [...steps.values()].map(({ view }) => view)
      return stateAround(step.view, views)
    },
  }
}
