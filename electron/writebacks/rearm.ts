import { existsSync, rmSync, writeFile } from 'node:fs'
import { open, readFile, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import { RundeskError } from '../../shared/outcome'
import { syncFolder } from '../files/atomicWrite'
import { readNow, statNow } from '../files/boundedRead'
import { removeStaleTemporariesOnce, temporaryPath } from '../files/temporaryFiles'

const recordSchema = z.record(z.string(), z.unknown())
const writeWhole = promisify(writeFile)

/**
 * Makes a mount's daemon send a stuck outbox record again: attempts back to 0, without what keeps it from being sent,
 * every other key kept; written beside it, synced, and renamed over it. What killed processes left beside it is removed
 * first. Throws `changed` when the record went away or was accepted in the meantime; then nothing was changed.
 */
export async function rearmRecord(recordFile: string): Promise<void> {
  await removeStaleTemporariesOnce(dirname(recordFile))
  const text = await readFile(recordFile, 'utf8').catch(() => undefined)
  const armed = toArmed(text)
  const temp = temporaryPath(recordFile)
  try {
    const handle = await open(temp, 'wx', 0o644)
    try {
      await handle.writeFile(armed)
      await handle.sync()
    } finally {
      await handle.close()
    }
    if ((await readFile(recordFile, 'utf8').catch(() => undefined)) !== text) throw gone()
    await rename(temp, recordFile)
  } catch (error) {
    await rm(temp, { force: true })
    throw error
  }
  removeIfFinished(recordFile)
  await syncFolder(dirname(recordFile))
}

/**
 * As `rearmRecord`, without a sync: a power cut may undo it. Small files are read at once; what changes the folder may have
 * to wait until the disk has synced, so it never holds the thread.
 */
export async function wakeRecord(recordFile: string): Promise<void> {
  await removeStaleTemporariesOnce(dirname(recordFile))
  if (statNow(recordFile)?.isFile() !== true) throw gone()
  const text = readNow(recordFile)?.text
  if (text === undefined) return rearmRecord(recordFile)
  const temp = temporaryPath(recordFile)
  try {
    await writeWhole(temp, toArmed(text), { flag: 'wx', mode: 0o644 })
    if (readNow(recordFile)?.text !== text) throw gone()
    await rename(temp, recordFile)
  } catch (error) {
    await rm(temp, { force: true })
    throw error
  }
  removeIfFinished(recordFile)
}

function gone(): RundeskError {
  return new RundeskError('changed', 'The mount took the record out of its outbox in the meantime.')
}

function toArmed(text: string | undefined): string {
  if (text === undefined) throw gone()
  const record = recordSchema.parse(JSON.parse(text))
  if (record.opId) throw new RundeskError('changed', 'The server has accepted it in the meantime.')
  const { needsAttention: _attention, nextAttemptAt: _next, lastError: _error, ...kept } = record
  return JSON.stringify({ ...kept, attemptCount: 0 })
}

/**
 * The mount may have finished the record between our look at it and the rename: then ours is a second one. Where ours is
 * gone as well the mount took that one: it did what it was asked for.
 */
function removeIfFinished(recordFile: string): void {
  const acked = join(dirname(dirname(recordFile)), 'acked', basename(recordFile))
  if (!existsSync(acked) || !existsSync(recordFile)) return
  rmSync(recordFile, { force: true })
  throw new RundeskError('changed', 'The mount finished it in the meantime.')
}
