import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { writeFileAtomic } from '../../files/atomicWrite'
import { containedPath } from '../../files/containedPath'
import type { PracticeClient } from './practiceClient'

/** What the daemon knows of one file: the server's revision and the hash that was last in step with it. */
export interface Tracked {
  revision: string
  contentType: string
  hash: string
  dirty: boolean
}

export function hashOf(data: Uint8Array): string {
  return createHash('sha256').update(data).digest('hex')
}

/** The files of the mirror by remote path; names that start with a dot are nobody's business. */
export async function localFiles(mountDir: string, inside = ''): Promise<readonly string[]> {
  const entries = await readdir(join(mountDir, inside), { withFileTypes: true })
  const found: string[] = []
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue
    const path = `${inside}/${entry.name}`
    if (entry.isDirectory()) found.push(...(await localFiles(mountDir, path)))
    else if (entry.isFile()) found.push(path)
  }
  return found
}

/** Pulls every file of the server once, and gives the cursor from which events follow. */
export async function bootstrap(
  client: PracticeClient,
  mountDir: string,
  tracked: Map<string, Tracked>,
): Promise<string> {
  const cursor = await client.newestEvent()
  for (let page = ''; ; ) {
    const { entries, nextCursor } = await client.tree(page)
    for (const entry of entries) if (entry.type === 'file') await pull(client, { mountDir, path: entry.path, tracked })
    if (nextCursor === null) return cursor
    page = nextCursor
  }
}

/** Takes in one remote file. A local edit that is on its way is never overwritten. */
export async function pull(
  client: PracticeClient,
  {
    mountDir,
    path,
    tracked,
  }: { readonly mountDir: string; readonly path: string; readonly tracked: Map<string, Tracked> },
): Promise<void> {
  if (tracked.get(path)?.dirty) return
  const remote = await client.file(path)
  const data = Buffer.from(remote.content, remote.encoding === 'base64' ? 'base64' : 'utf8')
  const local = containedPath(mountDir, path)
  await mkdir(dirname(local), { recursive: true })
  const before = await readFile(local).catch(() => undefined)
  const known = tracked.get(path)
  if (before && known && hashOf(before) !== known.hash) return
  if (before && !known && hashOf(before) !== hashOf(data)) return
  await writeFileAtomic(local, data)
  tracked.set(path, { revision: remote.revision, contentType: remote.contentType, hash: hashOf(data), dirty: false })
}

/** Removes the local file of a deleted remote one, unless it was edited since. */
export async function drop(mountDir: string, path: string, tracked: Map<string, Tracked>): Promise<void> {
  const known = tracked.get(path)
  const local = containedPath(mountDir, path)
  const data = await readFile(local).catch(() => undefined)
  if (!known || known.dirty || (data && hashOf(data) !== known.hash)) return
  await rm(local, { force: true })
  tracked.delete(path)
}
