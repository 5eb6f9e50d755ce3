import { expect, test } from 'vitest'
import { createClient } from './client'

/** A bridge that tells how many listen, and what they are told. */
function makeBridge() {
  const listeners = new Set<(event: string, payload: unknown) => void>()
  return {
    listening: () => listeners.size,
    tell: (event: string, payload: unknown) => {
      for (const listener of listeners) listener(event, payload)
    },
    request: async () => ({ ok: true, value: {} }),
    subscribe: (listener: (event: string, payload: unknown) => void) => {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
  }
}

test('all who listen share one subscription, which ends with the last of them', () => {
  const bridge = makeBridge()
  const client = createClient(bridge)
  const stops = [1, 2, 3].map(() => client.on('demo:changed', () => undefined))
  const during = bridge.listening()
  for (const stop of stops) stop()
  expect([during, bridge.listening()]).toEqual([1, 0])
})

test('each hears of its own event alone, and of nothing once it has stopped', () => {
  const bridge = makeBridge()
  const client = createClient(bridge)
  const heard: string[] = []
  const stop = client.on('runs:changed', () => heard.push('runs'))
  client.on('demo:changed', () => heard.push('demo'))
  bridge.tell('runs:changed', { workspaceId: 'a', revision: 1 })
  stop()
  bridge.tell('runs:changed', { workspaceId: 'a', revision: 2 })
  bridge.tell('demo:changed', {})
  expect(heard).toEqual(['runs', 'demo'])
})

test('who listens again after all have stopped is told again', () => {
  const bridge = makeBridge()
  const client = createClient(bridge)
  client.on('demo:changed', () => undefined)()
  const heard: string[] = []
  client.on('demo:changed', () => heard.push('demo'))
  bridge.tell('demo:changed', {})
  expect(heard).toEqual(['demo'])
})
