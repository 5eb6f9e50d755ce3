import { createHash } from 'node:crypto'

/** A file as the practice server holds it. */
export interface PracticeFile {
  readonly path: string
  readonly revision: string
  readonly contentType: string
  readonly content: string
  readonly encoding: string
  readonly contentHash: string
  readonly updatedAt: string
}

export interface PracticeEvent {
  readonly eventId: string
  readonly type: 'file.created' | 'file.updated' | 'file.deleted'
  readonly path: string
  readonly revision: string
  readonly origin: string
  readonly correlationId: string
  readonly timestamp: string
}

export interface PracticeOp {
  readonly opId: string
  readonly path: string
  readonly revision: string
  readonly action: string
  status: 'pending' | 'running' | 'succeeded' | 'dead_lettered'
  attemptCount: number
  lastError?: string
  readonly createdAt: string
  updatedAt: string
}

/** A refused write: what the API answers for it. */
export interface WriteRefusal {
  readonly status: number
  readonly code: string
  readonly message: string
  readonly currentRevision?: string
}

/** The practice server's memory: files with revisions, their events, and the operations of accepted writes. */
export function createPracticeFiles(seed: Readonly<Record<string, string>>) {
  const files = new Map<string, PracticeFile>()
  const events: PracticeEvent[] = []
  const ops = new Map<string, PracticeOp>()
  const identities = new Map<string, string>()
  let revisions = 0

  const nextRevision = (): string => `rev_${++revisions}`
  const note = (type: PracticeEvent['type'], path: string, revision: string, correlationId: string): unknown =>
    events.push({
      eventId: `evt_${events.length + 1}`,
      type,
      path,
      revision,
      origin: 'agent_write',
      correlationId,
      timestamp: new Date().toISOString(),
    })

  const put = (
    path: string,
    {
      content,
      encoding = '',
      contentType = 'text/plain',
      correlationId = 'seed',
    }: { content: string; encoding?: string; contentType?: string; correlationId?: string },
  ): PracticeFile => {
    const raw = Buffer.from(content, encoding === 'base64' ? 'base64' : 'utf8')
    const file = {
      path,
      revision: nextRevision(),
      contentType,
      content,
      encoding,
      contentHash: createHash('sha256').update(raw).digest('hex'),
      updatedAt: new Date().toISOString(),
    }
    note(files.has(path) ? 'file.updated' : 'file.created', path, file.revision, correlationId)
    files.set(path, file)
    return file
  }
  for (const [path, content] of Object.entries(seed)) put(path, { content })

  /** `ifMatch`: a revision must be the current one, `0` wants no file, `*` or none is always right. */
  const refuseMatch = (path: string, ifMatch: string | undefined): WriteRefusal | undefined => {
    const current = files.get(path)
    const wanted = ifMatch?.replace(/^W\//, '').replaceAll('"', '')
    if (wanted === undefined || wanted === '*' || wanted === '') return undefined
    if (wanted === '0')
      return current
        ? { status: 409, code: 'conflict', message: 'the file exists already', currentRevision: current.revision }
        : undefined
    if (!current) return { status: 404, code: 'not_found', message: 'file not found' }
    if (current.revision === wanted) return undefined
    return {
      status: 409,
      code: 'conflict',
      message: 'the file has another revision',
      currentRevision: current.revision,
    }
  }

  const newOp = (path: string, revision: string, action: string): PracticeOp => {
    const at = new Date().toISOString()
    const op: PracticeOp = {
      opId: `op_${ops.size + 1}`,
      path,
      revision,
      action,
      status: 'pending',
      attemptCount: 0,
      createdAt: at,
      updatedAt: at,
    }
    ops.set(op.opId, op)
    return op
  }

  return {
    files: files as ReadonlyMap<string, PracticeFile>,
    events: events as readonly PracticeEvent[],
    ops: ops as ReadonlyMap<string, PracticeOp>,
    put,
    write: (input: {
      readonly path: string
      readonly content: string
      readonly encoding?: string
      readonly contentType?: string
      readonly ifMatch?: string
      readonly identity?: string
      readonly correlationId: string
    }): WriteRefusal | { readonly op: PracticeOp; readonly file: PracticeFile } => {
      const earlier = input.identity === undefined ? undefined : ops.get(identities.get(input.identity) ?? '')
      const kept = earlier && files.get(earlier.path)
      if (earlier && kept) return { op: earlier, file: kept }
      const refusal = refuseMatch(input.path, input.ifMatch)
      if (refusal) return refusal
      const file = put(input.path, input)
      const op = newOp(input.path, file.revision, 'file_upsert')
      if (input.identity !== undefined) identities.set(input.identity, op.opId)
      return { op, file }
    },
    remove: (
      path: string,
      ifMatch: string | undefined,
      correlationId: string,
    ): WriteRefusal | { readonly op: PracticeOp } => {
      if (!files.has(path)) return { status: 404, code: 'not_found', message: 'file not found' }
      const refusal = refuseMatch(path, ifMatch)
      if (refusal) return refusal
      files.delete(path)
      const revision = nextRevision()
      note('file.deleted', path, revision, correlationId)
      return { op: newOp(path, revision, 'file_delete') }
    },
    /** Each look moves an operation on by one step: pending, running, then how it ends. */
    look: (
      opId: string,
      { hold, refuse }: { readonly hold: boolean; readonly refuse: boolean },
    ): PracticeOp | undefined => {
      const op = ops.get(opId)
      if (!op || op.status === 'succeeded' || op.status === 'dead_lettered' || hold) return op
      op.updatedAt = new Date().toISOString()
      if (op.status === 'pending') op.status = 'running'
      else if (refuse) {
        op.status = 'dead_lettered'
        op.attemptCount = 3
        op.lastError = 'the provider refused it: 422 the field "state" is read-only'
      } else op.status = 'succeeded'
      return op
    },
    replay: (opId: string): 'queued' | 'unknown' | 'not-dead' => {
      const op = ops.get(opId)
      if (!op) return 'unknown'
      if (op.status !== 'dead_lettered') return 'not-dead'
      op.status = 'pending'
      delete op.lastError
      return 'queued'
    },
  }
}

export type PracticeFiles = ReturnType<typeof createPracticeFiles>
