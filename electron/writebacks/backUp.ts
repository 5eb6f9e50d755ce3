import { appendFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { scrubTokens } from '../../shared/rules/scrubTokens'
import { errnoCode } from '../files/errnoCode'
import { copyWhole, readWhole } from './smallFiles'

/** The folders that this process made or found, so that they are not asked for again. */
const made = new Set<string>()
const maxRemembered = 1_000

/** Where the backups of an operation lie. Only the user may enter it. */
export function backupFolder(dataDir: string, operationId: string): string {
  return join(dataDir, 'backups', operationId)
}

/**
 * Copies the outbox record and the local file of an item before anything is done that could touch them: to
 * `<dataDir>/backups/<operation>/<key>.record.json` and `<key>.file`. Gives where the copy of the local file lies; null
 * without one. An earlier copy of the same operation is kept. The record's `lastError` is copied without any token that
 * the server put in its answer; all else is copied as it is.
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
  const unlessThere = (error: unknown): void => {
    if (errnoCode(error) !== 'EEXIST') throw error
  }
  await inFolder(folder, async () => {
    if (recordFile !== null) await copyRecord(recordFile, join(folder, `${key}.record.json`)).catch(unlessThere)
    if (localPath !== null) await copyWhole(localPath, join(folder, `${key}.file`)).catch(unlessThere)
  })
  return localPath === null ? null : join(folder, `${key}.file`)
}

/**
 * Keeps the content of a file of a large operation: as one more line of `<dataDir>/backups/<operation>/files.jsonl`,
 * because a file for each would take longer than the act itself.
 */
export async function backUpInLine(
  { dataDir, operationId }: { readonly dataDir: string; readonly operationId: string },
  { key, path, bytes }: { readonly key: string; readonly path: string; readonly bytes: Buffer },
): Promise<void> {
  const text = bytes.toString('utf8')
  const isText = Buffer.from(text, 'utf8').equals(bytes)
  const content = isText ? text : bytes.toString('base64')
  const line = JSON.stringify({ key, path, encoding: isText ? 'utf8' : 'base64', content })
  const folder = backupFolder(dataDir, operationId)
  // The line end before it keeps it apart from a line that a killed process left unfinished.
  await inFolder(folder, async () => appendFileSync(join(folder, 'files.jsonl'), `\n${line}\n`, { mode: 0o600 }))
}

async function copyRecord(from: string, to: string): Promise<void> {
  const text = (await readWhole(from)).toString('utf8')
  const clean = withoutTokens(text)
  if (clean === text) await copyWhole(from, to)
  else await writeFile(to, clean, { flag: 'wx', mode: 0o600 })
}

/** The record of the text with a `lastError` that holds no token; any other text as it is. */
function withoutTokens(text: string): string {
  if (!/"lastError"\s*:\s*"(?:[^"\\]|\\.)*?(?:token|bearer|eyJ|relay_)/i.test(text)) return text
  try {
    const record: unknown = JSON.parse(text)
    if (typeof record !== 'object' || record === null || !('lastError' in record)) return text
    return JSON.stringify({ ...record, lastError: scrubTokens(String(record.lastError)) })
  } catch {
    return text // It is no record, and is copied as what it is.
  }
}

async function inFolder(folder: string, action: () => Promise<void>): Promise<void> {
  if (made.size > maxRemembered) made.clear()
  if (!made.has(folder)) await mkdir(folder, { recursive: true, mode: 0o700 })
  made.add(folder)
  try {
    await action()
  } catch (error) {
    made.delete(folder)
    throw error
  }
}
