import type { Handlers } from '../../shared/contract'
import type { Happening } from '../../shared/notices'
import { createUpdates, type Updates, type UpdatesWorld } from '../updates/updates'

type UpdateHandlers = Pick<Handlers, 'updates:get' | 'updates:check' | 'updates:download' | 'updates:install'>

/** The handlers about newer versions of Rundesk. */
export function createUpdateHandlers(updates: Updates): UpdateHandlers {
  return {
    'updates:get': updates.get,
    'updates:check': updates.check,
    'updates:download': updates.download,
    'updates:install': updates.install,
  }
}

/** Opens the updates of an app: what is going is what its workspaces say, and what it finds becomes a notice. */
export function openAppUpdates({
  workspaces,
  activeRuns,
  tell,
  ...world
}: Omit<UpdatesWorld, 'going' | 'tell'> & {
  readonly workspaces: Handlers['workspaces:list']
  readonly activeRuns: () => number
  readonly tell: (happening: Happening) => void
}): Updates {
  return createUpdates({
    ...world,
    going: async () => {
      const running = (await workspaces({})).workspaces.reduce((sum, { counts }) => sum + counts.running, 0)
      return { all: Math.max(running, activeRuns()), own: activeRuns() }
    },
    tell: (found) => tell(updateHappening(found)),
  })
}

/** What a person is told of a newer version. It belongs to no workspace. */
function updateHappening({
  version,
  ready,
  how,
}: {
  readonly version: string
  readonly ready: boolean
  readonly how: string | null
}): Happening {
  return {
    kind: 'update',
    key: `update ${version} ${ready ? 'ready' : 'found'}`,
    workspaceId: '',
    workspaceName: 'Rundesk',
    subject: version,
    runId: null,
    outcome: ready ? 'ready' : 'found',
    message: ready
      ? 'It is installed when you say so in the settings, or, with automatic updates, when Rundesk ends.'
      : how,
    cause: null,
    count: 1,
  }
}
