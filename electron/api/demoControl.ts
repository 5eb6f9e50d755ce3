import type { Demo, DemoFault, Handlers } from '../../shared/contract'
import { RundeskError } from '../../shared/outcome'
import type { Workspaces } from './workspaces'

/** What the demo lets its own screen do. */
export interface DemoControl {
  readonly get: () => Demo
  readonly setFault: (fault: DemoFault) => Demo
  /** The workflow file of each kind of practice run, and the workspace folder it runs in. */
  readonly workflow: (kind: 'succeeds' | 'fails' | 'long') => { readonly workspacePath: string; readonly file: string }
  readonly onChange: (listener: () => void) => () => void
}

/** The handlers of the demo's screen; without a demo they say so. */
export function createDemoHandlers({
  demo,
  command,
  workspaces,
  startRun,
}: {
  readonly demo: DemoControl | null
  /** What starts one. */
  readonly command: string
  readonly workspaces: Workspaces
  readonly startRun: Handlers['runs:start']
}): Pick<Handlers, 'demo:get' | 'demo:setFault' | 'demo:startRun'> {
  const running = (): DemoControl => {
    if (!demo) throw new RundeskError('not_supported', `No demo is running. Start one with: ${command}`)
    return demo
  }
  return {
    'demo:get': async () => ({ demo: demo?.get() ?? null }),
    'demo:setFault': async (fault) => ({ demo: running().setFault(fault) }),
    'demo:startRun': async ({ kind }) => {
      const { workspacePath, file } = running().workflow(kind)
      const entry = workspaces.entries().find(({ folder }) => folder.path === workspacePath)
      if (!entry) throw new RundeskError('not_found', `The demo's workspace ${workspacePath} is not open.`)
      return startRun({ workspaceId: entry.folder.id, file, vars: {}, published: false })
    },
  }
}
