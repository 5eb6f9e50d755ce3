import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** One call that came, in order. */
export interface CountedCall {
  readonly method: string
  readonly route: string
  /** The file that it is about; null for operations. */
  readonly path: string | null
  readonly identity: string | null
  readonly ifMatch: string | null
  readonly authorization: string
  readonly correlationId: string
}

/** What the server does with a call instead of answering it as it should. */
export type Fault =
  | {
      readonly kind: 'answer'
      readonly status: number
      readonly body?: unknown
      readonly headers?: Record<string, string>
    }
  /** The connection is cut: before anything was done, or after. */
  | { readonly kind: 'drop'; readonly when: 'before' | 'after' }
  /** Nothing is ever answered. */
  | { readonly kind: 'hang' }

interface CountedFile {
  readonly revision: string
  readonly contentHash: string
  readonly content: string
  readonly encoding: string
}

/** A server in the test's own process that speaks the API and counts what it is asked to do. Its memory outlives its clients. */
export interface CountingServer {
  readonly url: string
  readonly calls: readonly CountedCall[]
  readonly files: Map<string, CountedFile>
  /** How many times a path was really written. */
  readonly applied: ReadonlyMap<string, number>
  readonly ops: Map<string, { status: string; path: string; lastError?: string; updatedAt: string }>
  /** How new operations end; `pending` leaves them as they are. */
  readonly newOps: { status: string }
  readonly put: (path: string, content: string) => void
  readonly setFault: (fault: ((call: CountedCall) => Fault | undefined) | null) => void
  readonly close: () => Promise<void>
}

export async function startCountingServer({
  token = 'secret-token',
  delayMs = 0,
  keepCalls = true,
}: {
  readonly token?: string
  readonly delayMs?: number
  readonly keepCalls?: boolean
} = {}): Promise<CountingServer> {
  const calls: CountedCall[] = []
  const files = new Map<string, CountedFile>()
  const applied = new Map<string, number>()
  const ops: CountingServer['ops'] = new Map()
  const identities = new Map<string, string>()
  const newOps = { status: 'succeeded' }
  let fault: ((call: CountedCall) => Fault | undefined) | null = null
  let revisions = 0

  const place = (path: string, content: string, encoding: string): CountedFile => {
    const raw = Buffer.from(content, encoding === 'base64' ? 'base64' : 'utf8')
    const contentHash = createHash('sha256').update(raw).digest('hex')
    const file = { revision: `rev_${++revisions}`, contentHash, content, encoding }
    files.set(path, file)
    return file
  }
  const write = (body: BulkBody): unknown => {
    const [file] = body.files
    const { path, content, encoding = '', ifMatch, contentIdentity } = file ?? { path: '', content: '' }
    const identity = contentIdentity ? `${contentIdentity.kind} ${contentIdentity.key}` : null
    const earlier = identity === null ? undefined : identities.get(identity)
    const known = earlier === undefined ? undefined : ops.get(earlier)
    const current = files.get(path)
    const answer = (opId: string, revision: string, written: number): unknown => ({
      written,
      errorCount: 0,
      errors: [],
      results: [{ path, revision, opId, writeback: { provider: 'x', state: ops.get(opId)?.status } }],
    })
    if (earlier !== undefined && known) return answer(earlier, current?.revision ?? 'rev_0', 0)
    const matches = ifMatch === '*' || (ifMatch === '0' ? !current : current?.revision === ifMatch)
    if (!matches) {
      const message = `expected revision "${ifMatch}" but current revision is "${current?.revision ?? 'none'}"`
      return { written: 0, errorCount: 1, results: [], errors: [{ path, code: 'conflict', message }] }
    }
    const { revision } = place(path, content, encoding)
    applied.set(path, (applied.get(path) ?? 0) + 1)
    const opId = `op_${ops.size + 1}`
    ops.set(opId, { status: newOps.status, path, updatedAt: new Date().toISOString() })
    if (identity !== null) identities.set(identity, opId)
    return answer(opId, revision, 1)
  }
  const reply = (call: CountedCall, body: BulkBody | undefined): { status: number; body: unknown } => {
    const refuse = (status: number, code: string) => ({ status, body: { code, message: code } })
    if (call.authorization !== `Bearer ${token}`) return refuse(401, 'unauthorized')
    if (call.correlationId === '') return refuse(400, 'bad_request')
    if (call.method === 'GET' && call.route === 'fs/file') {
      const file = files.get(call.path ?? '')
      return file
        ? { status: 200, body: { path: call.path, contentType: 'text/plain', ...file } }
        : refuse(404, 'not_found')
    }
    if (call.method === 'POST' && call.route === 'fs/bulk' && body) return { status: 202, body: write(body) }
    const [, opId = '', replay] = /^ops\/([^/]+)(\/replay)?$/.exec(call.route) ?? []
    const op = ops.get(decodeURIComponent(opId))
    if (!op) return refuse(404, 'not_found')
    if (!replay) return { status: 200, body: { opId, ...op } }
    if (op.status !== 'dead_lettered') return refuse(409, 'invalid_state')
    op.status = 'succeeded'
    op.updatedAt = new Date().toISOString()
    return { status: 202, body: { status: 'queued', id: opId } }
  }

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1')
    const body = parse(await readAll(request))
    const [file] = body?.files ?? []
    const call: CountedCall = {
      method: request.method ?? '',
      route: url.pathname.replace(/^\/v1\/workspaces\/[^/]+\//, ''),
      path: file?.path ?? url.searchParams.get('path'),
      identity: file?.contentIdentity ? `${file.contentIdentity.kind} ${file.contentIdentity.key}` : null,
      ifMatch: file?.ifMatch ?? null,
      authorization: request.headers.authorization ?? '',
      correlationId: String(request.headers['x-correlation-id'] ?? ''),
    }
    if (keepCalls) calls.push(call)
    const wrong = fault?.(call)
    if (wrong?.kind === 'hang') return
    if (wrong?.kind === 'drop' && wrong.when === 'before') {
      request.socket.destroy()
      return
    }
    if (wrong?.kind === 'answer') {
      response.writeHead(wrong.status, { 'Content-Type': 'application/json', ...wrong.headers })
      response.end(wrong.body === undefined ? '' : JSON.stringify(wrong.body))
      return
    }
    const answer = reply(call, body)
    if (wrong?.kind === 'drop') {
      request.socket.destroy()
      return
    }
    const send = (): void => {
      response.writeHead(answer.status, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer.body))
    }
    if (delayMs > 0) setTimeout(send, delayMs)
    else send()
  }

  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...{ calls, files, applied, ops, newOps },
    put: (path, content) => void place(path, content, ''),
    setFault: (next) => {
      fault = next
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

interface BulkBody {
  readonly files: readonly {
    readonly path: string
    readonly content: string
    readonly encoding?: string
    readonly ifMatch?: string
    readonly contentIdentity?: { readonly kind: string; readonly key: string }
  }[]
}

async function readAll(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of request as AsyncIterable<Buffer>) parts.push(part)
  return Buffer.concat(parts).toString('utf8')
}

function parse(text: string): BulkBody | undefined {
  return text === '' ? undefined : (JSON.parse(text) as BulkBody) // From Rundesk itself.
}
