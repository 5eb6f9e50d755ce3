import type { CredentialsFacts, Mount } from '../../shared/writebacks'
import type { MountScan } from './mountStore'

/** What is known of a mount beside its files. */
export interface MountAround {
  readonly workspaceId: string
  readonly name: string | null
  readonly credentials: CredentialsFacts
}

/** A mount as it is shown. */
export function toMount(scan: MountScan, { workspaceId, name, credentials }: MountAround): Mount {
  const { state } = scan
  const circuit = state?.circuit ?? state?.guards?.circuit
  return {
    workspaceId,
    relayWorkspaceId: state?.workspaceId ?? null,
    localDir: scan.localDir,
    remoteRoot: scan.remoteRoot,
    daemon: { alive: scan.daemon.alive, pid: scan.daemon.pid },
    status: state?.status ?? null,
    name,
    registered: name !== null,
    folderMissing: false,
    circuit: circuit ? { open: circuit.open ?? false, nextRetryAt: timeOrNull(circuit.nextRetry) } : null,
    lastSyncAt: timeOrNull(state?.lastSuccessfulReconcileAt),
    lastError: state?.lastError?.message
      ? {
          kind: state.lastError.kind ?? null,
          status: state.lastError.statusCode ?? null,
          message: state.lastError.message,
          at: timeOrNull(state.lastError.at),
        }
      : null,
    stallReason: state?.stallReason || null,
    credentials: { ...credentials, scopes: [...credentials.scopes] },
    problems: scan.problems.map((problem) => ({ ...problem })),
  }
}

/** A mount that the registry names, but whose folder is gone. */
export function missingMount(localDir: string, { workspaceId, name, credentials }: MountAround): Mount {
  return {
    workspaceId,
    relayWorkspaceId: null,
    localDir,
    remoteRoot: '/',
    daemon: { alive: false, pid: null },
    status: null,
    name,
    registered: true,
    folderMissing: true,
    circuit: null,
    lastSyncAt: null,
    lastError: null,
    stallReason: null,
    credentials: { ...credentials, scopes: [...credentials.scopes] },
    problems: [
      {
        code: 'mount_missing',
        path: localDir,
        line: null,
        message:
          'The registry names this mount, but its folder is gone: nobody can tell what was undelivered there. Mount it again, or unregister it.',
        workspaceId,
      },
    ],
  }
}

/** Go's zero time means never. */
function timeOrNull(at: string | undefined): string | null {
  return at === undefined || at === '' || at.startsWith('0001-01-01') ? null : at
}
