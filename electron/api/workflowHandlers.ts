import type { Handlers, Output, ParsedInput } from '../../shared/contract'
import { planWorkflow } from '../runner/planWorkflow'
import { listWorkflowFiles, workflowFileIn } from '../runner/workflowFiles'
import type { Workspaces } from './workspaces'

type WorkflowHandlers = Pick<Handlers, 'workflows:list' | 'workflows:plan' | 'workflows:planFile' | 'workflows:start'>

/** The handlers about workflow files. `startRun` starts a file wherever it lies. */
export function createWorkflowHandlers({
  workspaces,
  startRun,
}: {
  readonly workspaces: Workspaces
  readonly startRun: (input: ParsedInput<'runs:start'>) => Promise<Output<'runs:start'>>
}): WorkflowHandlers {
  const folderOf = (workspaceId: string): string => workspaces.session(workspaceId).folder.path
  return {
    'workflows:list': async ({ workspaceId }) => listWorkflowFiles(folderOf(workspaceId)),
    'workflows:plan': async ({ workspaceId, file, workflow }) => {
      const workspaceDir = folderOf(workspaceId)
      const path = await workflowFileIn(workspaceDir, file)
      return planWorkflow({ path, shown: file, workspaceDir, chosen: workflow, vars: null })
    },
    'workflows:planFile': async ({ workspaceId, file, workflow, vars }) =>
      planWorkflow({ path: file, workspaceDir: folderOf(workspaceId), chosen: workflow, vars }),
    'workflows:start': async ({ workspaceId, file, ...rest }) => {
      const path = await workflowFileIn(folderOf(workspaceId), file)
      return startRun({ workspaceId, file: path, ...rest })
    },
  }
}
