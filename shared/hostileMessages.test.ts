import { expect, test } from 'vitest'
import { type Channel, contract } from './contract'
import { contractChannels } from './contractChannels.testkit'
import { type HostileMessage, hostileMessages, hostileWays } from './hostileMessages.testkit'

const channels = contractChannels()

function messagesOf(seed: number, count: number): readonly HostileMessage[] {
  const made: HostileMessage[] = []
  for (const message of hostileMessages({ seed, channels, ids: ['a'.repeat(16)], paths: ['/outside'] })) {
    made.push(message)
    if (made.length === count) break
  }
  return made
}

test('hostile messages reach every channel in every way, and a part of them gets past the schema of each', () => {
  const asked = new Set<unknown>()
  const ways = new Set<string>()
  const taken = new Set<string>()
  for (const { channel, way, input } of messagesOf(7, 10_000)) {
    ways.add(way)
    if (typeof channel !== 'string' || !Object.hasOwn(contract, channel)) continue
    asked.add(channel)
    if (contract[channel as Channel].input.safeParse(input).success) taken.add(channel)
  }
  const names = Object.keys(contract)
  expect({
    unasked: names.filter((name) => !asked.has(name)),
    neverTaken: names.filter((name) => !taken.has(name)),
    ways: [...ways].sort(),
  }).toEqual({ unasked: [], neverTaken: [], ways: [...hostileWays].sort() })
})

test('the same seed gives the same messages', () => {
  expect(messagesOf(3, 300)).toEqual(messagesOf(3, 300))
})
