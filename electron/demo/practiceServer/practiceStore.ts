import { createHash } from 'node:crypto'
import type { demoFaults } from '../../../shared/contract'

export type Fault = (typeof demoFaults)[number]

export interface StoredFile {
  readonly content: string
  readonly contentType: string
  readonly encoding: string
  readonly revision: string
  readonly updatedAt: string
}

export interface Op {
  readonly opId: string
  readonly path: string
  readonly revision: string
  readonly action: string
  readonly createdAt: string
  status: string
  lastError?: string
}

export type PracticeStore = ReturnType<typeof createStore>

/** The files, events and operations of one practice workspace, in memory. */
export function createStore(seedFiles: Readonly<Record<string, string>>) {
  const files = new Map<string, StoredFile>()
  const events: { eventId: string; type: string; path: string; revision: string; timestamp: string; origin: string }[] =
    []
  const ops = new Map<string, Op>()
  const identities = new Map<string, Op>()
  const faults = new Set<Fault>()
  let counter = 0

  const record = (type: string, path: string, revision: string): void => {
    const timestamp = new Date().toISOString()
    events.push({ eventId: `evt_${++counter}`, type, path, revision, timestamp, origin: 'agent_write' })
  }
  const put = (path: string, file: { content: string; contentType: string; encoding: string }): Op => {
    const revision = `rev_${++counter}`
    record(files.has(path) ? 'file.updated' : 'file.created', path, revision)
    files.set(path, { ...file, revision, updatedAt: new Date().toISOString() })
    return addOp(path, revision, 'file_upsert')
  }
  const addOp = (path: string, revision: string, action: string): Op => {
    const op: Op = {
      opId: `op_${++counter}`,
      path,
      revision,
      action,
      createdAt: new Date().toISOString(),
      status: 'pending',
    }
    ops.set(op.opId, op)
    return op
  }
  const remove = (path: string): Op => {
    const revision = `rev_${++counter}`
    files.delete(path)
    record('file.deleted', path, revision)
    return addOp(path, revision, 'file_delete')
  }
  /** One look at an operation moves it a step on, as far as the faults allow. */
  const poll = (op: Op): Op => {
    if (faults.has('slow-receipts') || !['pending', 'running'].includes(op.status)) return op
    if (faults.has('provider-refusal')) {
      op.status = 'dead_lettered'
      op.lastError = 'The provider refused the write: validation of the field "state" failed.'
    } else op.status = op.status === 'pending' ? 'running' : 'succeeded'
    return op
  }
  for (const [path, content] of Object.entries(seedFiles))
    put(path, { content, contentType: contentTypeOf(path), encoding: '' })
  ops.clear()
  return { files, events, ops, identities, faults, put, remove, poll }
}

/** The media type of a path, by its ending. */
export function contentTypeOf(path: string): string {
  if (path.endsWith('.json')) return 'application/json'
  return path.endsWith('.md') ? 'text/markdown' : 'text/plain'
}

/** The bytes a stored or sent content stands for. */
export function bytesOf(file: { readonly content: string; readonly encoding: string }): Buffer {
  return Buffer.from(file.content, file.encoding === 'base64' ? 'base64' : 'utf8')
}

/** The SHA-256 of bytes, in hex. */
export function hashOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}
