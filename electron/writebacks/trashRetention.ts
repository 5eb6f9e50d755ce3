import { lstat, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { withFileLock } from '../files/fileLock'
import { actLock, type MountContext } from './mountContext'

const operationName = /^op_[0-9a-f]{16}$/

/** What it needs of a mount. */
type TrashPlace = Pick<MountContext, 'localDir' | 'dataDir'> & {
  readonly ledger: {
    readonly operation: (id: string) => { readonly endedAt: string | null } | undefined
  }
}

/**
 * Removes what acts put aside longer ago than `days`: the trash of a mount and the backups in the data folder. Only
 * folders that are named after an operation are touched, and none of an operation that has not ended; of the backups, which
 * mounts share, only those of operations that this mount knows. Gives how many.
 */
export async function emptyTrash(
  context: TrashPlace,
  { days, nowMs }: { readonly days: number; readonly nowMs: number },
): Promise<number> {
  const beforeMs = nowMs - days * 24 * 3_600_000
  const backups = join(context.dataDir, 'backups')
  const roots = [join(context.localDir, '.relay', 'rundesk', 'trash'), backups]
  const old: string[] = []
  for (const root of roots) {
    for (const name of await readdir(root).catch(() => [])) {
      const folder = join(root, name)
      const found = await lstat(folder).catch(() => undefined)
      const operation = context.ledger.operation(name)
      const isOpen = operation === undefined ? root === backups : operation.endedAt === null
      if (operationName.test(name) && !isOpen && found?.isDirectory() && found.mtimeMs < beforeMs) old.push(folder)
    }
  }
  if (old.length === 0) return 0
  return withFileLock(actLock(context.localDir), async () => {
    for (const folder of old) await rm(folder, { recursive: true, force: true })
    return old.length
  })
}
