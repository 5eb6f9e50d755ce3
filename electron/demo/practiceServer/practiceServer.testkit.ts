import { createHash } from 'node:crypto'
import { expect, onTestFinished } from 'vitest'
import { type PracticeServer, startPracticeServer } from './practiceServer'

export const base = { token: 'practice-token', workspaceId: 'ws_test' }
export const identity = { kind: 'mount-command', key: 'mountcmd_1', ttlSeconds: 604_800 }

export async function started(
  options: Partial<Parameters<typeof startPracticeServer>[0]> = {},
): Promise<PracticeServer> {
  const server = await startPracticeServer({ ...base, seedFiles: { '/docs/a.md': 'one\n' }, ...options })
  onTestFinished(() => server.close())
  return server
}

/** One call as a client makes it; `route` stands behind the workspace unless it begins with a slash. */
export async function ask(
  server: PracticeServer,
  method: string,
  route: string,
  { body, headers = {}, token = base.token }: { body?: unknown; headers?: object; token?: string } = {},
) {
  const response = await fetch(`${server.url}${route.startsWith('/') ? route : `/v1/workspaces/ws_test/${route}`}`, {
    method,
    headers: {
      Authorization: `Bearer ${token}`,
      'X-Correlation-Id': 'c',
      'Content-Type': 'application/json',
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    signal: AbortSignal.timeout(30_000),
  })
  const text = await response.text()
  return {
    status: response.status,
    body: text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text,
    response,
  }
}

export const write = (change: object = {}) => ({
  body: {
    files: [
      { path: '/docs/a.md', contentType: 'text/markdown', content: 'two\n', encoding: '', ifMatch: '*', ...change },
    ],
  },
})
export const said = async (answer: ReturnType<typeof ask>): Promise<unknown> => {
  const { status, body } = await answer
  return [status, body]
}
export const error = (code: string, message: string, more: object = {}): object => ({
  code,
  message,
  correlationId: 'c',
  ...more,
})
export const hash = (text: string): string => createHash('sha256').update(text).digest('hex')
export const time: unknown = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
/** Until an operation has ended, by looking as a client does. */
export async function ended(server: PracticeServer, opId: string): Promise<unknown> {
  for (let looks = 0; looks < 5; looks++) {
    const { body } = await ask(server, 'GET', `ops/${opId}`)
    if (body.status === 'succeeded' || body.status === 'dead_lettered') return body
  }
  throw new Error(`${opId} has not ended`)
}
