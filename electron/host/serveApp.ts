import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketServer } from 'ws'
import { RundeskError } from '../../shared/outcome'
import { causeOf } from '../../shared/systemErrors'
import type { App } from '../api/app'
import { containedPath } from '../files/containedPath'
import { mimeTypeOf, securityHeaders } from './contentSecurity'
import { createEventLog } from './eventLog'
import { closeCodes, connectPage, type PageConnection, type PageLimits } from './pageConnection'
import { createSessions, type Session } from './sessions'
import { arrivalOf, isLoopbackHost, isOwnOrigin } from './visitors'

/** The app in a browser. */
export interface ServedApp {
  /** The address with this launch's token: whoever opens it gets a session. */
  readonly url: string
  /** How many pages are connected. */
  readonly pages: () => number
  readonly close: () => Promise<void>
}

/** What a page may send at once: an edited file of 8 Mi characters, the largest that a channel takes. */
const maxMessageBytes = 24 * 1024 * 1024
const mostPages = 32
const mostConnections = 256
const requestTimeoutMs = 30_000
const lookAgainScript = 'look-again.js'

const words = {
  address: 'Rundesk answers only under its own address.',
  method: 'Only GET is answered.',
  embedding: 'Rundesk does not answer other pages.',
  token: 'This token is not of this launch. Use the address that Rundesk printed.',
  tooMany: 'Too many wrong tokens were shown. Use the address that Rundesk printed.',
  session: 'Open the address that Rundesk printed: it holds the token of this launch.',
  file: 'There is no such file.',
} as const

/**
 * Serves the built window and the app's requests on 127.0.0.1 only. The token of the address is exchanged for a session
 * with a cookie and a path of its own; Host, Origin and Fetch Metadata are checked, so that no other page of the browser
 * can reach it. Nothing is to be cached.
 */
export async function serveApp({
  app,
  rendererDir,
  port,
  limits,
}: {
  readonly app: Pick<App, 'request' | 'subscribe'>
  readonly rendererDir: string
  readonly port: number
  readonly limits?: PageLimits
}): Promise<ServedApp> {
  const sessions = createSessions({ now: Date.now })
  const log = createEventLog()
  const pages = new Set<PageConnection>()
  const server = createServer({ requestTimeout: requestTimeoutMs, maxHeaderSize: 16 * 1024 }, (request, response) => {
    void answer(request, response)
  })
  server.maxConnections = mostConnections
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maxMessageBytes })

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const refuse = (status: number, text: string): void => {
      response.writeHead(status, { ...securityHeaders, 'Content-Type': 'text/plain; charset=utf-8' }).end(`${text}\n`)
    }
    if (!isLoopbackHost(request.headers.host)) return refuse(403, words.address)
    if (request.method !== 'GET') return refuse(405, words.method)
    const arrival = arrivalOf(request.headers)
    if (arrival === 'embedding') return refuse(403, words.embedding)
    const url = urlOf(request)
    if (url === undefined) return refuse(404, words.file)
    const given = url.searchParams.get('token')
    if (given !== null) {
      const shown = sessions.show(given)
      if (typeof shown === 'object') return welcome(response, shown)
      if (shown === 'wrong') return refuse(403, words.token)
      response.setHeader('Retry-After', '60')
      return refuse(429, words.tooMany)
    }
    const [id, path] = splitPath(url.pathname)
    if (!sessions.isOpen(id, request.headers.cookie))
      return arrival === 'link' ? lookAgain(response) : refuse(403, words.session)
    if (path === lookAgainScript) return give(response, { path, data: 'location.reload()' })
    const file = await readRendererFile(rendererDir, path).catch(() => undefined)
    if (!file) return refuse(404, words.file)
    give(response, file)
  }

  server.on('upgrade', (request, socket, head) => {
    const refuse = (status: string): void => {
      socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
    }
    socket.on('error', () => socket.destroy())
    const url = urlOf(request)
    const [id, path] = splitPath(url?.pathname ?? '')
    if (!isOwnOrigin(request.headers) || path !== 'bridge' || !sessions.isOpen(id, request.headers.cookie))
      return refuse('403 Forbidden')
    if (pages.size >= mostPages) return refuse('503 Service Unavailable')
    sockets.handleUpgrade(request, socket, head, (client) => {
      const page = connectPage({
        socket: client,
        log,
        after: revisionOf(url?.searchParams.get('after') ?? null),
        request: (channel, input) => app.request(channel, input, 'window'),
        ...(limits ? { limits } : {}),
      })
      pages.add(page)
      client.on('close', () => pages.delete(page))
    })
  })

  const unsubscribe = app.subscribe((event, payload) => {
    const numbered = log.add(event, payload)
    for (const page of pages) page.tell(numbered)
  })
  const actual = await listen(server, port).catch((error: unknown) => {
    unsubscribe()
    throw new RundeskError(
      'unreachable',
      `Port ${port} of 127.0.0.1 cannot be used (${causeOf(error)}). Choose another with --port.`,
      { cause: error },
    )
  })
  return {
    url: `http://127.0.0.1:${actual}/?token=${sessions.token}`,
    pages: () => pages.size,
    close: async () => {
      unsubscribe()
      const gone = [...sockets.clients].map((client) => new Promise((resolve) => client.once('close', resolve)))
      for (const page of pages) page.close(closeCodes.ending, 'Rundesk was ended.')
      await Promise.all(gone)
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
    },
  }
}

interface ServedFile {
  readonly path: string
  readonly data: Uint8Array | string
}

function give(response: ServerResponse, { path, data }: ServedFile): void {
  response.writeHead(200, { ...securityHeaders, 'Content-Type': mimeTypeOf(path) }).end(data)
}

/** Leads a browser that showed the token to the address of its session. */
function welcome(response: ServerResponse, { id, cookie }: Session): void {
  response.writeHead(303, { ...securityHeaders, Location: `/${id}/`, 'Set-Cookie': cookie }).end()
}

/**
 * Browsers send our cookie only to whom they come from a page of ours. Who followed a link of another page gets one of
 * ours, which looks again from there; the part of the address behind `#` stays.
 */
function lookAgain(response: ServerResponse): void {
  response
    .writeHead(200, { ...securityHeaders, 'Content-Type': mimeTypeOf('.html') })
    .end(`<!doctype html><title>Rundesk</title><script src="${lookAgainScript}"></script><p>${words.session}`)
}

async function readRendererFile(folder: string, pathname: string): Promise<ServedFile> {
  const path = containedPath(folder, pathname === '' ? 'index.html' : decodeURIComponent(pathname))
  return { path, data: await readFile(path) }
}

function urlOf({ url }: IncomingMessage): URL | undefined {
  return URL.canParse(url ?? '', 'http://127.0.0.1') ? new URL(url ?? '', 'http://127.0.0.1') : undefined
}

/** `/ID/rest` as ID and rest. */
function splitPath(pathname: string): readonly [string, string] {
  const [, id = '', ...rest] = pathname.split('/')
  return [id, rest.join('/')]
}

function revisionOf(text: string | null): number | null {
  const revision = Number(text)
  return text !== null && Number.isSafeInteger(revision) && revision >= 0 ? revision : null
}

function listen(server: ReturnType<typeof createServer>, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}
