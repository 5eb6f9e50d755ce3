import { randomBytes } from 'node:crypto'
import { access, open, readFile, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { RundeskError } from '../../shared/outcome'
import { syncFolder } from '../files/atomicWrite'

const recordSchema = z.record(z.string(), z.unknown())

/**
 * Makes a mount's daemon send a stuck outbox record again: attempts back to 0, without what keeps it from being sent,
 * every other key kept; written beside it and renamed over it. Throws `changed` when the record went away or was
 * accepted in the meantime; then nothing was changed. Without `durable` a power cut may undo it.
 */
export async function rearmRecord(
  recordFile: string,
  { durable = true }: { readonly durable?: boolean } = {},
): Promise<void> {
  const gone = (): RundeskError =>
    new RundeskError('changed', 'The mount took the record out of its outbox in the meantime.')
  const text = await readFile(recordFile, 'utf8').catch(() => undefined)
  if (text === undefined) throw gone()
  const record = recordSchema.parse(JSON.parse(text))
  if (record.opId) throw new RundeskError('changed', 'The server has accepted it in the meantime.')
  const { needsAttention: _attention, nextAttemptAt: _next, lastError: _error, ...kept } = record
  const temp = join(dirname(recordFile), `.${basename(recordFile)}.tmp-${process.pid}${randomBytes(4).readUInt32BE()}`)
  try {
    const handle = await open(temp, 'wx', 0o644)
    try {
      await handle.writeFile(JSON.stringify({ ...kept, attemptCount: 0 }))
      if (durable) await handle.sync()
    } finally {
      await handle.close()
    }
    if ((await readFile(recordFile, 'utf8').catch(() => undefined)) !== text) throw gone()
    await rename(temp, recordFile)
  } catch (error) {
    await rm(temp, { force: true })
    throw error
  }
  if (durable) await syncFolder(dirname(recordFile))
  const acked = join(dirname(dirname(recordFile)), 'acked', basename(recordFile))
  const done = await access(acked).then(
    () => true,
    () => false,
  )
  if (!done) return
  await rm(recordFile, { force: true })
  throw new RundeskError('changed', 'The mount finished it in the meantime.')
}
