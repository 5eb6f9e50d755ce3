import { constants, copyFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { errnoCode } from '../files/errnoCode'

const made = new Set<string>()

/**
 * Copies the outbox record and the local file of an item before anything is done that could touch them: to
 * `<dataDir>/backups/<operation>/<key>.record.json` and `<key>.file`. Only the user may enter that folder. Gives where the
 * copy of the local file lies; null without one. An earlier copy of the same operation is kept.
 */
export async function backUp({
  dataDir,
  operationId,
  key,
  recordFile,
  localPath,
}: {
  readonly dataDir: string
  readonly operationId: string
  readonly key: string
  readonly recordFile: string | null
  readonly localPath: string | null
}): Promise<string | null> {
  const folder = backupFolder(dataDir, operationId)
  if (!made.has(folder)) {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    made.add(folder)
  }
  const copies = [
    ...(recordFile === null ? [] : [copyOnce(recordFile, join(folder, `${key}.record.json`))]),
    ...(localPath === null ? [] : [copyOnce(localPath, join(folder, `${key}.file`))]),
  ]
  await Promise.all(copies).catch((error: unknown) => {
    made.delete(folder)
    throw error
  })
  return localPath === null ? null : join(folder, `${key}.file`)
}

export function backupFolder(dataDir: string, operationId: string): string {
  return join(dataDir, 'backups', operationId)
}

async function copyOnce(from: string, to: string): Promise<void> {
  await copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE).catch((error: unknown) => {
    if (errnoCode(error) !== 'EEXIST') throw error
  })
}
