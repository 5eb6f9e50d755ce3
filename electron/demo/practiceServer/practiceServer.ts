import { timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Demo, demoFaults } from '../../../shared/contract'
import { type ApiAnswer, type ApiRequest, answerApi } from './practiceApi'
import { createPracticeFiles, type PracticeFiles } from './practiceFiles'

type Fault = (typeof demoFaults)[number]

/** A relayfile server to practise with, with faults that can be switched on. */
export interface PracticeServer {
  readonly url: string
  readonly setFault: (fault: Fault, on: boolean) => void
  readonly faults: () => readonly Fault[]
  /** The last hundred requests, newest first; never a token. */
  readonly requests: () => Demo['requests']
  readonly files: PracticeFiles
  readonly close: () => Promise<void>
}

const keptRequests = 100
const maxBodyBytes = 1024 * 1024

/** Starts the practice server on a free port of 127.0.0.1 (docs/formats-writebacks.md, "Server"). Everything is in memory. */
export async function startPracticeServer({
  token,
  workspaceId,
  seedFiles = {},
  onRequest = () => undefined,
  port = 0,
}: {
  readonly token: string
  readonly workspaceId: string
  readonly seedFiles?: Readonly<Record<string, string>>
  readonly onRequest?: () => void
  readonly port?: number
}): Promise<PracticeServer> {
  const files = createPracticeFiles(seedFiles)
  const faults = new Set<Fault>()
  const log: Demo['requests'][number][] = []

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1')
    const correlationId = String(request.headers['x-correlation-id'] ?? '')
    const refuse = (status: number, code: string, message: string): ApiAnswer => ({
      status,
      body: { code, message, correlationId },
    })
    const body = await readBody(request)
    const answer = decide()
    log.unshift({
      at: new Date().toISOString(),
      method: request.method ?? '',
      path: url.pathname,
      status: answer.status,
    })
    log.length = Math.min(log.length, keptRequests)
    onRequest()
    response.writeHead(answer.status, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer.body))

    function decide(): ApiAnswer {
      if (url.pathname === '/health') return { status: 200, body: { status: 'ok', features: [] } }
      if (!isBearer(request.headers.authorization, token)) return refuse(401, 'unauthorized', 'the token is not valid')
      if (correlationId === '') return refuse(400, 'bad_request', 'X-Correlation-Id is missing')
      const [, scope, workspace = '', rest = ''] = /^\/v1\/(workspaces)\/([^/]+)\/(.*)$/.exec(url.pathname) ?? []
      if (scope === undefined) return refuse(404, 'not_found', 'no such route')
      if (decodeURIComponent(workspace) !== workspaceId)
        return refuse(403, 'forbidden', 'the token is not for this workspace')
      if (body === 'too-large') return refuse(413, 'payload_too_large', 'the body is larger than 1 MiB')
      const call: ApiRequest = {
        method: request.method ?? 'GET',
        route: rest,
        query: url.searchParams,
        body: parseJson(body),
        ifMatch: header(request, 'if-match'),
        correlationId,
      }
      return answerApi(files, faults, call)
    }
  }

  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.writeHead(500).end())
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve())
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    setFault: (fault, on) => {
      if (on) faults.add(fault)
      else faults.delete(fault)
    },
    faults: () => [...faults],
    requests: () => log.map((entry) => ({ ...entry })),
    files,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of request) {
    bytes += (part as Buffer).length
    if (bytes <= maxBodyBytes) parts.push(part as Buffer)
  }
  return bytes > maxBodyBytes ? 'too-large' : Buffer.concat(parts).toString('utf8')
}

function isBearer(given: string | undefined, token: string): boolean {
  const [left, right] = [Buffer.from(given ?? ''), Buffer.from(`Bearer ${token}`)]
  return left.length === right.length && timingSafeEqual(left, right)
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name]
  return Array.isArray(value) ? value[0] : value
}

function parseJson(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}
