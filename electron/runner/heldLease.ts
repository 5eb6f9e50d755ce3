import { randomBytes } from 'node:crypto'
import { ownIdentity, type ProcessIdentity } from '../files/processIdentity'
import { type Lease, readLease, removeLease, writeLease } from '../runs/lease'

/** A lease that this process holds: its heartbeat goes on until it is released. */
export interface HeldLease {
  readonly token: string
  /** Names the published runner's process as the one that executes the run. */
  readonly handOver: (process: ProcessIdentity) => Promise<void>
  readonly release: () => Promise<void>
  /** Puts things back as if it had never been held. */
  readonly undo: () => Promise<void>
}

const heartbeatMs = 5_000

/** Names one execution of a run. */
export function createToken(): string {
  return randomBytes(12).toString('hex')
}

/** Writes the lease of a run. The caller has made sure that nobody alive holds it. */
export async function holdLease({
  rundeskDir,
  runId,
  by,
  token = createToken(),
}: {
  readonly rundeskDir: string
  readonly runId: string
  readonly by: string
  readonly token?: string
}): Promise<HeldLease> {
  const previous = await readLease(rundeskDir, runId)
  const at = new Date().toISOString()
  let lease: Lease = {
    version: 1,
    runId,
    token,
    ...(await ownIdentity()),
    by,
    acquiredAt: at,
    heartbeatAt: at,
    releasedAt: null,
  }
  await writeLease(rundeskDir, lease)
  let beating: Promise<void> = Promise.resolve()
  const timer = setInterval(() => {
    beating = beating
      .then(() => writeLease(rundeskDir, { ...lease, heartbeatAt: new Date().toISOString() }))
      .catch(() => undefined)
  }, heartbeatMs)
  timer.unref()
  const stop = async (): Promise<void> => {
    clearInterval(timer)
    await beating
  }
  return {
    token,
    handOver: async (process) => {
      await beating
      lease = { ...lease, ...process, runner: 'published' }
      await writeLease(rundeskDir, lease)
    },
    release: async () => {
      await stop()
      const end = new Date().toISOString()
      await writeLease(rundeskDir, { ...lease, heartbeatAt: end, releasedAt: end })
    },
    undo: async () => {
      await stop()
      if (previous) await writeLease(rundeskDir, previous)
      else await removeLease(rundeskDir, runId)
    },
  }
}
