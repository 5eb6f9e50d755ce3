import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { RundeskError } from '../../shared/outcome'
import type { Problem } from '../../shared/runs'
import { isLockDamaged } from '../files/fileLock'
import { staleTemporaries } from '../files/temporaryFiles'

/** What lies wrong around a run store and can be put right without touching a row. */
export interface StoreFaults {
  /** Looks at the folders; gives what it found, each with the repair that is offered. */
  readonly find: () => Promise<readonly Problem[]>
  /** Repairs one of them. Throws `changed` when it is no longer there. */
  readonly repair: (fault: { readonly code: string; readonly path: string }) => Promise<void>
}

export function createStoreFaults(relayDir: string): StoreFaults {
  const rundeskDir = join(relayDir, 'rundesk')
  const folders = [relayDir, rundeskDir, join(rundeskDir, 'leases')]
  const locks = [join(rundeskDir, 'store.lock')]

  const find = async (): Promise<Problem[]> => {
    const left = (await Promise.all(folders.map(staleTemporaries))).flat()
    const damaged: string[] = []
    for (const lock of locks) if (await isLockDamaged(lock)) damaged.push(lock)
    return [
      ...left.map((path) => ({
        code: 'left_over_file',
        path,
        line: null,
        message: 'A program that died while it wrote left this file behind. Nothing needs it.',
        repair: 'Delete it',
      })),
      ...damaged.map((path) => ({
        code: 'damaged_lock',
        path,
        line: null,
        message: 'This lock is damaged, so nobody can tell who holds it, and nobody can claim a run here.',
        repair: 'Delete it (make sure that no other Rundesk works here)',
      })),
    ]
  }

  return {
    find,
    repair: async ({ code, path }) => {
      const fault = (await find()).find((found) => found.code === code && found.path === path)
      if (!fault) throw new RundeskError('changed', `${path} needs no repair any more.`)
      await rm(path, { force: true })
    },
  }
}
