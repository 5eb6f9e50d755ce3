import type { Output } from '../../shared/contract'

const launchers: readonly string[] = ['workflows:start', 'runs:resume', 'demo:startRun']

/** The run that a person started with this request; null for any other request. */
export function launchedBy(
  channel: string,
  answer: unknown,
): { readonly workspaceId: string; readonly runId: string } | null {
  if (!launchers.includes(channel)) return null
  const { run } = answer as Output<'runs:resume'>
  return { workspaceId: run.workspaceId, runId: run.id }
}
