import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { connectWebSocket } from './webSocketBridge'

/** A host that keeps what it was asked and can go away and come back on the same port. */
async function startHost(port = 0): Promise<{
  readonly port: number
  readonly asked: string[]
  readonly stop: () => Promise<void>
}> {
  const asked: string[] = []
  const http = createServer()
  const sockets = new WebSocketServer({ server: http })
  sockets.on('connection', (socket) => {
    socket.on('message', (data) => {
      const { id, channel } = JSON.parse(String(data)) as { id: number; channel: string }
      asked.push(channel)
      if (channel !== 'never:answered') socket.send(JSON.stringify({ id, outcome: { ok: true, value: channel } }))
    })
  })
  await new Promise<void>((resolve) => http.listen(port, '127.0.0.1', resolve))
  return {
    port: (http.address() as AddressInfo).port,
    asked,
    stop: async () => {
      for (const client of sockets.clients) client.terminate()
      await new Promise((resolve) => sockets.close(resolve))
      await new Promise((resolve) => http.close(resolve))
    },
  }
}

const codeOf = (outcome: unknown): unknown => (outcome as { error?: { code: string } }).error?.code

vi.stubGlobal('WebSocket', WebSocket) // Node 20 has none of its own; a browser's speaks the same.

test('an act that was told as lost is not sent when the connection is back', async () => {
  const first = await startHost()
  const states: boolean[] = []
  let wake: () => void = () => undefined
  const connected = (wanted: boolean): Promise<void> =>
    new Promise((resolve) => {
      wake = () => {
        if (states.at(-1) === wanted) resolve()
      }
      wake()
    })
  const bridge = connectWebSocket(`ws://127.0.0.1:${first.port}`, (state) => {
    states.push(state)
    wake()
  })
  expect(await bridge.request('runs:query', {})).toEqual({ ok: true, value: 'runs:query' })
  const open = bridge.request('never:answered', {})
  const away = connected(false)
  await first.stop()
  await away
  expect([codeOf(await open), codeOf(await bridge.request('runs:cancel', {}))]).toEqual(['unreachable', 'unreachable'])
  const back = connected(true)
  const second = await startHost(first.port)
  onTestFinished(second.stop)
  await back
  await bridge.request('runs:query', {})
  expect(second.asked).toEqual(['runs:query'])
})
