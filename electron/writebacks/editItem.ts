import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { RundeskError, toFailure } from '../../shared/outcome'
import { readInside, writeInside } from '../files/insideFolder'
import { backUp } from './backUp'
import { type Begun, beginOperation } from './beginOperation'
import { fetchFile, hashOf, newestCopy } from './compareVersions'
import { unsentRecord } from './deliveryFacts'
import { deliverDirectly } from './directWay'
import type { FoldedItem } from './foldItem'
import { stayInside } from './insideMount'
import type { MountContext } from './mountContext'
import { type Outcome, writeOutcome } from './outcomes'
import { createSlots } from './slots'
import { moveAll, trashFolder } from './trash'

export interface EditRequest {
  readonly id: string
  readonly key: string
  readonly version: string
  readonly content?: string | undefined
  readonly take?: 'server' | 'local' | 'conflict-copy' | undefined
  /** The server's revision that the person saw and decided about. */
  readonly serverRevision?: string | null | undefined
  readonly reason: string | null
}

/**
 * Makes new content, or the version that a person chose, the content of the local file, because that is what a mount
 * sends; what was there is backed up before. Then a living daemon sends it, else Rundesk does, onto the revision that the
 * person saw. Throws `refused` for a file that would lie outside of the mount, `changed` when the server moved on.
 */
export async function editItem(context: MountContext, request: EditRequest): Promise<Begun> {
  const { id, key, version, reason } = request
  const before = context.view()?.byKey(key)
  const chosen = before ? await chosenContent(context, before, request) : null
  const begun = await beginOperation(context, {
    ...{ id, act: 'edit', refs: [{ key, version }], reason },
    judge: (folded) => refusalOf(folded, request),
  })
  const folded = context.view()?.byKey(key)
  if (begun.kind === 'nothing' || !folded) return begun
  try {
    const outcome = await perform(context, { request, folded, chosen })
    await writeOutcome(context, id, key, outcome)
  } catch (error) {
    if (error instanceof RundeskError && error.code === 'unreadable') throw error
    const detail = toFailure(error).message
    await writeOutcome(context, id, key, { outcome: 'refused', detail })
  }
  await context.refresh({ force: true })
  return begun
}

interface Chosen {
  readonly bytes: Buffer | null
  /** The server's revision that it is to go onto; undefined where the mount knows it best. */
  readonly onto: string | undefined
  /** It is what the server has: nothing needs to be sent. */
  readonly isServers: boolean
}

async function chosenContent(context: MountContext, folded: FoldedItem, request: EditRequest): Promise<Chosen> {
  const { content, take, serverRevision } = request
  const onto = serverRevision ?? undefined
  if (content !== undefined) return { bytes: Buffer.from(content, 'utf8'), onto, isServers: false }
  switch (take) {
    case 'server': {
      const there = await fetchFile(context, folded)
      if (there === null) throw new RundeskError('changed', 'The server does not have this file any more.')
      if (onto !== undefined && there.revision !== onto)
        throw new RundeskError('changed', `The server has a newer version (${there.revision}). Look at it again.`)
      return { bytes: there.bytes, onto, isServers: true }
    }
    case 'conflict-copy': {
      const copy = newestCopy(folded)
      if (copy === null) throw new RundeskError('changed', 'There is no copy of a conflict for this file any more.')
      return { bytes: await readFile(copy), onto, isServers: false }
    }
    case 'local':
      return { bytes: null, onto, isServers: false }
    case undefined:
      throw new RundeskError('usage', 'Give new content, or say which version to take.')
  }
}

function refusalOf({ item, localPath, local }: FoldedItem, { take }: EditRequest): Outcome | null {
  const refuse = (detail: string): Outcome => ({ outcome: 'refused', detail })
  if (item.path === null) return refuse('Its record names no path, so there is no file to edit.')
  if (localPath === null) return refuse('Its path leads outside of the mount, so it is not used.')
  if (take === 'local' && !local.exists) return refuse('The local file is gone: there is nothing to take.')
  if (item.state === 'accepted') return refuse('The server has accepted it already; its receipt is awaited.')
  return null
}

async function perform(
  context: MountContext,
  {
    request,
    folded,
    chosen,
  }: { readonly request: EditRequest; readonly folded: FoldedItem; readonly chosen: Chosen | null },
): Promise<Outcome> {
  const { id, key } = request
  const { localPath, item } = folded
  if (localPath === null || item.path === null || chosen === null)
    return { outcome: 'changed', detail: 'It is no longer in the list.' }
  const { bytes, isServers, onto } = chosen
  const hash = bytes === null ? (folded.local.sha256 ?? '') : hashOf(bytes)
  stayInside(context.localDir, localPath)
  if (folded.local.exists && hashOf(await readInside(context.localDir, localPath)) !== folded.local.sha256)
    return { outcome: 'changed', detail: 'The local file changed since it was shown. Look at it again.' }
  const backup = await backUp({
    ...{ dataDir: context.dataDir, operationId: id, key },
    recordFile: unsentRecord(folded.outbox)?.path ?? null,
    localPath: folded.local.exists ? localPath : null,
  })
  if (bytes !== null) {
    const at = new Date().toISOString()
    await context.ledger.write([{ kind: 'writing', id, key, at, hash, backup }])
    await writeInside(context.localDir, localPath, bytes)
  }
  if (isServers)
    return { outcome: 'delivered', detail: `The local file has the server's version now (${onto ?? 'newest'}).` }
  const daemonAlive = folded.facts.daemonAlive
  if (daemonAlive && bytes !== null && hash !== folded.local.sha256)
    return { outcome: 'sent', detail: 'Not confirmed: the local file has this content now, and the mount sends it.' }
  if ((await context.server()) === null)
    return {
      outcome: 'sent',
      detail: 'Not confirmed: the local file has this content now. The mount sends it when it runs again.',
    }
  await context.refresh({ force: true })
  const now = context.view()?.byKey(key)
  const never = new AbortController().signal
  const outcome = await deliverDirectly(context, {
    ...{ id, key, path: item.path, localPath, folded: now ?? { ...folded, local: { ...folded.local, sha256: hash } } },
    ...{ claim: null, given: hash, onto, slots: createSlots(1), stop: never, signal: never },
  })
  if (outcome.outcome !== 'delivered' || daemonAlive) return outcome
  const why = await takeOut(context, { id, key, hash, folded })
  if (why === null) return outcome
  return { outcome: 'failed', detail: `The server has it, but the mount still waits to send the old content: ${why}` }
}

/**
 * The old content that still waits in the outbox of a mount that does not run goes to the trash: it is replaced by what was
 * just delivered. Gives why it could not.
 */
async function takeOut(
  context: MountContext,
  {
    id,
    key,
    hash,
    folded,
  }: { readonly id: string; readonly key: string; readonly hash: string; readonly folded: FoldedItem },
): Promise<string | null> {
  const record = unsentRecord(folded.outbox)
  if (!record || record.value?.hash === hash) return null
  const to = join(trashFolder(context.localDir, id), record.name)
  const moved = [{ from: record.path, to }]
  await context.ledger.write([{ kind: 'moving', id, key, at: new Date().toISOString(), moved }])
  const [why] = (await moveAll(moved)).stuck.values()
  return why ?? null
}
