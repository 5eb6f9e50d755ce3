import { createHash, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import { type Answer, answerCall } from './practiceRoutes'
import { createStore, type Fault, type StoredFile } from './practiceStore'

export interface SeenRequest {
  readonly at: string
  readonly method: string
  readonly path: string
  readonly status: number
}
export interface PracticeServer {
  readonly url: string
  readonly setFault: (fault: Fault, on: boolean) => void
  readonly faults: () => readonly Fault[]
  readonly requests: () => readonly SeenRequest[]
  readonly files: () => ReadonlyMap<string, StoredFile>
  readonly close: () => Promise<void>
}
const bodyLimit = 1024 * 1024

/** Starts a relayfile server for practice on 127.0.0.1, with its files in memory and faults that can be switched on. */
export async function startPracticeServer(options: {
  readonly token: string
  readonly workspaceId: string
  readonly seedFiles: Readonly<Record<string, string>>
  readonly onRequest?: () => void
  readonly port?: number
}): Promise<PracticeServer> {
  const { token, workspaceId, seedFiles, onRequest, port = 0 } = options
  const store = createStore(seedFiles)
  const requests: SeenRequest[] = []
  const answer = async (request: IncomingMessage, url: URL): Promise<Answer> => {
    const refuse = (status: number, code: string, message: string): Answer => ({ status, body: { code, message } })
    const method = request.method ?? 'GET'
    if (url.pathname === '/health') return { status: 200, body: { status: 'ok', features: [] } }
    const body = await readBody(request)
    if (!same(request.headers.authorization ?? '', `Bearer ${token}`))
      return refuse(401, 'unauthorized', 'The token is missing or wrong.')
    if (!request.headers['x-correlation-id']) return refuse(400, 'bad_request', 'X-Correlation-Id is missing.')
    const match = /^\/v1\/workspaces\/([^/]+)\/(.+)$/.exec(url.pathname)
    if (!match) return refuse(404, 'not_found', 'There is no such route.')
    if (match[1] !== workspaceId) return refuse(403, 'forbidden', 'The token is not for this workspace.')
    if (body === undefined) return refuse(413, 'payload_too_large', 'The body is larger than 1 MiB.')
    const parsed = parseObject(body)
    if (!parsed) return refuse(400, 'bad_request', 'The body is not a JSON object.')
    const ifMatch = request.headers['if-match']
    return answerCall(store, { method, route: match[2] ?? '', query: url.searchParams, ifMatch, body: parsed })
  }
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1')
    answer(request, url)
      .catch((): Answer => ({ status: 500, body: { code: 'internal', message: 'The practice server failed.' } }))
      .then(({ status, body }) => {
        const path = `${url.pathname}${url.searchParams.has('token') ? '' : url.search}`
        requests.push({ at: new Date().toISOString(), method: request.method ?? 'GET', path, status })
        if (requests.length > 100) requests.shift()
        const correlationId = request.headers['x-correlation-id'] ?? ''
        response.writeHead(status, { 'Content-Type': 'application/json' })
        response.end(JSON.stringify(status >= 400 ? { ...(body as object), correlationId } : body))
        onRequest?.()
      })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : port}`,
    setFault: (fault, on) => {
      if (on) store.faults.add(fault)
      else store.faults.delete(fault)
    },
    faults: () => [...store.faults],
    requests: () => requests,
    files: () => store.files,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function same(a: string, b: string): boolean {
  const digest = (value: string): Buffer => createHash('sha256').update(value).digest()
  return timingSafeEqual(digest(a), digest(b))
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size <= bodyLimit) chunks.push(chunk)
  }
  return size > bodyLimit ? undefined : Buffer.concat(chunks).toString('utf8')
}

function parseObject(body: string): Record<string, unknown> | undefined {
  if (body === '') return {}
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
