import type { Handlers } from '../../shared/contract'
import { RundeskError } from '../../shared/outcome'
import { readAttemptLog } from '../runner/readAttemptLog'
import { readLogLines } from '../runner/readLogLines'
import { searchAttemptLog } from '../runner/searchAttemptLog'
import { stateAround } from '../runs/runState'
import type { Workspaces } from './workspaces'

type StepHandlers = Pick<Handlers, 'runs:log' | 'runs:logLines' | 'runs:logSearch' | 'runs:stepState'>

/** The handlers about what steps left: logs and changes of the state. `searchPath` is the built script that searches one. */
export function createStepHandlers({
  workspaces,
  searchPath,
}: {
  readonly workspaces: Workspaces
  readonly searchPath: string
}): StepHandlers {
  const rundeskDir = (workspaceId: string): string => workspaces.session(workspaceId).store.rundeskDir
  return {
    'runs:log': ({ workspaceId, ...page }) => readAttemptLog({ rundeskDir: rundeskDir(workspaceId), ...page }),
    'runs:logLines': ({ workspaceId, ...lines }) => readLogLines({ rundeskDir: rundeskDir(workspaceId), ...lines }),
    'runs:logSearch': ({ workspaceId, runId, stepName, attempt, rollback, ...query }) =>
      searchAttemptLog({
        rundeskDir: rundeskDir(workspaceId),
        runId,
        stepName,
        attempt,
        rollback,
        query,
        workerPath: searchPath,
      }),
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
