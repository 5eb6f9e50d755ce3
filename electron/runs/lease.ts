import { createHash } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Owner } from '../../shared/runs'
import { writeFileAtomic } from '../files/atomicWrite'
import { readPlainText } from '../files/plainFile'
import { isIdentityAlive } from '../files/processIdentity'

const leaseSchema = z.looseObject({
  version: z.literal(1),
  runId: z.string(),
  /** Unique per holding: a new holder of the same run has another token. */
  token: z.string(),
  pid: z.number().int(),
  startTime: z.string().nullable(),
  host: z.string(),
  by: z.string(),
  acquiredAt: z.string(),
  heartbeatAt: z.string(),
  /** Set when the process is the published runner, which knows nothing of leases. */
  runner: z.literal('published').optional(),
  /** Null while held; set when the run ended in the holder's hands. */
  releasedAt: z.string().nullable(),
})

/** Who executes, or last executed, a run. It lies in `<workspace>/.agent-relay/rundesk/leases/`. */
export type Lease = z.infer<typeof leaseSchema>

/** Where the lease of a run lies. Ids that are not plain hex are hashed, so that no id ever becomes a path. */
export function leasePath(rundeskDir: string, runId: string): string {
  const name = /^[0-9a-f]{24}$/.test(runId) ? runId : createHash('sha256').update(runId).digest('hex')
  return join(rundeskDir, 'leases', `${name}.json`)
}

/** The lock under which a run's lease changes hands. */
export function leaseLockPath(rundeskDir: string, runId: string): string {
  return leasePath(rundeskDir, runId).replace(/\.json$/, '.lock')
}

/** The lease of a run; undefined when there is none or it cannot be read as one. */
export async function readLease(rundeskDir: string, runId: string): Promise<Lease | undefined> {
  const lease = parseLease(await readPlainText(leasePath(rundeskDir, runId)).catch(() => ''))
  return lease?.runId === runId ? lease : undefined
}

/** The lease in a file's text; undefined when it is none. */
export function parseLease(text: string): Lease | undefined {
  try {
    return leaseSchema.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}

/** Writes the lease atomically. */
export async function writeLease(rundeskDir: string, lease: Lease): Promise<void> {
  await mkdir(join(rundeskDir, 'leases'), { recursive: true, mode: 0o755 })
  await writeFileAtomic(leasePath(rundeskDir, lease.runId), `${JSON.stringify(lease)}\n`)
}

/** Forgets the lease, for a run that was never claimed after all. */
export async function removeLease(rundeskDir: string, runId: string): Promise<void> {
  await rm(leasePath(rundeskDir, runId), { force: true })
}

/** The owner that a lease tells of: null after its release, `alive` null when it belongs to another machine. */
export async function ownerOf(lease: Lease | undefined): Promise<Owner | null> {
  if (!lease || lease.releasedAt !== null) return null
  return { pid: lease.pid, host: lease.host.split(' ')[0] ?? lease.host, alive: await isIdentityAlive(lease) }
}
