import { join } from 'node:path'
import { z } from 'zod'
import type { Problem } from '../../shared/runs'
import type { CredentialsFacts } from '../../shared/writebacks'
import { findCredentials, noCredentials, summaryOf } from './credentials'
import { type DaemonState, daemonOf } from './daemon'
import { type PrivateEntry, type PublicState, publicStateSchema } from './recordSchemas'
import { createStateReader, privateStatePaths, type StateDocument } from './stateDocuments'
import { workspaceOf } from './workspaceIdentity'

/** What a mount says of itself and of each of its files. */
export interface MountFacts {
  readonly state: PublicState | null
  readonly remoteRoot: string
  /** The status that state.json gives each path. */
  readonly publicFiles: ReadonlyMap<string, string>
  readonly privateFiles: ReadonlyMap<string, PrivateEntry>
  readonly daemon: DaemonState
  /** What may be shown of the credentials of the mount's own workspace. */
  readonly credentials: CredentialsFacts
  readonly problems: readonly Problem[]
}

const credentialsEveryMs = 2_000
const noStatuses: ReadonlyMap<string, string> = new Map()
const noEntries: ReadonlyMap<string, PrivateEntry> = new Map()
const privateSchema = z.object({})

/** Reads what a mount says of itself, each document again only when it changed. */
export function createMountFacts({
  localDir,
  home,
}: {
  readonly localDir: string
  readonly home: string
}): () => Promise<MountFacts> {
  const readPublic = createStateReader(publicStateSchema, statusOf)
  const readPrivate = new Map<string, ReturnType<typeof createStateReader<object, PrivateEntry>>>()
  let lastRoot = '/'
  let credentials = noCredentials
  let credentialsMs = Number.NEGATIVE_INFINITY
  /** Logins change rarely. */
  const readCredentials = async (stateWorkspaceId: string | null): Promise<CredentialsFacts> => {
    if (performance.now() - credentialsMs < credentialsEveryMs) return credentials
    const workspace = await workspaceOf({ localDir, home, stateWorkspaceId })
    credentials = summaryOf(await findCredentials({ home, workspace }))
    credentialsMs = performance.now()
    return credentials
  }

  return async () => {
    const problems: Problem[] = []
    const add = (code: string, path: string, message: string): unknown =>
      problems.push({ code, path, line: null, message })
    const statePath = join(localDir, '.relay', 'state.json')
    const document = await readPublic(statePath, add)
    const state = document?.fields ?? null
    if (state?.remoteRoot) lastRoot = state.remoteRoot
    let own: StateDocument<object, PrivateEntry> | null = null
    const workspaceId = state?.workspaceId ?? null
    for (const path of privateStatePaths({ localDir, home, remoteRoot: lastRoot, workspaceId })) {
      const read = readPrivate.get(path) ?? createStateReader<object, PrivateEntry>(privateSchema, privateEntryOf)
      readPrivate.set(path, read)
      own = await read(path, add)
      if (own) break
    }
    const daemon = await daemonOf(localDir, { home })
    if (daemon.stale)
      add(
        'stale_pid_file',
        join(localDir, '.relay', 'mount.pid'),
        `The mount's daemon${daemon.pid === null ? '' : ` (process ${daemon.pid})`} is not running, but its pid file is still there. Start the mount again.`,
      )
    await readCredentials(workspaceId)
    addTroubles(state, statePath, add)
    return {
      state,
      remoteRoot: lastRoot,
      publicFiles: document?.files ?? noStatuses,
      privateFiles: own?.files ?? noEntries,
      daemon,
      credentials,
      problems,
    }
  }
}

/** What the mount itself says goes wrong. */
function addTroubles(
  state: PublicState | null,
  path: string,
  add: (code: string, path: string, message: string) => unknown,
): void {
  if (!state) return
  if (state.stallReason) add('mount_stalled', path, `The mount is stalled: ${state.stallReason}`)
  const { lastError } = state
  if (lastError?.message && lastError.message !== state.stallReason) {
    const status = lastError.statusCode === undefined ? '' : ` (HTTP ${lastError.statusCode})`
    add('mount_error', path, `The mount's last cycle failed${status}: ${lastError.message}`)
  }
  const circuit = state.circuit ?? state.guards?.circuit
  if (circuit?.open) {
    const until = circuit.nextRetry && !circuit.nextRetry.startsWith('0001') ? ` until ${circuit.nextRetry}` : ''
    add('circuit_open', path, `After many failures the mount has stopped all writes${until}.`)
  }
}

function statusOf(entry: unknown): string | undefined {
  if (typeof entry !== 'object' || entry === null) return undefined
  return 'status' in entry && typeof entry.status === 'string' ? entry.status : ''
}

function privateEntryOf(entry: unknown): PrivateEntry | undefined {
  if (typeof entry !== 'object' || entry === null) return undefined
  return {
    hash: 'hash' in entry && typeof entry.hash === 'string' ? entry.hash : null,
    dirty: 'dirty' in entry && entry.dirty === true,
    deletePending: 'deletePending' in entry && entry.deletePending === true,
    writeDenied: 'writeDenied' in entry && entry.writeDenied === true,
    revision: 'revision' in entry && typeof entry.revision === 'string' ? entry.revision : null,
  }
}
