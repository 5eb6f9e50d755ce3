import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { type ConnectionState, connectWebSocket } from './webSocketBridge'

/** A host that keeps what it was asked and can go away and come back on the same port. */
async function startHost(port = 0): Promise<{
  readonly port: number
  readonly asked: string[]
  readonly addresses: (string | undefined)[]
  readonly tell: (message: object) => void
  readonly stop: () => Promise<void>
  /** Ends as a person ends it. */
  readonly end: () => void
}> {
  const asked: string[] = []
  const addresses: (string | undefined)[] = []
  const http = createServer()
  const sockets = new WebSocketServer({ server: http })
  sockets.on('connection', (socket, { url }) => {
    addresses.push(url)
    socket.on('message', (data) => {
      const { id, channel } = JSON.parse(String(data)) as { id: number; channel: string }
      asked.push(channel)
      if (!silent.includes(channel)) socket.send(JSON.stringify({ id, outcome: { ok: true, value: channel } }))
    })
  })
  await new Promise<void>((resolve) => http.listen(port, '127.0.0.1', resolve))
  const stop = async (): Promise<void> => {
    for (const client of sockets.clients) client.terminate()
    await new Promise((resolve) => sockets.close(resolve))
    await new Promise((resolve) => http.close(resolve))
  }
  return {
    port: (http.address() as AddressInfo).port,
    asked,
    addresses,
    tell: (message) => {
      for (const client of sockets.clients) client.send(JSON.stringify(message))
    },
    stop,
    end: () => {
      for (const client of sockets.clients) client.close(1001)
    },
  }
}

/** What the first host never answers. */
let silent: readonly string[] = []

/** A bridge to a port with what became of its connection. */
function openBridge(port: number, { hasEnded = async () => false, onMissed = () => {} } = {}) {
  const states: ConnectionState[] = []
  const bridge = connectWebSocket(`ws://127.0.0.1:${port}/bridge`, {
    onState: (state) => states.push(state),
    onMissed,
    hasEnded,
  })
  const become = (wanted: ConnectionState): Promise<unknown> =>
    vi.waitFor(() => expect(states.at(-1)).toBe(wanted), { timeout: 20_000 })
  return { bridge, become }
}

const codeOf = (outcome: unknown): unknown => (outcome as { error?: { code: string } }).error?.code

vi.stubGlobal('WebSocket', WebSocket) // Node 20 has none of its own; a browser's speaks the same.
beforeEach(() => {
  silent = []
})

test('an act that was told as lost is not sent when the connection is back', async () => {
  silent = ['runs:resume']
  const first = await startHost()
  const { bridge, become } = openBridge(first.port)
  expect(await bridge.request('runs:query', {})).toEqual({ ok: true, value: 'runs:query' })
  const underWay = bridge.request('runs:resume', {})
  await first.stop()
  await become('reconnecting')
  const told = [await underWay, await bridge.request('runs:cancel', {})]
  expect(told.map(codeOf)).toEqual(['unreachable', 'unreachable'])
  const second = await startHost(first.port)
  onTestFinished(second.stop)
  await become('connected')
  await bridge.request('runs:query', {})
  expect(second.asked).toEqual(['runs:query'])
})

test('what was only asked is asked again when the connection is back', async () => {
  silent = ['runs:query']
  const first = await startHost()
  const { bridge, become } = openBridge(first.port)
  await become('connected')
  const before = bridge.request('runs:query', {})
  await vi.waitFor(() => expect(first.asked).toEqual(['runs:query']))
  await first.stop()
  await become('reconnecting')
  const meanwhile = bridge.request('runs:get', {})
  silent = []
  const second = await startHost(first.port)
  onTestFinished(second.stop)
  expect([await before, await meanwhile]).toEqual([
    { ok: true, value: 'runs:query' },
    { ok: true, value: 'runs:get' },
  ])
})

test('whoever comes back tells the last revision that it heard', async () => {
  const first = await startHost()
  const { bridge, become } = openBridge(first.port)
  const heard = new Promise<void>((resolve) => bridge.subscribe(() => resolve()))
  await become('connected')
  first.tell({ revision: 7, event: 'runs:changed', payload: {} })
  await heard
  await first.stop()
  await become('reconnecting')
  const second = await startHost(first.port)
  onTestFinished(second.stop)
  await become('connected')
  expect([first.addresses, second.addresses]).toEqual([['/bridge'], ['/bridge?after=7']])
})

test('a host that knows of too little says that everything may be old', async () => {
  const host = await startHost()
  onTestFinished(host.stop)
  const onMissed = vi.fn()
  const { become } = openBridge(host.port, { onMissed })
  await become('connected')
  host.tell({ revision: 9_000, missed: true })
  await vi.waitFor(() => expect(onMissed).toHaveBeenCalled())
})

test('a host that was ended is not waited for', async () => {
  const host = await startHost()
  onTestFinished(host.stop)
  const { bridge, become } = openBridge(host.port)
  await become('connected')
  host.end()
  await become('ended')
  expect(codeOf(await bridge.request('runs:query', {}))).toBe('unreachable')
})

test('nor is one that another has taken the place of', async () => {
  const host = await startHost()
  const { become } = openBridge(host.port, { hasEnded: async () => true })
  await become('connected')
  await host.stop()
  await become('ended')
})
