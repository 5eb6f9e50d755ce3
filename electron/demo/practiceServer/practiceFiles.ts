import { createHash } from 'node:crypto'
import { createPracticeOps, type PracticeOp } from './practiceOps'

/** A file as the practice server holds it. */
export interface PracticeFile {
  readonly path: string
  readonly revision: string
  readonly contentType: string
  readonly content: string
  readonly encoding: string
  readonly contentHash: string
  readonly sizeBytes: number
  readonly lastEditedAt: string
}

export interface PracticeEvent {
  readonly eventId: string
  readonly type: 'file.created' | 'file.updated' | 'file.deleted'
  readonly path: string
  readonly revision: string
  readonly contentHash?: string
  readonly origin: string
  readonly provider?: string
  readonly correlationId: string
  readonly timestamp: string
}

/** What makes two writes the same one: a repeat within its time to live gives the operation of the first. */
export interface ContentIdentity {
  readonly kind: string
  readonly key: string
  readonly ttlSeconds?: number | undefined
}

/** One file of one write that reached the server, and what became of it. */
export interface PracticeWrite {
  readonly at: string
  readonly action: 'write' | 'merge' | 'delete'
  readonly path: string
  /** `<kind> <key>` of the content identity. */
  readonly identity: string | null
  readonly contentHash: string | null
  /** `repeated`: the identity was known, nothing was done. */
  readonly outcome: 'applied' | 'repeated' | 'refused'
  readonly opId: string | null
}

/** A refused write: what the API answers for it. */
export interface WriteRefusal {
  readonly status: number
  readonly code: string
  readonly message: string
  readonly currentRevision?: string
}

export interface AcceptedWrite {
  readonly op: PracticeOp
  readonly contentType: string
  readonly repeated: boolean
}

export interface WriteInput {
  readonly path: string
  readonly content: string
  readonly encoding?: string | undefined
  readonly contentType?: string | undefined
  readonly ifMatch?: string | undefined
  readonly identity?: ContentIdentity | undefined
  readonly correlationId: string
}

const defaultTtlSeconds = 3600

/** One workspace of the practice server: files with revisions, their events, and the operations of accepted writes. */
export function createPracticeFiles(seed: Readonly<Record<string, string>> = {}) {
  const files = new Map<string, PracticeFile>()
  const events: PracticeEvent[] = []
  const writes: PracticeWrite[] = []
  const identities = new Map<
    string,
    { readonly opId: string; readonly contentType: string; readonly untilMs: number }
  >()
  const ops = createPracticeOps()
  let revisions = 0

  const nextRevision = (): string => `rev_${++revisions}`
  const note = (type: PracticeEvent['type'], change: Pick<PracticeEvent, 'path' | 'revision' | 'correlationId'>) => {
    const contentHash = type === 'file.deleted' ? undefined : files.get(change.path)?.contentHash
    const provider = providerOf(change.path)
    events.push({
      eventId: `evt_${events.length + 1}`,
      type,
      ...change,
      ...(contentHash === undefined ? {} : { contentHash }),
      origin: 'agent_write',
      ...(provider === '' ? {} : { provider }),
      timestamp: new Date().toISOString(),
    })
  }
  const log = (write: Omit<PracticeWrite, 'at'>): unknown => writes.push({ at: new Date().toISOString(), ...write })

  const put = (
    path: string,
    {
      content,
      encoding = '',
      contentType = contentTypeOf(path),
      correlationId = 'seed',
    }: {
      readonly content: string
      readonly encoding?: string | undefined
      readonly contentType?: string | undefined
      readonly correlationId?: string
    },
  ): PracticeFile => {
    const raw = bytesOf(content, encoding)
    const file = {
      path,
      revision: nextRevision(),
      contentType,
      content,
      encoding: encoding === 'base64' ? 'base64' : '',
      contentHash: hashOf(raw),
      sizeBytes: raw.length,
      lastEditedAt: new Date().toISOString(),
    }
    const type = files.has(path) ? 'file.updated' : 'file.created'
    files.set(path, file)
    note(type, { path, revision: file.revision, correlationId })
    return file
  }
  for (const [path, content] of Object.entries(seed)) put(path, { content })

  /** `ifMatch`: a revision must be the current one, `0` wants no file, `*` or none is always right. */
  const refuseMatch = (path: string, ifMatch: string | undefined): WriteRefusal | undefined => {
    const current = files.get(path)
    const wanted = ifMatch?.trim().replace(/^W\//, '').replaceAll('"', '')
    if (wanted === undefined || wanted === '*' || wanted === '') return undefined
    if (!current) return wanted === '0' ? undefined : { status: 404, code: 'not_found', message: 'not found' }
    if (current.revision === wanted) return undefined
    return {
      status: 409,
      code: 'conflict',
      message: `expected revision "${wanted}" but current revision is "${current.revision}"`,
      currentRevision: current.revision,
    }
  }

  const earlier = (identity: ContentIdentity | undefined): AcceptedWrite | undefined => {
    const known = identity && identities.get(nameOf(identity))
    const op = known && known.untilMs > Date.now() ? ops.get(known.opId) : undefined
    return op && known ? { op, contentType: known.contentType, repeated: true } : undefined
  }

  /** Applies a write, unless its identity is known or its revision does not match; every way it is written down. */
  const accept = (action: 'write' | 'merge', input: WriteInput): WriteRefusal | AcceptedWrite => {
    const entry = {
      action,
      path: input.path,
      identity: input.identity ? nameOf(input.identity) : null,
      contentHash: hashOf(bytesOf(input.content, input.encoding)),
    }
    const known = earlier(input.identity)
    if (known) {
      log({ ...entry, outcome: 'repeated', opId: known.op.opId })
      return known
    }
    const refusal = refuseMatch(input.path, input.ifMatch)
    if (refusal) {
      log({ ...entry, outcome: 'refused', opId: null })
      return refusal
    }
    const file = put(input.path, input)
    const op = ops.add({
      path: input.path,
      revision: file.revision,
      action: 'file_upsert',
      provider: providerOf(input.path),
      ...(input.identity ? { contentIdentity: input.identity } : {}),
    })
    if (input.identity)
      identities.set(nameOf(input.identity), {
        opId: op.opId,
        contentType: file.contentType,
        untilMs: Date.now() + (input.identity.ttlSeconds ?? defaultTtlSeconds) * 1000,
      })
    log({ ...entry, outcome: 'applied', opId: op.opId })
    return { op, contentType: file.contentType, repeated: false }
  }

  return {
    files: files as ReadonlyMap<string, PracticeFile>,
    events: events as readonly PracticeEvent[],
    /** Every write that reached the server, oldest first. */
    writes: writes as readonly PracticeWrite[],
    ops,
    /** A change that someone else made at the server. */
    put,
    write: (input: WriteInput) => accept('write', input),
    merge: (input: WriteInput) => accept('merge', input),
    /** Writes down that a file was refused before it was looked at. */
    logRefused: (path: string, content: { readonly content: string; readonly encoding?: string | undefined }) =>
      log({
        action: 'write',
        path,
        identity: null,
        contentHash: hashOf(bytesOf(content.content, content.encoding)),
        outcome: 'refused',
        opId: null,
      }),
    remove: (
      path: string,
      {
        ifMatch,
        correlationId = 'seed',
      }: { readonly ifMatch?: string | undefined; readonly correlationId?: string } = {},
    ): WriteRefusal | { readonly op: PracticeOp } => {
      const missing = { status: 404, code: 'not_found', message: 'not found' }
      const refusal = files.has(path) ? refuseMatch(path, ifMatch) : missing
      const entry = { action: 'delete', path, identity: null, contentHash: null } as const
      if (refusal) {
        log({ ...entry, outcome: 'refused', opId: null })
        return refusal
      }
      files.delete(path)
      const revision = nextRevision()
      note('file.deleted', { path, revision, correlationId })
      const op = ops.add({ path, revision, action: 'file_delete', provider: providerOf(path) })
      log({ ...entry, outcome: 'applied', opId: op.opId })
      return { op }
    },
  }
}

export type PracticeFiles = ReturnType<typeof createPracticeFiles>

/** How often each identity was applied; writes without one count by path and content. Twice means applied twice. */
export function appliedCounts(writes: readonly PracticeWrite[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { outcome, identity, path, contentHash } of writes) {
    if (outcome !== 'applied') continue
    const name = identity ?? `${path} ${contentHash}`
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return counts
}

/** The first part of a path: who keeps the file behind the server. */
export function providerOf(path: string): string {
  return path.split('/')[1] ?? ''
}

function nameOf({ kind, key }: ContentIdentity): string {
  return `${kind} ${key}`
}

function bytesOf(content: string, encoding: string | undefined): Buffer {
  return Buffer.from(content, encoding === 'base64' ? 'base64' : 'utf8')
}

function hashOf(data: Uint8Array): string {
  return createHash('sha256').update(data).digest('hex')
}

function contentTypeOf(path: string): string {
  if (path.endsWith('.json')) return 'application/json'
  return path.endsWith('.md') ? 'text/markdown' : 'text/plain'
}
