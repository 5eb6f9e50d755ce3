import { alwaysThere } from '../files/onlooker'
import { createBulkActs } from '../sources/bulkActs'
import { openRemote } from '../sources/openRemote'
import { noSecretStore } from '../sources/secretStore'
import type { AppOptions } from './appOptions'
import type { EventHub } from './eventHub'
import { createLocalSources } from './localSources'
import type { RelayHandlers } from './relaySource'
import { openRunSources } from './runSources'
import { createSourceHandlers, type SourceHandlers } from './sourceHandlers'
import type { Workspaces } from './workspaces'

/** Everything about sources of runs, as an app needs it. */
export interface AppSources {
  readonly handlers: SourceHandlers
  readonly close: () => Promise<void>
}

/** Opens the list of sources. The workspaces among them are answered for by the handlers of runs. */
export async function openAppSources({
  options,
  by,
  workspaces,
  runs,
  emit,
}: {
  readonly options: AppOptions
  readonly by: string
  readonly workspaces: Workspaces
  readonly runs: RelayHandlers
  readonly emit: EventHub['emit']
}): Promise<AppSources> {
  const { dataDir, host, onlooker = alwaysThere } = options
  const secrets =
    options.secrets ?? noSecretStore('Only the desktop app keeps passwords, in the keychain of the system.')
  const changed = (sourceId: string | null): void => {
    emit('sources:changed', {})
    const one = sources.list().find(({ id }) => id === sourceId)
    if (one) emit('sources:runsChanged', { sourceId: one.id, revision: one.source.revision() })
  }
  const local = createLocalSources(runs, changed)
  const sources = await openRunSources({
    dataDir,
    watch: host !== 'cli',
    secrets,
    openRemote: options.openRemote ?? openRemote,
    local: () => local(workspaces.sessions()),
    onChange: changed,
  })
  const bulk = createBulkActs({
    dataDir,
    by,
    source: sources.get,
    onChange: (operationId) => emit('sources:operationChanged', { operationId }),
  })
  const { handlers, close } = createSourceHandlers({ sources, keychain: secrets.unavailable, onlooker, bulk })
  return {
    handlers,
    close: async () => {
      await bulk.close()
      close()
      await sources.close()
    },
  }
}
