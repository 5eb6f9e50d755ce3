import type { Mount } from '../../shared/writebacks'
import { ago, soon } from './times'
import type { StatusWord } from './words'

/** Something about a mount that a person should know, and what to do about it. */
export interface MountTrouble {
  readonly tone: StatusWord['tone']
  readonly short: string
  readonly advice: string
}

/** What is wrong with a mount, the worst first; nothing when it is fine. */
export function mountTroubles(mount: Mount, nowMs: number): readonly MountTrouble[] {
  const { daemon, circuit, credentials, lastError, stallReason, folderMissing } = mount
  const troubles: MountTrouble[] = []
  if (folderMissing)
    troubles.push({
      tone: 'unsaved',
      short: 'folder missing',
      advice:
        'The registry names this folder, but it is not there. Mount the workspace again, or take it out of the registry.',
    })
  else if (!daemon.alive)
    troubles.push({
      tone: 'failed',
      short: daemon.pid === null ? 'no daemon running' : `daemon ended (process ${daemon.pid})`,
      advice: `${daemon.pid === null ? '' : `The pid file still names process ${daemon.pid}, which is gone. `}Nothing here is sent until the mount is started again; with credentials Rundesk can send single writebacks by itself.`,
    })
  if (stallReason)
    troubles.push({ tone: 'failed', short: 'stalled', advice: `The mount reports that it stalled: ${stallReason}` })
  if (circuit?.open)
    troubles.push({
      tone: 'waiting',
      short: circuit.nextRetryAt ? `writes paused until ${soon(circuit.nextRetryAt, nowMs)}` : 'writes paused',
      advice:
        'After many failures the circuit breaker of the mount holds back all writes for a while. It closes by itself once the server answers; see that the server is up.',
    })
  if (credentials.expired)
    troubles.push({
      tone: 'waiting',
      short: 'credentials expired',
      advice: `They expired ${ago(credentials.expiresAt, nowMs)}. Log in to relayfile again for this workspace.`,
    })
  else if (!credentials.present)
    troubles.push({
      tone: 'cancelled',
      short: 'no credentials',
      advice:
        'Rundesk found none for this workspace, so it can neither ask its server nor send by itself. A living daemon still sends. Log in to relayfile to change that.',
    })
  if (lastError)
    troubles.push({
      tone: 'waiting',
      short: lastError.status === null ? 'last cycle failed' : `last cycle failed with HTTP ${lastError.status}`,
      advice: `${ago(lastError.at, nowMs)}: ${lastError.message}`,
    })
  return troubles
}

/** What a mount is called: its name in the registry, else its folder's. */
export function mountName({ name, localDir }: Pick<Mount, 'name' | 'localDir'>): string {
  return name ?? folderName(localDir)
}

/** The last part of a folder's path. */
export function folderName(path: string): string {
  return path.split(/[\\/]/).findLast((part) => part !== '') ?? path
}
