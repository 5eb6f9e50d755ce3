import { createHash } from 'node:crypto'
import { chmod, mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { RundeskError } from '../../shared/outcome'
import { writeFileAtomic } from '../files/atomicWrite'
import { withFileLock } from '../files/fileLock'
import { hostIdentity, isIdentityAlive, ownIdentity } from '../files/processIdentity'

const noteSchema = z.object({
  pid: z.number().int(),
  startTime: z.string().nullable(),
  host: z.string(),
  url: z.string(),
})

/**
 * Serves with `start` unless a living process of this machine serves the same workspaces from the same data folder; then
 * throws `refused` with the address of that one. What serves is noted, readable by its owner alone because the address
 * holds the token. Gives what was started and the function that takes the note away.
 */
export async function serveOnce<T extends { readonly url: string }>({
  dataDir,
  workspaces,
  start,
}: {
  readonly dataDir: string
  /** The folders that were named; empty: the saved ones. */
  readonly workspaces: readonly string[]
  readonly start: () => Promise<T>
}): Promise<{ readonly served: T; readonly forget: () => Promise<void> }> {
  const folder = join(dataDir, 'serving')
  const subject = JSON.stringify([hostIdentity, workspaces.toSorted()])
  const path = join(folder, `${createHash('sha256').update(subject).digest('hex').slice(0, 16)}.json`)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  return withFileLock(`${path}.lock`, async () => {
    await refuseWhileServed(path, dataDir)
    const served = await start()
    const own = await ownIdentity()
    await writeFileAtomic(path, JSON.stringify({ ...own, url: served.url }), { mode: 0o600 })
    await chmod(path, 0o600) // An older file keeps its mode when it is written anew.
    return { served, forget: () => rm(path, { force: true }) }
  })
}

async function refuseWhileServed(path: string, dataDir: string): Promise<void> {
  const text = await readFile(path, 'utf8').catch(() => null)
  const note = noteSchema.safeParse(text === null ? null : parseJson(text))
  if (!note.success || (await isIdentityAlive(note.data)) !== true) return
  const { pid, url } = note.data
  throw new RundeskError(
    'refused',
    `These workspaces are served already, by process ${pid}, from ${dataDir}. Open ${url}\nor end that one first, or take another --data-dir.`,
    { details: { pid, url } },
  )
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
