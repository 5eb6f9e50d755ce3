import { createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { type CountingServer, type Fault, startCountingServer } from './countingServer.testkit'
import { createHttpClient, type HttpLimits, httpLimits, NoAnswer } from './httpClient'

const quick: HttpLimits = { ...httpLimits, pauseMs: 5, maxPauseMs: 20, totalMs: 2_000 }
const call = { method: 'GET', path: '/v1/workspaces/w/fs/file?path=%2Fa' } as const

async function open(
  fault: ((count: number) => Fault | undefined) | null,
  limits: HttpLimits = quick,
): Promise<{ readonly server: CountingServer; readonly client: ReturnType<typeof createHttpClient> }> {
  const server = await startCountingServer({ token: 'secret' })
  server.put('/a', 'text')
  server.setFault(fault && (() => fault(server.calls.length)))
  const client = createHttpClient({ baseUrl: server.url, authorization: () => 'Bearer secret', limits })
  onTestFinished(async () => {
    client.close()
    await server.close()
  })
  return { server, client }
}

async function troubleOf(asked: Promise<unknown>): Promise<NoAnswer | undefined> {
  return asked.then(
    () => undefined,
    (error: unknown) => (error instanceof NoAnswer ? error : undefined),
  )
}

test('busy answers are tried again, at most four times', async () => {
  const { server, client } = await open((count) => (count < 3 ? { kind: 'answer', status: 503 } : undefined))
  const { status } = await client.request(call)
  server.setFault(() => ({ kind: 'answer', status: 503 }))
  const last = await client.request(call)
  expect([status, last.status, server.calls.length]).toEqual([200, 503, 3 + 4])
})

test('a refusal is not tried again', async () => {
  const { server, client } = await open(() => ({ kind: 'answer', status: 422 }))
  expect([(await client.request(call)).status, server.calls.length]).toEqual([422, 1])
})

test('a lost connection is tried again, and the last loss tells that the server may have acted', async () => {
  const { server, client } = await open((count) => (count < 3 ? { kind: 'drop', when: 'before' } : undefined))
  const { status } = await client.request(call)
  server.setFault(() => ({ kind: 'drop', when: 'after' }))
  expect([status, (await troubleOf(client.request(call)))?.mayHaveArrived]).toEqual([200, true])
})

test('a server that cannot be reached has not acted', async () => {
  const { server, client } = await open(null)
  await server.close()
  const trouble = await troubleOf(client.request(call))
  expect([trouble?.kind, trouble?.mayHaveArrived]).toEqual(['unreachable', false])
})

test('Retry-After holds back every request of the client', async () => {
  const times: number[] = []
  const { server, client } = await open((count) => {
    times.push(performance.now())
    return count === 1 ? { kind: 'answer', status: 429, headers: { 'Retry-After': '1' } } : undefined
  })
  const first = client.request(call)
  while (server.calls.length === 0) await new Promise(setImmediate)
  const second = new Promise((resolve) => setTimeout(resolve, 100)).then(() => client.request(call))
  await Promise.all([first, second])
  expect(times.slice(1).every((at) => at - (times[0] ?? 0) >= 900)).toBe(true)
})

test('a longer pause than the limit is taken as a refusal', async () => {
  const { server, client } = await open(() => ({ kind: 'answer', status: 429, headers: { 'Retry-After': '3600' } }))
  expect([(await client.request(call)).status, server.calls.length]).toEqual([429, 1])
})

test('a redirect is an answer: the token goes to no other address', async () => {
  const other = await open(null)
  const { client } = await open(() => ({
    kind: 'answer',
    status: 302,
    headers: { Location: `${other.server.url}/v1/workspaces/w/fs/file?path=%2Fa` },
  }))
  expect([(await client.request(call)).status, other.server.calls.length]).toEqual([302, 0])
})

test('an answer that is too large is not read', async () => {
  const { server, client } = await open(null, { ...quick, maxResponseBytes: 1_000 })
  server.put('/a', 'x'.repeat(5_000))
  expect((await troubleOf(client.request(call)))?.kind).toBe('too-large')
})

test('a hanging server is given up', async () => {
  const { client } = await open(() => ({ kind: 'hang' }), { ...quick, totalMs: 50, attempts: 2 })
  expect((await troubleOf(client.request(call)))?.kind).toBe('timeout')
})

test('a connection that is never answered is given up', async () => {
  const silent = createServer(() => undefined)
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void silent.close())
  const address = silent.address()
  const port = typeof address === 'object' ? address?.port : 0
  const limits = { ...quick, connectMs: 50, attempts: 1 }
  const baseUrl = `https://127.0.0.1:${port}`
  const client = createHttpClient({ baseUrl, authorization: () => 'Bearer secret', limits })
  onTestFinished(() => client.close())
  expect((await troubleOf(client.request(call)))?.kind).toBe('unreachable')
})

test('a request that is aborted ends at once', async () => {
  const { server, client } = await open(() => ({ kind: 'hang' }))
  const stop = new AbortController()
  const asked = troubleOf(client.request({ ...call, signal: stop.signal }))
  while (server.calls.length === 0) await new Promise(setImmediate)
  stop.abort()
  expect((await asked)?.kind).toBe('aborted')
})

test('every call carries a correlation id of its own', async () => {
  const { server, client } = await open(null)
  await Promise.all([client.request(call), client.request(call)])
  const ids = server.calls.map(({ correlationId }) => correlationId)
  expect([ids.every((id) => id.length > 10), new Set(ids).size]).toEqual([true, 2])
})

test('the token is taken out of what a server says', async () => {
  const { client } = await open(null)
  expect(client.scrub('you sent secret')).toBe('you sent [token]')
})
