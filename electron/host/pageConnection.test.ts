import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import type { Outcome } from '../../shared/outcome'
import { createEventLog } from './eventLog'
import { connectPage, type PageLimits, pageLimits } from './pageConnection'

interface Heard {
  readonly id?: number
  readonly outcome?: { readonly ok: boolean }
  readonly event?: string
  readonly payload?: { readonly operationId?: string }
  readonly revision?: number
  readonly missed?: boolean
}

/** A host of pages over real sockets, whose requests are answered by `answer`. */
async function startPages({
  answer = async () => ({ ok: true, value: null }),
  limits = {},
  log = createEventLog(),
}: {
  readonly answer?: (channel: string, input: unknown) => Promise<Outcome<unknown>>
  readonly limits?: Partial<PageLimits>
  readonly log?: ReturnType<typeof createEventLog>
} = {}) {
  const http = createServer()
  const sockets = new WebSocketServer({ server: http })
  const served: WebSocket[] = []
  const pages: ReturnType<typeof connectPage>[] = []
  sockets.on('connection', (socket, { url }) => {
    const after = /after=(\d+)/.exec(url ?? '')?.[1]
    served.push(socket)
    const asked = { socket, log, after: after === undefined ? null : Number(after), request: answer }
    pages.push(connectPage({ ...asked, limits: { ...pageLimits, ...limits } }))
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    for (const socket of sockets.clients) socket.terminate()
    await new Promise((resolve) => http.close(resolve))
  })
  const { port } = http.address() as AddressInfo
  const open = async (query = ''): Promise<{ readonly page: WebSocket; readonly heard: Heard[] }> => {
    const page = new WebSocket(`ws://127.0.0.1:${port}/${query}`)
    const heard: Heard[] = []
    page.on('message', (data) => heard.push(JSON.parse(String(data))))
    await new Promise((resolve) => page.on('open', resolve))
    return { page, heard }
  }
  const happen = (operationId: string): void => {
    const event = log.add('operations:changed', { operationId })
    for (const page of pages) page.tell(event)
  }
  return { open, happen, served }
}

const big: Outcome<unknown> = { ok: true, value: 'x'.repeat(8 * 1024 * 1024) }
const call = (id: number): string => JSON.stringify({ id, channel: 'runs:get', input: {} })
const ids = (heard: readonly Heard[]): number[] => heard.flatMap(({ id }) => (id === undefined ? [] : [id]))

test('who calls faster than allowed is answered in full, and holds no more than its places meanwhile', async () => {
  let [underWay, most] = [0, 0]
  const { open } = await startPages({
    limits: { requestsPerSecond: 1_000, requestsAtOnce: 3 },
    answer: async () => {
      most = Math.max(most, ++underWay)
      await new Promise((resolve) => setTimeout(resolve, 1))
      underWay--
      return { ok: true, value: null }
    },
  })
  const { page, heard } = await open()
  const numbers = Array.from({ length: 2_500 }, (_, id) => id)
  for (const id of numbers) page.send(call(id))
  await vi.waitFor(() => expect(ids(heard).length).toBe(numbers.length), { timeout: 30_000 })
  expect([ids(heard).toSorted((a, b) => a - b), most]).toEqual([numbers, 3])
})

test('who does not read is given no more than may be unread, and everything once it reads', async () => {
  let asked = 0
  const { open, served } = await startPages({
    answer: async () => {
      asked++
      return big
    },
    limits: { requestsAtOnce: 1 },
  })
  const { page, heard } = await open()
  page.pause()
  for (let id = 0; id < 20; id++) page.send(call(id))
  await vi.waitFor(() => expect(served[0]?.bufferedAmount).toBeGreaterThan(pageLimits.mostUnreadBytes))
  await new Promise((resolve) => setTimeout(resolve, 200))
  const askedMeanwhile = asked
  page.resume()
  await vi.waitFor(() => expect(ids(heard).length).toBe(20), { timeout: 30_000 })
  expect(askedMeanwhile).toBeLessThan(6)
})

test('who reads slowly hears the newest of each subject, and nothing twice', async () => {
  const { open, happen, served } = await startPages({ answer: async () => big })
  const { page, heard } = await open()
  page.pause()
  page.send(call(1))
  await vi.waitFor(() => expect(served[0]?.bufferedAmount).toBeGreaterThan(pageLimits.heldBackBytes))
  for (let count = 0; count < 500; count++) happen(`op-${count % 2}`)
  page.resume()
  await vi.waitFor(() => expect(heard.at(-1)?.revision).toBe(500), { timeout: 30_000 })
  const told = heard.filter(({ event }) => event !== undefined)
  expect(told.map(({ revision, payload }) => [revision, payload?.operationId])).toEqual([
    [499, 'op-0'],
    [500, 'op-1'],
  ])
})

test('who reads nothing for long is closed, and told why', async () => {
  const { open, served } = await startPages({ answer: async () => big, limits: { beatMs: 30, missedBeats: 3 } })
  const { page } = await open()
  const closed = new Promise((resolve) => page.on('close', (code, reason) => resolve([code, String(reason)])))
  page.pause()
  page.send(call(1))
  await vi.waitFor(() => expect(served[0]?.readyState).toBe(WebSocket.CLOSING))
  page.resume()
  expect(await closed).toEqual([1013, 'This page did not read what it was told.'])
})

test('who is silent and reads is left alone', async () => {
  const { open } = await startPages({ limits: { beatMs: 10, missedBeats: 2 } })
  const { page, heard } = await open()
  await vi.waitFor(() => expect(heard.length).toBeGreaterThan(10))
  expect(page.readyState).toBe(WebSocket.OPEN)
})

test('who comes back hears what it missed, once, and then what happens', async () => {
  const { open, happen } = await startPages()
  for (const id of ['a', 'b', 'a', 'c']) happen(id)
  const { heard } = await open('?after=2')
  happen('d')
  await vi.waitFor(() => expect(heard.at(-1)?.revision).toBe(5))
  expect(heard.map(({ revision, payload }) => [revision, payload?.operationId])).toEqual([
    [2, undefined],
    [3, 'a'],
    [4, 'c'],
    [5, 'd'],
  ])
})

test('who was away for longer than is known is told so', async () => {
  const { open, happen } = await startPages({ log: createEventLog({ most: 2 }) })
  for (const id of ['a', 'b', 'c', 'd']) happen(id)
  const tooOld = await open('?after=1')
  const ofAnotherLaunch = await open('?after=99')
  for (const { heard } of [tooOld, ofAnotherLaunch])
    await vi.waitFor(() => expect(heard.at(-1)).toEqual({ revision: 4, missed: true }))
})

test('what is no request closes the page; a call without a channel is answered', async () => {
  const { open } = await startPages()
  const codes: number[] = []
  for (const text of [
    '',
    'null',
    '[]',
    '{',
    '{"channel":"runs:get"}',
    '{"id":1.5}',
    '{"id":"1","channel":"runs:get"}',
  ]) {
    const { page } = await open()
    const closed = new Promise<number>((resolve) => page.on('close', resolve))
    page.send(text)
    codes.push(await closed)
  }
  const { page, heard } = await open()
  for (const [id, channel] of [undefined, null, ['runs:get'], 'x'.repeat(101)].entries())
    page.send(JSON.stringify({ id, channel, input: {} }))
  await vi.waitFor(() => expect(ids(heard)).toEqual([0, 1, 2, 3]))
  expect([codes, heard.map(({ outcome }) => outcome?.ok)]).toEqual([
    Array(7).fill(1008),
    [undefined, false, false, false, false],
  ])
})
