import { mkdir, writeFile } from 'node:fs/promises'
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { type OpenApp, openApp } from '../api/openApp.testkit'
import { makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import type { PageLimits } from './pageConnection'
import { serveApp } from './serveApp'

/** A host over a real app with one workspace, both closed after the test. */
export interface OpenHost extends OpenApp {
  readonly url: URL
  readonly workspace: string
  readonly pages: () => number
}

export async function openHost(limits?: PageLimits): Promise<OpenHost> {
  const place = await makeTemporaryFolder()
  const [workspace, rendererDir] = [join(place, 'payments'), join(place, 'renderer')]
  await mkdir(join(workspace, '.agent-relay'), { recursive: true })
  await mkdir(rendererDir)
  await writeFile(join(rendererDir, 'index.html'), '<p>The window</p>')
  const opened = await openApp([workspace], { host: 'browser', home: place })
  const served = await serveApp({ app: opened.app, rendererDir, port: 0, ...(limits ? { limits } : {}) })
  onTestFinished(served.close)
  return { ...opened, workspace, url: new URL(served.url), pages: served.pages }
}

/** An answer as it came. */
export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

/** Asks over plain HTTP, with any headers, as no browser would. */
export function ask(
  url: string,
  { headers = {}, method = 'GET' }: { readonly headers?: Record<string, string>; readonly method?: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = httpRequest(url, { headers, method }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }))
    })
    asked.on('error', reject).end()
  })
}

/** A session: its path, such as `/0123/`, and its cookie. */
export interface Visitor {
  readonly path: string
  readonly cookie: string
}

/** Shows the token, as a browser does that opens the printed address. */
export async function visit(url: URL): Promise<Visitor> {
  const { headers } = await ask(url.href)
  return { path: headers.location ?? '', cookie: headers['set-cookie']?.[0]?.split(';')[0] ?? '' }
}

/** Opens the bridge; gives the HTTP status instead where it is refused. */
export function openPage(
  origin: string,
  {
    path,
    cookie,
    after,
    headers,
  }: Visitor & { readonly after?: number; readonly headers?: Readonly<Record<string, string>> },
): Promise<WebSocket | number> {
  const query = after === undefined ? '' : `?after=${after}`
  const address = `${origin.replace(/^http/, 'ws')}${path}bridge${query}`
  const socket = new WebSocket(address, { headers: { Origin: origin, Cookie: cookie, ...headers } })
  return new Promise((resolve, reject) => {
    socket.on('open', () => resolve(socket))
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0))
    socket.on('error', reject)
  })
}

/** As `ssh -L`: another port of this machine that leads to the host. Gives its origin. */
export async function forward(port: number): Promise<string> {
  const forwarder = createServer((near) => {
    const far = connect(port, '127.0.0.1')
    near.pipe(far).pipe(near)
    near.on('error', () => far.destroy())
    far.on('error', () => near.destroy())
  })
  await new Promise<void>((listening) => forwarder.listen(0, '127.0.0.1', listening))
  onTestFinished(() => {
    forwarder.close()
  })
  const address = forwarder.address()
  return `http://localhost:${typeof address === 'object' ? address?.port : 0}`
}
