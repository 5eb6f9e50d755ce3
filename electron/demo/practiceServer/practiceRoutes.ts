import { bytesOf, contentTypeOf, hashOf, type PracticeStore, type StoredFile } from './practiceStore'

export interface Call {
  readonly method: string
  readonly route: string
  readonly query: URLSearchParams
  readonly ifMatch: string | undefined
  readonly body: Record<string, unknown>
}
export interface Answer {
  readonly status: number
  readonly body: unknown
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const fail = (status: number, code: string, message: string, more: object = {}): Answer => ({
  status,
  body: { code, message, ...more },
})
const pageSize = 1000

/** Answers one authorised call on the workspace. */
export function answerCall(store: PracticeStore, call: Call): Answer {
  const { method, route, query } = call
  const path = query.get('path') ?? '/'
  const writes = (route === 'fs/bulk' && method === 'POST') || (route === 'fs/file' && method === 'PUT')
  if (writes && store.faults.has('unprocessable'))
    return fail(422, 'validation_failed', 'The practice server refuses every write.')
  if (writes && store.faults.has('unavailable'))
    return fail(503, 'unavailable', 'The practice server is unavailable for writes.')
  const op = /^ops\/([^/]+)(\/replay)?$/.exec(route)
  if (op) return answerOp(store, method, op[1] ?? '', op[2] !== undefined)
  switch (`${method} ${route}`) {
    case 'GET fs/tree':
      return tree(store, path, query)
    case 'GET fs/file': {
      const file = store.files.get(path)
      return file ? { status: 200, body: show(path, file) } : fail(404, 'not_found', `${path} does not exist.`)
    }
    case 'PUT fs/file':
    case 'DELETE fs/file':
      return change(store, path, call)
    case 'POST fs/bulk':
      return bulk(store, call.body)
    case 'GET fs/events':
      return eventsPage(store, query)
    case 'GET fs/export':
      return { status: 200, body: [...store.files].filter(([p]) => inside(p, path)).map(([p, f]) => show(p, f)) }
    case 'POST fs/merge':
      return fail(409, 'merge_conflict', 'Both sides changed.', {
        conflicts: [],
        currentRevision: store.files.get(path)?.revision,
      })
    case 'GET ops': {
      const status = query.get('status')
      const items = [...store.ops.values()].reverse().filter((one) => !status || one.status === status)
      return { status: 200, body: { items: items.slice(0, Number(query.get('limit')) || 100), nextCursor: null } }
    }
    case 'GET sync/status':
      return { status: 200, body: { providers: [] } }
    default:
      return fail(404, 'not_found', 'There is no such route.')
  }
}

function answerOp(store: PracticeStore, method: string, opId: string, replay: boolean): Answer {
  const op = store.ops.get(opId)
  if (!op) return fail(404, 'not_found', `${opId} does not exist.`)
  if (!replay && method === 'GET')
    return { status: 200, body: { ...store.poll(op), provider: '', attemptCount: 1, updatedAt: op.createdAt } }
  if (!replay || method !== 'POST') return fail(404, 'not_found', 'There is no such route.')
  if (op.status !== 'dead_lettered') return fail(409, 'invalid_state', `${opId} is not dead-lettered.`)
  op.status = 'pending'
  delete op.lastError
  return { status: 202, body: { status: 'queued', id: opId } }
}

function conflictOf(store: PracticeStore, path: string, ifMatch: string | undefined): object | undefined {
  const current = store.files.get(path)?.revision
  const wanted = ifMatch?.replace(/^W\//, '').replaceAll('"', '')
  if (!wanted || wanted === '*' || wanted === (current ?? '0')) return undefined
  return { expectedRevision: wanted, currentRevision: current ?? '' }
}

function change(store: PracticeStore, path: string, { method, ifMatch, body }: Call): Answer {
  if (!store.files.has(path) && (method === 'DELETE' || (ifMatch && !['0', '*'].includes(ifMatch))))
    return fail(404, 'not_found', `${path} does not exist.`)
  const conflict = conflictOf(store, path, ifMatch)
  if (conflict) return fail(409, 'revision_conflict', 'The file has changed.', conflict)
  const op = method === 'DELETE' ? store.remove(path) : store.put(path, sent(path, body))
  const writeback = { provider: '', state: 'pending' }
  return { status: 202, body: { opId: op.opId, status: 'queued', targetRevision: op.revision, writeback } }
}

function sent(path: string, body: Record<string, unknown>) {
  return {
    content: text(body.content),
    contentType: text(body.contentType) || contentTypeOf(path),
    encoding: text(body.encoding),
  }
}

function bulk(store: PracticeStore, body: Record<string, unknown>): Answer {
  if (!Array.isArray(body.files)) return fail(400, 'bad_request', 'files is missing.')
  const results: object[] = []
  const errors: object[] = []
  let written = 0
  for (const file of body.files as Record<string, unknown>[]) {
    const path = text(file?.path)
    const identity = file?.contentIdentity ? JSON.stringify(file.contentIdentity) : undefined
    const earlier = identity === undefined ? undefined : store.identities.get(identity)
    const conflict = earlier ? undefined : conflictOf(store, path, text(file?.ifMatch))
    if (!path.startsWith('/')) errors.push({ path, code: 'bad_request', message: 'The path is not absolute.' })
    else if (conflict) errors.push({ path, code: 'conflict', message: 'The file has changed.', ...conflict })
    else {
      const op = earlier ?? store.put(path, sent(path, file))
      if (!earlier) written++
      if (identity !== undefined) store.identities.set(identity, op)
      const writeback = { provider: '', state: 'pending' }
      const contentType = text(file.contentType)
      results.push({ path, revision: op.revision, contentType, opId: op.opId, writeback })
    }
  }
  return { status: 202, body: { written, errorCount: errors.length, errors, results } }
}

function show(path: string, file: StoredFile): object {
  const { updatedAt: lastEditedAt, ...rest } = file
  return { path, ...rest, contentHash: hashOf(bytesOf(file)), lastEditedAt, semantics: {} }
}

function inside(path: string, root: string): boolean {
  return root === '/' || path === root || path.startsWith(`${root}/`)
}

function tree(store: PracticeStore, path: string, query: URLSearchParams): Answer {
  const depth = Number(query.get('depth')) || 1000
  const base = path.split('/').filter(Boolean).length
  const entries = new Map<string, object>()
  for (const [name, file] of store.files) {
    if (!inside(name, path)) continue
    const parts = name.split('/').filter(Boolean)
    for (let n = base + 1; n < parts.length && n <= base + depth; n++) {
      const dir = `/${parts.slice(0, n).join('/')}`
      entries.set(dir, { path: dir, type: 'dir', revision: 'dir' })
    }
    const bytes = bytesOf(file)
    const { revision, updatedAt } = file
    if (parts.length <= base + depth)
      entries.set(name, {
        path: name,
        type: 'file',
        revision,
        contentHash: hashOf(bytes),
        size: bytes.length,
        updatedAt,
      })
  }
  const cursor = query.get('cursor') ?? ''
  const names = [...entries.keys()].sort().filter((name) => name > cursor)
  const page = names.slice(0, pageSize)
  const nextCursor = names.length > pageSize ? page.at(-1) : null
  return { status: 200, body: { path, entries: page.map((name) => entries.get(name)), nextCursor } }
}

function eventsPage(store: PracticeStore, query: URLSearchParams): Answer {
  const limit = Number(query.get('limit')) || 100
  if (query.get('direction') === 'desc')
    return { status: 200, body: { events: store.events.slice(-limit).reverse(), nextCursor: null } }
  const start = store.events.findIndex((event) => event.eventId === query.get('cursor')) + 1
  const events = store.events.slice(start, start + limit)
  const nextCursor = start + limit < store.events.length ? events.at(-1)?.eventId : null
  return { status: 200, body: { events, nextCursor } }
}
