import { createHash } from 'node:crypto'
import { RundeskError } from '../../shared/outcome'
import { causeOf } from '../../shared/systemErrors'
import { errnoCode } from '../files/errnoCode'
import { readInside } from '../files/insideFolder'
import { backUp, backUpInLine } from './backUp'
import { unsentRecord } from './deliveryFacts'
import type { FoldedItem } from './foldItem'
import { followOp } from './followOp'
import { NoAnswer } from './httpClient'
import { stayInside } from './insideMount'
import type { LedgerClaim } from './ledgerLines'
import type { MountContext } from './mountContext'
import { type OutboxDocument, readOutboxDocument } from './outboxDocument'
import type { Outcome } from './outcomes'
import { type RemoteFile, type RemoteWrite, type ServerApi, ServerRefusal } from './serverApi'
import type { Slots } from './slots'

type SendingClaim = Extract<LedgerClaim, { kind: 'sending' }>

export interface DirectJob {
  readonly id: string
  readonly key: string
  readonly path: string
  readonly localPath: string
  /** The item as it was last seen; undefined when its evidence is gone since. */
  readonly folded: FoldedItem | undefined
  /** What an earlier life of this operation wrote down before it sent: the same is sent again, under the same identity. */
  readonly claim: SendingClaim | null
  /** The hash of content that a person has just given: the outbox knows nothing of it. */
  readonly given?: string | undefined
  /** The server's revision that a person has seen and chosen to replace. */
  readonly onto?: string | undefined
  readonly slots: Slots
  /** Nothing new is begun after this. */
  readonly stop: AbortSignal
  /** Cuts requests off that are under way. */
  readonly signal: AbortSignal
}

/**
 * Sends the local file by Rundesk's own request. It looks at the server first: what is there already is not sent again,
 * and a newer version there is never written over. The claim is on the disk before anything is sent.
 */
export async function deliverDirectly(context: MountContext, job: DirectJob): Promise<Outcome> {
  const server = await context.server()
  if (!server) return { outcome: 'refused', detail: 'There are no valid credentials of its workspace any more.' }
  const prepared = await prepare(context, job)
  if ('outcome' in prepared) return prepared
  const { write, hash } = prepared
  if (job.stop.aborted) return stoppedBefore
  const { identity, ifMatch } = write
  const at = new Date().toISOString()
  if (!job.claim)
    await context.ledger.write([{ kind: 'sending', id: job.id, key: job.key, at, identity, hash, ifMatch }])
  const outcome = await job.slots(job.stop, () => send(server, write, { hash, job }))
  if (outcome === 'stopped') return stoppedBefore
  return outcome
}

/** Up to so many items of an operation are backed up as a file each. */
const fewItems = 100
const stoppedBefore: Outcome = { outcome: 'skipped', detail: 'It was stopped before it was sent.' }

interface Prepared {
  readonly write: RemoteWrite
  readonly hash: string
}

async function prepare(context: MountContext, job: DirectJob): Promise<Prepared | Outcome> {
  const { id, key, path, localPath, folded, claim } = job
  try {
    stayInside(context.localDir, localPath)
  } catch (error) {
    if (!(error instanceof RundeskError)) throw error
    return { outcome: 'refused', detail: error.message }
  }
  const record = folded ? unsentRecord(folded.outbox) : undefined
  const [bytes, document] = await Promise.all([
    readInside(context.localDir, localPath).catch((error: unknown) =>
      errnoCode(error) === 'ENOENT' ? null : causeOf(error),
    ),
    record ? readOutboxDocument(record.path) : undefined,
  ])
  if (bytes === null) return { outcome: 'changed', detail: 'The local file is gone: there is nothing to send.' }
  if (typeof bytes === 'string') return { outcome: 'refused', detail: `The local file cannot be read (${bytes}).` }
  const hash = createHash('sha256').update(bytes).digest('hex')
  const seen = claim?.hash ?? job.given ?? folded?.local.sha256
  if (seen !== hash)
    return { outcome: 'changed', detail: 'The local file changed since it was shown. Look at it again.' }
  if (record && !claim && (!document || document.opId !== null))
    return { outcome: 'changed', detail: 'The mount sent it in the meantime, or took it out of its outbox.' }
  if (document?.hash !== undefined && document.hash !== hash && !claim && job.given === undefined)
    return { outcome: 'changed', detail: 'The local file changed since: the mount sends the new content by itself.' }
  await keepCopy(context, { job, bytes, recordFile: record?.path ?? null })
  return {
    hash,
    write: {
      path,
      bytes,
      contentType: document?.contentType ?? knownType(path),
      identity: claim?.identity ?? identityOf(document, { hash, id, key }),
      ifMatch: claim?.ifMatch ?? job.onto ?? document?.expectedRevision ?? knownRevision(context, path),
      extra: document?.extra ?? {},
    },
  }
}

/** Few items get files of their own, which are easy to find; many get lines of one file. */
async function keepCopy(
  context: MountContext,
  { job, bytes, recordFile }: { readonly job: DirectJob; readonly bytes: Buffer; readonly recordFile: string | null },
): Promise<void> {
  const { id, key, path, localPath } = job
  const place = { dataDir: context.dataDir, operationId: id }
  const isLarge = (context.ledger.operation(id)?.items.length ?? 0) > fewItems
  if (isLarge) await backUpInLine(place, { key, path, bytes })
  else await backUp({ ...place, key, recordFile, localPath })
}

/** That of the mount's own record, so that mount and Rundesk never write the same twice; without one that of this act. */
function identityOf(
  document: OutboxDocument | undefined,
  { hash, id, key }: { readonly hash: string; readonly id: string; readonly key: string },
): RemoteWrite['identity'] {
  if (document?.commandId && document.hash === hash) return { kind: 'mount-command', key: document.commandId }
  return { kind: 'rundesk', key: `${id}:${key}` }
}

/** Without a known revision the file must be a new one there. */
function knownRevision(context: MountContext, path: string): string {
  return context.view()?.scan.privateFiles.get(path)?.revision ?? '0'
}

function knownType(path: string): string {
  if (path.endsWith('.json')) return 'application/json'
  return path.endsWith('.md') ? 'text/markdown' : 'text/plain'
}

async function send(
  server: ServerApi,
  write: RemoteWrite,
  { hash, job }: { readonly hash: string; readonly job: DirectJob },
): Promise<Outcome> {
  let sent = false
  try {
    const there = await server.getFile(write.path, job.signal)
    if (there?.contentHash === hash)
      return { outcome: 'delivered', detail: `The server has exactly this content (${there.revision}).` }
    const newer = conflictOf(there, write.ifMatch)
    if (newer !== null) return { outcome: 'failed', detail: newer }
    sent = true
    const answer = await server.write(write, job.signal)
    if (answer.kind === 'conflict')
      return { outcome: 'failed', detail: `Nothing was overwritten: ${answer.message}. Choose which version counts.` }
    if (answer.kind === 'refused') return { outcome: 'failed', detail: `Refused: ${answer.message}` }
    if (answer.state === 'dead_lettered')
      return {
        outcome: 'failed',
        detail: 'The server took it earlier, and its provider refused it: it can only be replayed.',
        ...(answer.opId === null ? {} : { opId: answer.opId, next: 'replay' }),
      }
    return await confirm(server, { write, hash, opId: answer.opId, signal: job.signal })
  } catch (error) {
    return whatCameOf(server, error, { write, hash, sent, job })
  }
}

/** Why the server's version must not be replaced; null when it may. */
function conflictOf(there: RemoteFile | null, ifMatch: string): string | null {
  if (ifMatch === '*') return null
  if (there === null)
    return ifMatch === '0'
      ? null
      : `Nothing was written: the server no longer has this file, which was ${ifMatch} here. Choose which version counts.`
  if (there.revision === ifMatch) return null
  return ifMatch === '0'
    ? `Nothing was overwritten: the server has this file already (${there.revision}). Choose which version counts.`
    : `Nothing was overwritten: the server has a newer version (${there.revision}, not ${ifMatch}). Choose which version counts.`
}

/** The operation's end is the proof; where it cannot be asked for, the content hash is. */
async function confirm(
  server: ServerApi,
  {
    write,
    hash,
    opId,
    signal,
  }: {
    readonly write: RemoteWrite
    readonly hash: string
    readonly opId: string | null
    readonly signal: AbortSignal
  },
): Promise<Outcome> {
  const followed = opId === null ? null : await followOp(server, opId, signal)
  if (followed) return followed
  const there = await server.getFile(write.path, signal).catch(() => null)
  if (there?.contentHash === hash)
    return { outcome: 'delivered', detail: `The server has exactly this content (${there.revision}).` }
  return {
    outcome: 'sent',
    detail: 'Sent, not confirmed: the server accepted it and does not tell what became of it.',
    ...(opId === null ? {} : { opId }),
  }
}

/** After an error: when the write may have arrived, the server is asked once more before anything is claimed. */
async function whatCameOf(
  server: ServerApi,
  error: unknown,
  {
    write,
    hash,
    sent,
    job,
  }: { readonly write: RemoteWrite; readonly hash: string; readonly sent: boolean; readonly job: DirectJob },
): Promise<Outcome> {
  if (error instanceof ServerRefusal) return { outcome: 'failed', detail: error.message }
  if (!(error instanceof NoAnswer)) throw error
  if (!sent && error.kind === 'aborted') return stoppedBefore
  if (!sent || !error.mayHaveArrived) return { outcome: 'failed', detail: `Not sent: ${error.message}` }
  if (error.kind !== 'aborted') {
    const there = await server.getFile(write.path, job.signal).catch(() => undefined)
    if (there?.contentHash === hash)
      return { outcome: 'delivered', detail: `The server has exactly this content (${there.revision}).` }
    if (there !== undefined) return { outcome: 'failed', detail: `It did not arrive: ${error.message}` }
  }
  return { outcome: 'sent', detail: `Sent, not confirmed: ${error.message} It is looked at again.` }
}
