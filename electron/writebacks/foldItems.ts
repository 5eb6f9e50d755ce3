import { createHash } from 'node:crypto'
import { errorClassOf, normaliseMessage } from '../../shared/rules/errorClass'
import { retryable } from '../../shared/rules/retryable'
import { type OutboxFacts, type WritebackEvidence, writebackState } from '../../shared/rules/writebackState'
import type { ErrorClass, WritebackItem } from '../../shared/writebacks'
import { type DeadLetter, toMs, type UnreadableRecord } from './deadLetters'
import type { CachedFile } from './fileCache'
import type { LocalFile } from './localFiles'
import { splitPaths, toLocalPath } from './mountPaths'
import { type MountReader, type MountScan, type OutboxFolder, outboxFolders } from './mountScan'
import type { OutboxRecord } from './recordSchemas'
import type { SearchTexts } from './searchIndex'

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
}

interface Evidence {
  readonly letters: DeadLetter[]
  readonly outbox: Record<OutboxFolder, CachedFile<OutboxRecord>[]>
}

/**
 * One item per path of a mount that folds all its evidence, and one per record that cannot be read. `verifiedMs` tells
 * when an act of ours on a path was last verified.
 */
export async function foldItems(
  scan: MountScan,
  reader: MountReader,
  { workspaceId, verifiedMs }: { readonly workspaceId: string; readonly verifiedMs: (path: string) => number | null },
): Promise<readonly FoldedItem[]> {
  const items: FoldedItem[] = []
  for (const [path, evidence] of byPath(scan)) {
    const folded = await foldPath(path, evidence, { scan, reader, workspaceId, verifiedMs: verifiedMs(path) })
    if (folded) items.push(folded)
  }
  for (const record of scan.dead.unreadable) items.push(unreadableItem(record, scan, workspaceId))
  for (const letter of scan.dead.letters) {
    if (!letter.record.path?.trim())
      items.push(unreadableItem({ ...letter, reason: 'names no path' }, scan, workspaceId))
  }
  return items.sort((left, right) => compare(left.item.path ?? '', right.item.path ?? ''))
}

function byPath(scan: MountScan): ReadonlyMap<string, Evidence> {
  const paths = new Map<string, Evidence>()
  const at = (path: string): Evidence => {
    const known = paths.get(path)
    if (known) return known
    const made: Evidence = { letters: [], outbox: { pending: [], failed: [], acked: [] } }
    paths.set(path, made)
    return made
  }
  for (const folder of outboxFolders) {
    for (const file of scan.outbox[folder]) if (file.value) at(file.value.remotePath).outbox[folder].push(file)
  }
  const known = new Set([
    ...paths.keys(),
    ...Object.keys(scan.privateState?.files ?? {}),
    ...Object.keys(scan.state?.files ?? {}),
  ])
  for (const letter of scan.dead.letters) {
    for (const path of splitPaths(letter.record.path ?? '', (part) => known.has(part))) at(path).letters.push(letter)
  }
  for (const [path, entry] of Object.entries(scan.privateState?.files ?? {})) if (entry.deletePending) at(path)
  for (const [path, entry] of Object.entries(scan.state?.files ?? {}))
    if (entry.status === 'writeback-pending') at(path)
  return paths
}

async function foldPath(
  path: string,
  { letters, outbox }: Evidence,
  {
    scan,
    reader,
    workspaceId,
    verifiedMs,
  }: {
    readonly scan: MountScan
    readonly reader: MountReader
    readonly workspaceId: string
    readonly verifiedMs: number | null
  },
): Promise<FoldedItem | undefined> {
  const localPath = toLocalPath(scan.localDir, scan.remoteRoot, path)
  const local = await reader.localFile(localPath)
  const privateEntry = scan.privateState?.files?.[path]
  const deadMs = newest(letters.map((letter) => letter.atMs))
  const pending = outbox.pending.map(toFacts)
  const failed = outbox.failed.map(toFacts)
  const evidence: WritebackEvidence = {
    deadLetterMs: deadMs,
    deadLetterOpIds: letters.map((letter) => letter.opId),
    localHash: local.sha256,
    pending,
    failed,
    acked: outbox.acked.map(toFacts),
    conflictCopy: scan.conflictCopies.some((name) => isCopyOf(name, path, scan.remoteRoot)),
    privateState: privateEntry
      ? {
          hash: privateEntry.hash ?? null,
          dirty: privateEntry.dirty ?? false,
          deletePending: privateEntry.deletePending ?? false,
        }
      : null,
    publicStatus: scan.state?.files?.[path]?.status ?? null,
    verified:
      verifiedMs !== null &&
      (deadMs ?? 0) <= verifiedMs &&
      pending.length === 0 &&
      failed.every((record) => (record.lastMs ?? 0) <= verifiedMs),
  }
  const state = writebackState(evidence)
  if (state === null) return undefined
  const unsent = outbox.pending.find((file) => file.value && !file.value.opId)?.value
  const cause = causeOf(letters, outbox)
  const times = failureTimes(letters, outbox)
  const item: WritebackItem = {
    key: keyOf(scan.localDir, path),
    version: versionOf([
      ...letters.map((letter) => `${letter.file} ${letter.stamp}`),
      ...outboxFolders.flatMap((folder) => outbox[folder].map((file) => `${folder} ${file.name} ${file.stamp}`)),
      local.sha256 ?? 'missing',
      state,
    ]),
    path,
    mount: scan.localDir,
    workspaceId,
    state,
    ...cause,
    attempts: Math.max(
      letters.length,
      ...outbox.pending.map((file) => file.value?.attemptCount ?? 0),
      ...outbox.failed.map((file) => file.value?.attemptCount ?? 0),
    ),
    firstFailedAt: times.at(0) ?? null,
    lastFailedAt: times.at(-1) ?? null,
    nextAttemptAt: unsent && state === 'retrying' ? (unsent.nextAttemptAt ?? null) : null,
    groupKey: groupKeyOf(cause, path),
    provider: path.split('/')[1] || null,
    kinds: [],
    denied: null,
    conflictCopies: [],
    records: letters.map((letter) => ({
      opId: letter.opId,
      file: letter.file,
      at: letter.at,
      status: statusOf(letter),
    })),
    retry: retryable({
      state,
      daemonAlive: scan.daemon.alive,
      localExists: local.exists,
      hasUnsentRecord: unsent !== undefined,
      localMatchesRecord: unsent?.hash !== undefined && unsent.hash === local.sha256,
    }),
  }
  const bodies = letters.flatMap(({ record }) => record.lastBody?.toLowerCase() ?? [])
  return {
    item,
    letters,
    outbox,
    localPath,
    local,
    failedMs: times.flatMap((at) => toMs(at) ?? []),
    texts: {
      own: `${path}\n${cause.message ?? ''}\n${letters.map(({ opId }) => opId).join('\n')}`.toLowerCase(),
      bodies,
      withoutBody: bodies.length === 0,
    },
  }
}

function unreadableItem(record: UnreadableRecord, scan: MountScan, workspaceId: string): FoldedItem {
  const message = `The record ${record.file} ${record.reason}.`
  const cause = { class: 'other', lastStatus: null, message } as const
  const opId = record.file.slice(0, -'.json'.length)
  const item: WritebackItem = {
    key: keyOf(scan.localDir, `\0${record.file}`),
    version: versionOf([record.file, record.stamp]),
    path: null,
    mount: scan.localDir,
    workspaceId,
    state: 'unreadable',
    ...cause,
    attempts: 0,
    firstFailedAt: null,
    lastFailedAt: null,
    nextAttemptAt: null,
    groupKey: groupKeyOf({ ...cause, message: 'unreadable record' }, ''),
    provider: null,
    kinds: ['dead-letter'],
    denied: null,
    conflictCopies: [],
    records: [{ opId, file: record.file, at: null, status: null }],
    retry: retryable({
      state: 'unreadable',
      daemonAlive: false,
      localExists: false,
      hasUnsentRecord: false,
      localMatchesRecord: false,
    }),
  }
  return {
    item,
    letters: [],
    outbox: { pending: [], failed: [], acked: [] },
    localPath: null,
    local: { exists: false, sizeBytes: null, sha256: null },
    failedMs: [],
    texts: { own: `${record.file}\n${message}`.toLowerCase(), bodies: [], withoutBody: true },
  }
}

function toFacts(file: CachedFile<OutboxRecord>): OutboxFacts {
  const record = file.value
  return {
    opId: record?.opId || null,
    hash: record?.hash ?? null,
    attemptCount: record?.attemptCount ?? 0,
    needsAttention: record?.needsAttention ?? false,
    dispatchStatus: record?.dispatchStatus ?? null,
    lastError: record?.lastError ?? null,
    lastMs: newest([toMs(record?.firstSeenAt), toMs(record?.lastAttemptAt)]),
    ackedMs: toMs(record?.ackedAt),
  }
}

type Cause = Pick<WritebackItem, 'class' | 'lastStatus' | 'message'>

/** The newest error: of the dead letters, else of the outbox. */
function causeOf(letters: readonly DeadLetter[], outbox: Evidence['outbox']): Cause {
  const last = [...letters]
    .sort((left, right) => (left.atMs ?? 0) - (right.atMs ?? 0) || compare(left.file, right.file))
    .at(-1)
  if (last) {
    const lastStatus = statusOf(last)
    const message = wordsOf(last)
    return { class: errorClassOf(lastStatus, message), lastStatus, message }
  }
  const said = [...outbox.pending, ...outbox.failed].flatMap((file) => file.value?.lastError ?? []).at(-1) ?? null
  const http = /\bhttp (\d{3})\b/i.exec(said ?? '')
  return { class: errorClassOf(null, said), lastStatus: http ? Number(http[1]) : null, message: said }
}

function statusOf({ record, sidecar }: DeadLetter): number | null {
  return record.lastStatus ?? sidecar?.value.providerStatus ?? null
}

/** The server's own words, where it had any; never the file format's misleading ones. */
function wordsOf({ record, sidecar }: DeadLetter): string | null {
  const answered = messageIn(sidecar?.value.providerResponse) ?? messageIn(parseJson(record.lastBody))
  const body = record.lastBody?.trim()
  if (answered ?? record.message) return (answered ?? record.message ?? '').slice(0, 1000)
  if (body) return body.slice(0, 1000)
  return record.lastStatus === undefined ? (record.code ?? null) : `HTTP ${record.lastStatus} with an empty answer`
}

function messageIn(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('message' in value)) return undefined
  return typeof value.message === 'string' && value.message !== '' ? value.message : undefined
}

function parseJson(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}

function failureTimes(letters: readonly DeadLetter[], outbox: Evidence['outbox']): readonly string[] {
  const fromLetters = letters.flatMap((letter) => [letter.sidecar?.value.firstAttemptAt, letter.at])
  const fromOutbox = [...outbox.pending, ...outbox.failed].flatMap((file) =>
    file.value?.lastError ? file.value.lastAttemptAt : undefined,
  )
  return [...fromLetters, ...fromOutbox]
    .flatMap((at) => (toMs(at) === null ? [] : (at ?? [])))
    .sort((left, right) => (toMs(left) ?? 0) - (toMs(right) ?? 0))
}

/** `/<path>.<revision>.local` or `/<path>.invalid.<time>`, with or without the mount's root before it. */
function isCopyOf(name: string, path: string, remoteRoot: string): boolean {
  const inside = remoteRoot !== '/' && path.startsWith(`${remoteRoot}/`) ? path.slice(remoteRoot.length) : path
  return [path, inside].some(
    (start) => name.startsWith(`${start}.`) && /^\.[^/]+\.local$|^\.invalid\.[^/]+$/.test(name.slice(start.length)),
  )
}

function groupKeyOf(
  { class: errorClass, message }: { readonly class: ErrorClass | null; readonly message: string | null },
  path: string,
): string {
  const provider = path.split('/')[1] ?? ''
  return sha16(`${errorClass ?? ''}\0${normaliseMessage(message ?? '')}\0${provider}`)
}

function keyOf(localDir: string, what: string): string {
  return sha16(`${localDir}\0${what}`)
}

function versionOf(parts: readonly string[]): string {
  return sha16(parts.join('\n'))
}

function sha16(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}

function newest(times: readonly (number | null)[]): number | null {
  const known = times.filter((time) => time !== null)
  return known.length === 0 ? null : Math.max(...known)
}

function compare(left: string, right: string): number {
  if (left === right) return 0
  return left < right ? -1 : 1
}
