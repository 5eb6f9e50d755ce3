import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Demo } from '../../../shared/contract'
import { type ApiAnswer, type ApiCall, refuse } from './apiAnswer'
import { adminReplay, allScopes, findRoute } from './practiceApi'
import { createFaultBook, type FaultBook, type FaultEffect } from './practiceFaults'
import { createPracticeFiles, type PracticeFiles } from './practiceFiles'

/** Who may call: the token, the one workspace it is for, and what it allows (all unless told). */
export interface PracticeAccount {
  readonly token: string
  readonly workspaceId: string
  readonly scopes?: readonly string[]
}

/** A relayfile server to practise with, and everything that can be made to go wrong with it. */
export interface PracticeServer {
  readonly url: string
  /** The faults: the one way to set them for the demo and for tests. */
  readonly faults: FaultBook
  /** The last requests, newest first; never a token. */
  readonly requests: () => Demo['requests']
  /** The first account's workspace. */
  readonly files: PracticeFiles
  readonly workspace: (workspaceId: string) => PracticeFiles
  readonly close: () => Promise<void>
}

const keptRequests = 100
const maxBodyBytes = 1024 * 1024

/**
 * Starts the practice server on a free port of 127.0.0.1 (docs/formats-writebacks.md, "Server"). Everything is in
 * memory. `features` is what `/health` says that it can do, such as `symlink-v1`.
 */
export async function startPracticeServer({
  others = [],
  seedFiles = {},
  features = [],
  onRequest = () => undefined,
  port = 0,
  ...first
}: PracticeAccount & {
  readonly others?: readonly PracticeAccount[]
  readonly seedFiles?: Readonly<Record<string, string>>
  readonly features?: readonly string[]
  readonly onRequest?: () => void
  readonly port?: number
}): Promise<PracticeServer> {
  const accounts = new Map([first, ...others].map((account) => [`Bearer ${account.token}`, account]))
  const workspaces = new Map([[first.workspaceId, createPracticeFiles(seedFiles)]])
  const workspace = (id: string): PracticeFiles => {
    const known = workspaces.get(id) ?? createPracticeFiles()
    workspaces.set(id, known)
    return known
  }
  const faults = createFaultBook()
  const log: Demo['requests'][number][] = []

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1')
    const text = await readBody(request)
    const answer = await decide(request, { url, text })
    const path = url.searchParams.get('path')
    log.unshift({
      at: new Date().toISOString(),
      method: request.method ?? '',
      path: path === null ? url.pathname : `${url.pathname} ${path}`,
      status: typeof answer === 'string' ? null : answer.status,
    })
    log.length = Math.min(log.length, keptRequests)
    onRequest()
    if (answer === 'drop') request.socket.destroy()
    if (answer === 'hang' || answer === 'drop') return
    const body = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body)
    response.writeHead(answer.status, { 'Content-Type': 'application/json', ...answer.headers }).end(body)
  }

  const decide = async (
    request: IncomingMessage,
    { url, text }: { readonly url: URL; readonly text: string | null },
  ): Promise<ApiAnswer | 'drop' | 'hang'> => {
    const call: ApiCall = {
      method: request.method ?? 'GET',
      route: url.pathname,
      query: url.searchParams,
      body: parseJson(text ?? ''),
      ifMatch: header(request, 'if-match'),
      correlationId: header(request, 'x-correlation-id') ?? '',
      workspaceId: '',
    }
    if (url.pathname === '/health')
      return { status: 200, body: { status: 'ok', ...(features.length > 0 ? { features } : {}) } }
    const account = accounts.get(header(request, 'authorization') ?? '')
    if (!account) return refuse(call, { status: 401, code: 'unauthorized', message: 'invalid jwt format' })
    if (call.correlationId === '')
      return refuse(call, { status: 400, code: 'bad_request', message: 'missing X-Correlation-Id header' })
    const scopes = account.scopes ?? allScopes
    const admin = /^\/v1\/admin\/replay\/op\/([^/]+)$/.exec(url.pathname)?.[1]
    if (admin !== undefined && request.method === 'POST')
      return adminReplay({ ...call, route: admin }, { workspaces: [...workspaces.values()], scopes })
    const [, given, route] = /^\/v1\/workspaces\/([^/]+)\/(.*)$/.exec(url.pathname) ?? []
    if (given === undefined || route === undefined)
      return refuse(call, { status: 404, code: 'not_found', message: 'route not found' })
    const workspaceId = decodeURIComponent(given)
    if (workspaceId !== account.workspaceId)
      return refuse(call, { status: 403, code: 'forbidden', message: 'workspace mismatch' })
    if (text === null)
      return refuse(call, { status: 413, code: 'payload_too_large', message: 'request body exceeds 1048576 bytes' })
    const found = findRoute({ ...call, route, workspaceId }, { files: workspace(workspaceId), faults, scopes })
    if (!('answer' in found)) return found
    return underFaults(faults.onCall(found.kind, found.paths), {
      call,
      token: account.token,
      answer: found.answer,
    })
  }

  const server = createServer((request, response) => {
    serve(request, response).catch(() => request.socket.destroy())
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve())
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    faults,
    requests: () => log.map((entry) => ({ ...entry })),
    files: workspace(first.workspaceId),
    workspace,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** The answer that a call gets under the faults that met it: delays first, then the first of the others. */
async function underFaults(
  effects: readonly FaultEffect[],
  { call, token, answer }: { readonly call: ApiCall; readonly token: string; readonly answer: () => ApiAnswer },
): Promise<ApiAnswer | 'drop' | 'hang'> {
  for (const effect of effects) if (effect.kind === 'delay') await sleep(effect.ms)
  const effect = effects.find(({ kind }) => kind !== 'delay')
  switch (effect?.kind) {
    case 'refuse': {
      const { status, body, headers = {} } = effect
      if (body === undefined) return refuse(call, { status, code: 'refused', message: `refused with ${status}` })
      return { status, body, headers }
    }
    case 'echo':
      return refuse(call, {
        status: effect.status,
        code: 'refused',
        message: `refused for Bearer ${token}, that is ${token}`,
      })
    case 'rate-limit': {
      const limited = refuse(call, { status: 429, code: 'rate_limited', message: 'rate limit exceeded' })
      return { ...limited, headers: { 'Retry-After': String(effect.retryAfterSeconds) } }
    }
    case 'lose-answer':
      answer()
      return 'drop'
    case 'drop':
    case 'hang':
      return effect.kind
    default:
      return answer()
  }
}

/** The body's text; null when it is larger than the server takes. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of request) {
    bytes += (part as Buffer).length
    if (bytes <= maxBodyBytes) parts.push(part as Buffer)
  }
  return bytes > maxBodyBytes ? null : Buffer.concat(parts).toString('utf8')
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
