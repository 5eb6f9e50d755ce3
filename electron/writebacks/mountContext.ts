import { join } from 'node:path'
import { RundeskError } from '../../shared/outcome'
import { findCredentials } from './credentials'
import type { Ledger } from './ledger'
import type { MountView } from './mountStore'
import { createServerApi, type ServerApi } from './serverApi'
import { workspaceOf } from './workspaceIdentity'

/** What acts on the items of one mount work with. */
export interface MountContext {
  readonly localDir: string
  /** Takes the backups. */
  readonly dataDir: string
  readonly by: string
  readonly ledger: Ledger
  readonly view: () => MountView | undefined
  readonly refresh: (options?: { readonly force: boolean }) => Promise<boolean>
  /** The server of the mount's workspace; null without credentials that are valid. */
  readonly server: () => Promise<ServerApi | null>
  readonly onOperationChanged: (id: string) => void
}

/** Where Rundesk keeps its own files of a mount; nothing there is sent to a server. */
export function rundeskFolder(localDir: string): string {
  return join(localDir, '.relay', 'rundesk')
}

/** The lock that whoever begins an act on the items of a mount holds. */
export function actLock(localDir: string): string {
  return join(rundeskFolder(localDir), 'lock')
}

/** The lock that the process which runs an operation holds until it has ended, or died. */
export function runLock(localDir: string, operationId: string): string {
  return join(rundeskFolder(localDir), 'running', operationId)
}

/** The newest view. Throws `unreadable` when the mount cannot be read. */
export async function currentView(
  context: MountContext,
  options: { readonly force: boolean } = { force: false },
): Promise<MountView> {
  await context.refresh(options)
  const view = context.view()
  if (!view) throw new RundeskError('unreadable', `${context.localDir} cannot be read.`)
  return view
}

/** A verified delivery stays in the list for a day. */
const verifiedForMs = 24 * 3_600_000

/** When paths were verified by acts of ours, in ms, as far as it still counts. */
export function recentlyVerified(ledger: Ledger): ReadonlyMap<string, number> {
  return ledger.verifiedSince(Date.now() - verifiedForMs)
}

const credentialsMs = 3_000

/** Gives the server of a mount, looking for credentials again every few seconds: logins come and go. */
export function createServerFinder({
  localDir,
  home,
  stateWorkspaceId,
}: {
  readonly localDir: string
  readonly home: string
  readonly stateWorkspaceId: () => string | null
}): { readonly find: () => Promise<ServerApi | null>; readonly close: () => void } {
  let api: ServerApi | null = null
  let usedFor = ''
  let lookedMs = 0
  let looking: Promise<void> | undefined

  const look = async (): Promise<void> => {
    const workspace = await workspaceOf({ localDir, home, stateWorkspaceId: stateWorkspaceId() })
    const credentials = await findCredentials({ home, workspace })
    lookedMs = Date.now()
    const usable = credentials !== null && !credentials.expired
    const next = usable ? `${credentials.serverUrl} ${credentials.workspaceId} ${credentials.authorization()}` : ''
    if (next === usedFor) return
    api = usable ? createServerApi(credentials) : null
    usedFor = next
  }
  return {
    find: async () => {
      if (Date.now() - lookedMs > credentialsMs)
        looking ??= look().finally(() => {
          looking = undefined
        })
      await looking
      return api
    },
    close: () => api?.close(),
  }
}
