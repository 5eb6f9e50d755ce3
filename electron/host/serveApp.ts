import { randomBytes, timingSafeEqual } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'
import { z } from 'zod'
import { RundeskError } from '../../shared/outcome'
import { causeOf } from '../../shared/systemErrors'
import type { App } from '../api/app'
import { containedPath } from '../files/containedPath'
import { mimeTypeOf, securityHeaders } from './contentSecurity'

/** The app in a browser. */
export interface ServedApp {
  /** The address with this launch's token: whoever opens it first gets a session. */
  readonly url: string
  readonly close: () => Promise<void>
}

const cookieName = 'rundesk_session'
const maxMessageBytes = 8 * 1024 * 1024

const messageSchema = z.object({ id: z.number().int(), channel: z.string().max(100), input: z.unknown() })

/**
 * Serves the built window and the app's requests on 127.0.0.1 only. The token of the address is exchanged for a session
 * cookie; Host and Origin are checked, so that no other page of the browser can reach it.
 */
export async function serveApp({
  app,
  rendererDir,
  port,
}: {
  readonly app: App
  readonly rendererDir: string
  readonly port: number
}): Promise<ServedApp> {
  const token = randomBytes(32).toString('hex')
  const session = randomBytes(32).toString('hex')
  const server = createServer((request, response) => void answer(request, response))
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maxMessageBytes })
  let hosts: readonly string[] = []

  const isOurHost = (request: IncomingMessage): boolean => hosts.includes(request.headers.host ?? '')
  const hasSession = (request: IncomingMessage): boolean => {
    const cookies = (request.headers.cookie ?? '').split(/;\s*/)
    return cookies.some((cookie) => same(cookie, `${cookieName}=${session}`))
  }

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const refuse = (status: number, words: string): void => {
      response.writeHead(status, { ...securityHeaders, 'Content-Type': 'text/plain; charset=utf-8' }).end(`${words}\n`)
    }
    if (!isOurHost(request)) return refuse(403, 'Rundesk answers only under its own address.')
    if (request.method !== 'GET') return refuse(405, 'Only GET is answered.')
    const url = new URL(request.url ?? '/', 'http://127.0.0.1')
    const given = url.searchParams.get('token')
    if (given !== null) {
      if (!same(given, token))
        return refuse(403, 'This token is not of this launch. Use the address that Rundesk printed.')
      response
        .writeHead(303, {
          ...securityHeaders,
          Location: '/',
          'Set-Cookie': `${cookieName}=${session}; HttpOnly; SameSite=Strict; Path=/`,
        })
        .end()
      return
    }
    if (!hasSession(request))
      return refuse(403, 'Open the address that Rundesk printed: it holds the token of this launch.')
    const file = await readRendererFile(url.pathname).catch(() => undefined)
    if (!file) return refuse(404, 'There is no such file.')
    response.writeHead(200, { ...securityHeaders, 'Content-Type': mimeTypeOf(file.path) }).end(file.data)
  }
  const readRendererFile = async (pathname: string): Promise<{ readonly path: string; readonly data: Uint8Array }> => {
    const path = containedPath(rendererDir, pathname === '/' ? 'index.html' : decodeURIComponent(pathname))
    return { path, data: await readFile(path) }
  }

  server.on('upgrade', (request, socket, head) => {
    const fromUs = hosts.some((host) => request.headers.origin === `http://${host}`)
    if (!isOurHost(request) || !fromUs || !hasSession(request) || request.url !== '/bridge') {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n')
      return
    }
    sockets.handleUpgrade(request, socket, head, (client) => connect(app, client))
  })

  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) =>
      reject(
        new RundeskError(
          'unreachable',
          `Port ${port} of 127.0.0.1 cannot be used (${causeOf(error)}). Choose another with --port.`,
          { cause: error },
        ),
      ),
    )
    server.listen(port, '127.0.0.1', () => resolve())
  })
  const { port: actual } = server.address() as AddressInfo
  hosts = [`127.0.0.1:${actual}`, `localhost:${actual}`]
  return {
    url: `http://127.0.0.1:${actual}/?token=${token}`,
    close: async () => {
      for (const client of sockets.clients) client.terminate()
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
    },
  }
}

function connect(app: App, client: WebSocket): void {
  const send = (message: unknown): void => {
    if (client.readyState === client.OPEN) client.send(JSON.stringify(message))
  }
  const unsubscribe = app.subscribe((event, payload) => send({ event, payload }))
  client.on('close', unsubscribe)
  client.on('error', () => client.terminate())
  client.on('message', (data) => {
    const parsed = messageSchema.safeParse(parseJson(String(data)))
    if (!parsed.success) {
      client.close(1008, 'not a request')
      return
    }
    const { id, channel, input } = parsed.data
    void app.request(channel, input, 'window').then((outcome) => send({ id, outcome }))
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function same(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)]
  return a.length === b.length && timingSafeEqual(a, b)
}
