import { basename } from 'node:path'
import { RundeskError, toFailure } from '../../shared/outcome'
import { errnoCode } from '../files/errnoCode'
import { backUp } from './backUp'
import { unsentRecord } from './deliveryFacts'
import type { FoldedItem } from './foldItem'
import type { MountContext } from './mountContext'
import type { Outcome } from './outcomes'
import { rearmRecord } from './rearm'

/** Makes the mount's living daemon send the outbox record of an item again. Nothing is sent by Rundesk, and no token is needed. */
export async function deliverByRearming(
  context: MountContext,
  { id, folded }: { readonly id: string; readonly folded: FoldedItem },
): Promise<Outcome> {
  const { item, outbox, localPath } = folded
  const record = unsentRecord(outbox)
  if (!record) return { outcome: 'changed', detail: 'Its outbox record is gone.' }
  try {
    const { dataDir } = context
    await backUp({ dataDir, operationId: id, key: item.key, recordFile: record.path, localPath })
    const at = new Date().toISOString()
    await context.ledger.write([{ kind: 'arming', id, key: item.key, at, commandFile: basename(record.path) }])
    await rearmRecord(record.path)
    return { outcome: 'sent', detail: 'Not confirmed: re-armed, the mount sends it with its next cycle.' }
  } catch (error) {
    if (error instanceof RundeskError && error.code === 'unreadable') throw error
    const changed = error instanceof RundeskError && error.code === 'changed'
    const why = toFailure(error).message
    return {
      outcome: changed ? 'changed' : 'refused',
      detail: errnoCode(error) ? `It cannot be re-armed: ${why}` : why,
    }
  }
}
