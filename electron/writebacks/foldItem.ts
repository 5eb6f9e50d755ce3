import type { DeliveryFacts } from '../../shared/rules/deliveryWays'
import { writebackState } from '../../shared/rules/writebackState'
import type { EvidenceKind, WritebackItem } from '../../shared/writebacks'
import type { ConflictCopy } from './conflictCopies'
import { type DeadLetter, toMs } from './deadLetters'
import { deliveryFacts, permissionOf } from './deliveryFacts'
import type { Denied } from './deniedLog'
import { causeOf, groupKeyOf, noText, saidOf } from './itemCause'
import { itemKey, sha16 } from './itemKey'
import type { LocalFile } from './localFiles'
import { isVerified, newest, toOutboxFacts } from './outboxFacts'
import type { CachedFile } from './recordFolder'
import type { OutboxRecord, PrivateEntry } from './recordSchemas'
import type { SearchTexts } from './searchIndex'

export type OutboxFolder = 'pending' | 'failed' | 'acked'
export const outboxFolders: readonly OutboxFolder[] = ['pending', 'failed', 'acked']

/** An item with everything it folds. */
export interface FoldedItem {
  readonly item: WritebackItem
  readonly letters: readonly DeadLetter[]
  readonly outbox: Readonly<Record<OutboxFolder, readonly CachedFile<OutboxRecord>[]>>
  readonly localPath: string | null
  readonly local: LocalFile
  /** When it failed, in ms, oldest first. */
  readonly failedMs: readonly number[]
  readonly texts: SearchTexts
  /** What decides in which ways it can be delivered. */
  readonly facts: DeliveryFacts
  /** When an act of ours on the path was last verified, as far as that was known here, in ms. */
  readonly verifiedMs: number | null
}

/** All evidence of one path of a mount. */
export interface PathEvidence {
  readonly path: string
  readonly letters: readonly DeadLetter[]
  readonly outbox: FoldedItem['outbox']
  /** Is there a marker that asks for a person's attention? */
  readonly attention: boolean
  readonly copies: readonly ConflictCopy[]
  readonly denied: Denied | null
  readonly privateEntry: PrivateEntry | null
  readonly publicStatus: string | null
  readonly localPath: string | null
  readonly local: LocalFile
  readonly missingLong: boolean
  /** When an act of ours on the path was last verified, in ms. */
  readonly verifiedMs: number | null
}

/** The mount that a path is in. */
export interface FoldContext {
  readonly localDir: string
  readonly workspaceId: string
  readonly daemonAlive: boolean
  readonly credentials: DeliveryFacts['credentials']
  readonly nowMs: number
}

/** How long a line of the permission log counts that nothing else confirms, in ms. */
const deniedForMs = 24 * 3_600_000

/** Folds all evidence of a path into one item; undefined when it makes none. */
export function foldItem(evidence: PathEvidence, context: FoldContext): FoldedItem | undefined {
  const { path, letters, outbox, copies, privateEntry, publicStatus, local, localPath, verifiedMs } = evidence
  const deadMs = newest(letters.map((letter) => letter.atMs))
  const pending = outbox.pending.map(toOutboxFacts)
  const failed = outbox.failed.map(toOutboxFacts)
  const state = writebackState({
    deadLetterMs: deadMs,
    deadLetterOpIds: letters.map((letter) => letter.opId),
    localExists: local.exists,
    localHash: local.sha256,
    pending,
    failed,
    acked: outbox.acked.map(toOutboxFacts),
    conflictCopyMs: newest(copies.map(({ atMs }) => atMs)),
    privateState: privateEntry,
    publicStatus,
    missingLong: evidence.missingLong,
    deniedMs: deniedMs(evidence, context.nowMs),
    verified:
      verifiedMs !== null &&
      (deadMs ?? 0) <= verifiedMs &&
      pending.every((record) => isVerified(record, { local, verifiedMs })) &&
      failed.every((record) => (record.lastMs ?? 0) <= verifiedMs),
  })
  if (state === null) return undefined
  const unsent = outbox.pending.find((file) => file.value && !file.value.opId)?.value
  const facts = deliveryFacts({ state, letters, outbox, local }, context)
  const provider = providerOf(path)
  const cause = causeOf(evidence)
  const times = failureTimes(evidence)
  const bodies = bodiesOf(letters)
  const item: WritebackItem = {
    key: itemKey(context.localDir, path),
    version: versionOf(evidence, state),
    path,
    mount: context.localDir,
    workspaceId: context.workspaceId,
    state,
    class: cause.class,
    lastStatus: cause.lastStatus,
    message: cause.message,
    attempts: attemptsOf(evidence),
    firstFailedAt: times.at(0)?.at ?? null,
    lastFailedAt: times.at(-1)?.at ?? null,
    nextAttemptAt: unsent && state === 'retrying' ? (unsent.nextAttemptAt ?? null) : null,
    groupKey: groupKeyOf(cause, provider),
    provider,
    kinds: kindsOf(evidence),
    denied: evidence.denied && { at: evidence.denied.at, kind: evidence.denied.kind, reason: evidence.denied.reason },
    conflictCopies: copies.map((copy) => copy.path),
    records: letters.map(({ opId, file, at, status }) => ({ opId, file, at, status })),
    retry: permissionOf(facts),
  }
  return {
    item,
    letters,
    outbox,
    localPath,
    local,
    facts,
    verifiedMs,
    failedMs: times.map(({ ms }) => ms),
    texts: { own: ownText(evidence).toLowerCase(), bodies, withoutBody: bodies.length === 0 },
  }
}

function bodiesOf(letters: readonly DeadLetter[]): readonly string[] {
  const [only] = letters
  if (letters.length === 1 && only) return only.body === null ? noText : [only.body]
  return letters.flatMap(({ body }) => body ?? [])
}

/** The first part of a path. */
function providerOf(path: string): string | null {
  const end = path.indexOf('/', 1)
  return path.slice(1, end === -1 ? undefined : end) || null
}

function attemptsOf({ letters, outbox }: PathEvidence): number {
  let attempts = letters.length
  for (const { value } of outbox.pending) attempts = Math.max(attempts, value?.attemptCount ?? 0)
  for (const { value } of outbox.failed) attempts = Math.max(attempts, value?.attemptCount ?? 0)
  return attempts
}

/** What a search finds an item by, beside the answers of servers. */
function ownText({ path, letters, outbox, denied }: PathEvidence): string {
  let text = path
  let last: string | null = null
  for (const { message, opId } of letters) {
    if (message !== null && message !== last) text += `\n${message}`
    text += `\n${opId}`
    last = message
  }
  for (const said of saidOf(outbox)) text += `\n${said}`
  for (const folder of [outbox.pending, outbox.failed])
    for (const { value } of folder) if (value?.opId) text += `\n${value.opId}`
  return denied ? `${text}\n${denied.reason}` : text
}

/** Of what has no record in the outbox. */
export const noOutbox: FoldedItem['outbox'] = { pending: [], failed: [], acked: [] }

/** Another one whenever anything that the item folds changes. */
function versionOf({ letters, outbox, copies, local }: PathEvidence, state: string): string {
  let text = `${state}\n${local.exists ? (local.sha256 ?? 'unreadable') : 'missing'}`
  for (const letter of letters) text += `\n${letter.file} ${letter.stamp}`
  for (const folder of outboxFolders)
    for (const file of outbox[folder]) text += `\n${folder} ${file.name} ${file.stamp}`
  for (const { name, atMs, sizeBytes } of copies) text += `\n${name} ${atMs} ${sizeBytes}`
  return sha16(text)
}

/** A line counts while the mount still refuses the path, else for a day. */
function deniedMs({ denied, privateEntry, publicStatus }: PathEvidence, nowMs: number): number | null {
  if (!denied) return null
  const lasts = privateEntry?.writeDenied || publicStatus === 'write-denied'
  return lasts || nowMs - denied.atMs < deniedForMs ? denied.atMs : null
}

function kindsOf({
  letters,
  outbox,
  attention,
  copies,
  denied,
  privateEntry,
  publicStatus,
  local,
}: PathEvidence): EvidenceKind[] {
  const kinds: EvidenceKind[] = []
  if (letters.length > 0) kinds.push('dead-letter')
  for (const folder of outboxFolders) if (outbox[folder].length > 0) kinds.push(folder)
  if (attention) kinds.push('attention')
  if (copies.length > 0) kinds.push('conflict-copy')
  const refused = privateEntry?.deletePending || (publicStatus === 'writeback-pending' && !local.exists)
  if (refused && outbox.pending.length === 0) kinds.push('refused-delete')
  if (denied) kinds.push('denied')
  return [...kinds] // Without the room that pushing leaves.
}

interface FailureTime {
  readonly at: string
  readonly ms: number
}

function failureTimes({ letters, outbox, denied }: PathEvidence): readonly FailureTime[] {
  const times: FailureTime[] = []
  const add = (at: string | null | undefined, ms = toMs(at)): void => {
    if (at && ms !== null) times.push({ at, ms })
  }
  for (const { at, atMs, sidecar } of letters) {
    const first = sidecar?.value.firstAttemptAt
    if (first !== at) add(first)
    add(at, atMs)
  }
  for (const folder of [outbox.pending, outbox.failed])
    for (const { value } of folder) if (value?.lastError) add(value.lastAttemptAt ?? value.firstSeenAt)
  if (denied) add(denied.at)
  return times.length < 2 ? times : times.sort((left, right) => left.ms - right.ms)
}
