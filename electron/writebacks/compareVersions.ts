import { createHash } from 'node:crypto'
import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { ServerFile, Versions } from '../../shared/operations'
import { RundeskError } from '../../shared/outcome'
import type { FoldedItem } from './foldItem'
import { NoAnswer } from './httpClient'
import type { MountContext } from './mountContext'
import { type RemoteFile, ServerRefusal } from './serverApi'

const maxTextBytes = 1024 * 1024

/**
 * What the server has of an item. Throws `not_supported` without credentials of its workspace, `unreachable` when it does
 * not answer, `refused` when it refuses.
 */
export async function readServerFile(context: MountContext, folded: FoldedItem): Promise<ServerFile> {
  const there = await fetchFile(context, folded)
  if (there === null)
    return {
      ...{ found: false, revision: null, contentHash: null, contentType: null, sizeBytes: null, text: null },
      equalsLocal: false,
    }
  return {
    found: true,
    revision: there.revision,
    contentHash: there.contentHash,
    contentType: there.contentType,
    sizeBytes: there.bytes.length,
    text: toText(there.bytes),
    equalsLocal: there.contentHash === folded.local.sha256,
  }
}

/** As `readServerFile`, with the content whatever its size. */
export async function fetchFile(context: MountContext, { item }: FoldedItem): Promise<RemoteFile | null> {
  if (item.path === null)
    throw new RundeskError('not_supported', 'This record names no path, so no server can be asked.')
  const server = await context.server()
  if (!server)
    throw new RundeskError(
      'not_supported',
      'There are no valid credentials of its workspace, so its server cannot be asked. Log in to relayfile.',
    )
  try {
    return await server.getFile(item.path)
  } catch (error) {
    if (error instanceof NoAnswer) throw new RundeskError('unreachable', error.message)
    if (error instanceof ServerRefusal) throw new RundeskError('refused', error.message)
    throw error
  }
}

/**
 * The versions of an item's file: the one both began with, the local one, the server's, and the copy of a conflict. The
 * mount is looked at first. Throws `not_found` when the item is no more.
 */
export async function compareVersions(context: MountContext, { item }: FoldedItem): Promise<Versions> {
  await context.refresh({ force: true })
  const folded = context.view()?.byKey(item.key)
  if (!folded)
    throw new RundeskError(
      'not_found',
      `Nothing is undelivered at ${JSON.stringify(item.path)} any more: it was delivered or put aside meanwhile.`,
    )
  const [base, local, copy] = await Promise.all([
    readBase(context, folded),
    folded.localPath === null ? null : readText(folded.localPath),
    readText(newestCopy(folded)),
  ])
  let serverTrouble: string | null = null
  const there = await fetchFile(context, folded).catch((error: unknown) => {
    if (!(error instanceof RundeskError)) throw error
    serverTrouble = error.message
    return null
  })
  return {
    version: folded.item.version,
    base,
    local,
    server: there === null ? null : toText(there.bytes),
    conflictCopy: copy,
    localHash: folded.local.sha256,
    serverRevision: there?.revision ?? null,
    serverTrouble,
  }
}

/** The newest copy in conflicts/ of an item's file; null without one. */
export function newestCopy({ item }: FoldedItem): string | null {
  return item.conflictCopies.at(-1) ?? null
}

/** The mount keeps the last confirmed version as `.mount-shadow/<path>.<revision>.shadow`; the record tells which it began with. */
async function readBase(context: MountContext, { item, outbox }: FoldedItem): Promise<string | null> {
  const scan = context.view()?.scan
  if (!scan || item.path === null) return null
  const records = [...outbox.pending, ...outbox.failed].flatMap(({ value }) => value ?? [])
  const revision = records.map((record) => record.expectedRevision).find((one) => one !== undefined && one !== '0')
  const known = revision ?? scan.privateFiles.get(item.path)?.revision
  if (!known) return null
  const shadows = join(context.localDir, '.relay', '.mount-shadow')
  const inside = scan.remoteRoot !== '/' && item.path.startsWith(`${scan.remoteRoot}/`)
  for (const path of inside ? [item.path, item.path.slice(scan.remoteRoot.length)] : [item.path]) {
    const at = path.lastIndexOf('/')
    const folder = join(shadows, path.slice(0, at))
    if (!folder.startsWith(shadows)) continue
    const name = `${path.slice(at + 1)}.${known}.shadow`
    const names: readonly string[] = await readdir(folder).catch(() => [])
    if (names.includes(name)) return readText(join(folder, name))
  }
  return null
}

/** Null for what cannot be read, is larger than 1 MiB, or is no text. */
async function readText(path: string | null): Promise<string | null> {
  if (path === null) return null
  const handle = await open(path, 'r').catch(() => undefined)
  if (!handle) return null
  try {
    const file = await handle.stat()
    if (!file.isFile() || file.size > maxTextBytes) return null
    return toText(await handle.readFile())
  } catch {
    return null
  } finally {
    await handle.close()
  }
}

function toText(bytes: Buffer): string | null {
  if (bytes.length > maxTextBytes) return null
  const text = bytes.toString('utf8')
  return Buffer.from(text, 'utf8').equals(bytes) ? text : null
}

export function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
