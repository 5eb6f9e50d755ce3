import type { Handlers } from '../../shared/contract'
import { readAttemptLog } from '../runner/readAttemptLog'
import { readLogLines } from '../runner/readLogLines'
import { searchAttemptLog } from '../runner/searchAttemptLog'
import type { Workspaces } from './workspaces'

type LogHandlers = Pick<Handlers, 'runs:log' | 'runs:logLines' | 'runs:logSearch'>

/** The handlers about logs of attempts. `searchPath` is the built script that searches one. */
export function createLogHandlers({
  workspaces,
  searchPath,
}: {
  readonly workspaces: Workspaces
  readonly searchPath: string
}): LogHandlers {
  const rundeskDir = (workspaceId: string): string => workspaces.session(workspaceId).store.rundeskDir
  return {
    'runs:log': ({ workspaceId, ...page }) => readAttemptLog({ rundeskDir: rundeskDir(workspaceId), ...page }),
    'runs:logLines': ({ workspaceId, ...lines }) => readLogLines({ rundeskDir: rundeskDir(workspaceId), ...lines }),
    'runs:logSearch': ({ workspaceId, runId, stepName, attempt, ...query }) =>
      searchAttemptLog({
        rundeskDir: rundeskDir(workspaceId),
        runId,
        stepName,
        attempt,
        query,
        workerPath: searchPath,
      }),
  }
}
