import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Owner } from '../../shared/runs'
import { readPlainText } from '../files/plainFile'
import { type Lease, ownerOf, parseLease, readLease, removeLease } from './lease'

/** What the lease files of a workspace say, kept in memory and looked at again when they change. */
export interface Owners {
  /** Reads changed lease files and asks whether the holders live. Gives true when an answer changed. */
  readonly refresh: () => Promise<boolean>
  readonly ownerOf: (runId: string) => Owner | null
  /** Does a process hold a lease that may end any moment? */
  readonly isAnyHeld: () => boolean
  /** Did Rundesk ever hold the run's lease? */
  readonly isOwned: (runId: string) => boolean
  /**
   * Removes the leases whose holders died before the run had its first row. The caller has the store's lock and knows all
   * runs; what cannot be removed stays until the next time.
   */
  readonly removeUnclaimed: (isKnown: (runId: string) => boolean) => Promise<void>
}

/** Watches `<rundeskDir>/leases`. Nothing is read before the first `refresh`. */
export function createOwners(rundeskDir: string): Owners {
  const folder = join(rundeskDir, 'leases')
  const files = new Map<string, { readonly stamp: string; readonly lease: Lease | undefined }>()
  const owned = new Set<string>()
  let held = new Map<string, Owner>()

  return {
    refresh: async () => {
      const listed = await readdir(folder).catch(() => undefined)
      const names = listed?.filter((name) => /^[0-9a-f]+\.json$/.test(name)) ?? [...files.keys()]
      for (const name of names) {
        const path = join(folder, name)
        const file = await stat(path).catch(() => undefined)
        const stamp = file ? `${file.ino} ${file.size} ${file.mtimeMs}` : ''
        if (!file || files.get(name)?.stamp === stamp) continue
        const lease = parseLease(await readPlainText(path).catch(() => ''))
        files.set(name, { stamp, lease })
        if (lease) owned.add(lease.runId)
      }
      const there = new Set(names)
      for (const name of files.keys()) if (!there.has(name)) files.delete(name)
      const next = new Map<string, Owner>()
      const asked = new Map<string, Owner | null>()
      for (const { lease } of files.values()) {
        if (lease?.releasedAt !== null) continue
        const holder = `${lease.pid} ${lease.startTime} ${lease.host}`
        if (!asked.has(holder)) asked.set(holder, await ownerOf(lease))
        const owner = asked.get(holder)
        if (owner) next.set(lease.runId, owner)
      }
      const same = next.size === held.size && [...next].every(([id, owner]) => sameOwner(held.get(id), owner))
      held = next
      return !same
    },
    ownerOf: (runId) => held.get(runId) ?? null,
    isAnyHeld: () => [...held.values()].some(({ alive }) => alive === true),
    isOwned: (runId) => owned.has(runId),
    removeUnclaimed: async (isKnown) => {
      for (const [runId, { alive }] of held) {
        if (alive !== false || isKnown(runId)) continue
        const owner = await ownerOf(await readLease(rundeskDir, runId))
        if (owner?.alive === false) await removeLease(rundeskDir, runId).catch(() => undefined)
      }
    },
  }
}

function sameOwner(left: Owner | undefined, right: Owner): boolean {
  return left !== undefined && left.pid === right.pid && left.host === right.host && left.alive === right.alive
}
