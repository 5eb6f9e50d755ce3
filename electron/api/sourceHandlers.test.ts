import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { type Client, createClient } from '../../shared/client'
import { makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { createMemoryEngine, type MemoryEngine } from '../sources/memoryEngine.testkit'
import { createMemorySource } from '../sources/memorySource.testkit'
import type { SecretStore } from '../sources/secretStore'
import { createApp } from './app'

interface SourceWorld {
  readonly client: Client
  readonly engine: MemoryEngine
  readonly dataDir: string
  readonly kept: ReadonlyMap<string, string>
  readonly reopen: () => Promise<SourceWorld>
}

/** An app whose remote sources all show the runs of one engine in memory. */
async function openWorld({
  dataDir,
  engine = createMemoryEngine(),
  readOnly = false,
  kept = new Map<string, string>(),
}: {
  readonly dataDir?: string
  readonly engine?: MemoryEngine
  readonly readOnly?: boolean
  readonly kept?: Map<string, string>
} = {}): Promise<SourceWorld> {
  const home = await makeTemporaryFolder()
  const data = dataDir ?? join(home, 'data')
  const secrets: SecretStore = {
    unavailable: () => null,
    keep: async (name, secret) => void kept.set(name, secret),
    read: async (name) => kept.get(name),
    forget: async (name) => void kept.delete(name),
  }
  const app = await createApp({
    ...{ dataDir: data, home, workspaces: [], host: 'cli', version: '0', chooseFolder: null, demo: null, readOnly },
    secrets,
    openRemote: ({ id, writing }) =>
      createMemorySource({ sourceId: id, engine, access: writing ? 'write' : 'read' }).source,
  })
  let isOpen = true
  const close = async (): Promise<void> => {
    if (isOpen) await app.close({ stopRuns: true })
    isOpen = false
  }
  onTestFinished(close)
  const client = createClient({
    request: (channel, input) => app.request(channel, input, 'window'),
    subscribe: app.subscribe,
  })
  return {
    client,
    engine,
    dataDir: data,
    kept,
    reopen: async () => {
      await close()
      return openWorld({ dataDir: data, engine, kept })
    },
  }
}

const server = { from: 'server', host: 'db', database: 'app', user: 'reader', password: 'pgpass' } as const
const draft = { name: 'Production', kind: 'dbos', reading: server, writing: server } as const

test('an added source is listed after the next start, and no file holds its password', async () => {
  const world = await openWorld()
  const reading = { ...server, password: 'keychain' } as const
  await world.client.request('sources:add', { draft: { ...draft, reading }, secrets: { reading: 'hunter2-secret' } })
  const { client, dataDir, kept } = await world.reopen()
  const { sources } = await client.request('sources:list', {})
  expect([
    sources.map(({ name, kind, access, state }) => ({ name, kind, access, state })),
    [...kept.values()],
    (await readFile(join(dataDir, 'sources.json'), 'utf8')).includes('hunter2'),
  ]).toEqual([
    [{ name: 'Production', kind: 'dbos', access: 'write', state: { kind: 'unopened' } }],
    ['hunter2-secret'],
    false,
  ])
})

test('a name is taken once, whatever its letters, and a removed source leaves no password', async () => {
  const { client, kept } = await openWorld()
  const reading = { ...server, password: 'keychain' } as const
  const { source } = await client.request('sources:add', {
    draft: { ...draft, reading },
    secrets: { reading: 'hunter2-secret' },
  })
  await expect(client.request('sources:add', { draft: { ...draft, name: 'PRODUCTION' } })).rejects.toMatchObject({
    code: 'refused',
    message: 'There is a source "PRODUCTION" already. Choose another name.',
  })
  await client.request('sources:remove', { sourceId: source.id })
  expect([(await client.request('sources:list', {})).sources, kept.size]).toEqual([[], 0])
})

test('a kept password goes to no other server: one that is named instead needs its own', async () => {
  const { client, kept } = await openWorld()
  const reading = { ...server, password: 'keychain' } as const
  const secrets = { reading: 'hunter2-secret' }
  const { source } = await client.request('sources:add', { draft: { ...draft, reading }, secrets })
  const sourceId = source.id
  await expect(
    client.request('sources:change', { sourceId, reading: { ...reading, host: 'elsewhere' } }),
  ).rejects.toMatchObject({ code: 'refused' })
  await client.request('sources:change', { sourceId, name: 'Renamed' })
  const [now] = (await client.request('sources:list', {})).sources
  expect([now?.name, now?.connections?.reading, [...kept.values()]]).toMatchObject([
    'Renamed',
    { host: 'db' },
    ['hunter2-secret'],
  ])
})

test('without its writing connection a source only reads, and its acts say why', async () => {
  const { client, engine } = await openWorld()
  const run = engine.put({ status: 'going' })
  const { source } = await client.request('sources:add', { draft })
  await client.request('sources:change', { sourceId: source.id, writing: null })
  const [shown] = (await client.request('sources:runs', { sourceId: source.id, offset: 0, limit: 10 })).rows
  const cancel = { sourceId: source.id, runId: run.id, act: 'cancel', version: shown?.version ?? '', confirmed: true }
  await expect(client.request('sources:act', { ...cancel, act: 'cancel' })).rejects.toMatchObject({
    code: 'refused',
    message: 'The connection only reads: add a writing one.',
  })
  expect([shown?.acts.cancel, engine.get(run.id)?.status]).toEqual([
    { kind: 'refused', reason: 'the connection only reads: add a writing one' },
    'going',
  ])
})

test('read-only mode acts on no run of a source', async () => {
  const { client, engine } = await openWorld({ readOnly: true })
  const run = engine.put({ status: 'going' })
  const { source } = await client.request('sources:add', { draft })
  await expect(
    client.request('sources:act', { sourceId: source.id, runId: run.id, act: 'cancel', version: '1', confirmed: true }),
  ).rejects.toMatchObject({ code: 'refused' })
  expect(engine.get(run.id)?.status).toBe('going')
})

test('who looks at a source hears of its changes; who left hears nothing', async () => {
  const { client, engine } = await openWorld()
  const { id: sourceId } = (await client.request('sources:add', { draft })).source
  let heard = 0
  client.on('sources:runsChanged', () => heard++)
  engine.put({})
  const before = heard
  await client.request('sources:watch', { sourceId, asker: 'a', watched: { kind: 'runs' } })
  engine.put({})
  const during = heard
  await client.request('sources:watch', { sourceId, asker: 'a', watched: null })
  engine.put({})
  expect([before, during, heard]).toEqual([0, 1, 1])
})
