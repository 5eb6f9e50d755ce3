import type { ExecutedRun } from '../../shared/lastEnd'
import type { Session } from './session'

/** The runs that this process executes in these workspaces. */
export function executedRuns(sessions: readonly Session[]): readonly ExecutedRun[] {
  return sessions.flatMap(({ folder, runner, store }) => {
    const recording = new Set(runner.recording())
    return runner.executing().map((runId) => ({
      workspaceId: folder.id,
      runId,
      workflowName: store.get(runId)?.view.workflowName ?? runId,
      goesOn: !recording.has(runId),
    }))
  })
}

/** How many rows of theirs no disk has taken yet. */
export function unsavedRows(sessions: readonly Session[]): number {
  return sessions.reduce((sum, { store }) => sum + (store.degraded()?.unsavedRows ?? 0), 0)
}
