import { execFile } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { type Client, createClient } from '../../shared/client'
import { createApp } from '../api/app'
import { huntTokens, makeTokens, plantedWorkspaces, plantTokens } from '../demo/plantedTokens.testkit'
import type { FaultEffect } from '../demo/practiceServer/practiceFaults'
import { startPracticeServer } from '../demo/practiceServer/practiceServer'
import { bundleScript } from '../files/bundledScript.testkit'
import { makeTemporaryFolder } from '../files/temporaryFolder.testkit'

const main = fileURLToPath(new URL('main.ts', import.meta.url))
const seedFiles = { '/docs/stuck.md': 'old\n', '/docs/second.md': 'old\n', '/docs/conflict.md': 'theirs\n' }

/** Tokens everywhere, a server that knows three of them, and a book of what was said by whom. */
async function planted() {
  const root = await makeTemporaryFolder()
  const tokens = makeTokens()
  const [first, ...others] = (['acme', 'other', 'environment'] as const).map((name) => ({
    token: tokens[name],
    workspaceId: plantedWorkspaces[name],
  }))
  if (!first) throw new Error('no account')
  const server = await startPracticeServer({ ...first, others, seedFiles })
  onTestFinished(() => server.close())
  for (const { workspaceId } of others)
    for (const [path, content] of Object.entries(seedFiles)) server.workspace(workspaceId).put(path, { content })
  const plantation = await plantTokens(root, { tokens, serverUrl: server.url })
  const said: Record<string, string> = {}
  const note = (who: string, what: unknown): void => {
    said[who] = `${said[who] ?? ''}\n${typeof what === 'string' ? what : (JSON.stringify(what) ?? '')}`
  }
  const dataDir = join(root, 'data')
  await mkdir(dataDir)
  return { root, tokens, server, ...plantation, said, note, dataDir }
}

type Planted = Awaited<ReturnType<typeof planted>>

/** An app in this process; every answer, event and bug goes into the book. */
async function openNoted({ home, workspace, dataDir, note, env }: Planted): Promise<Client> {
  for (const [name, value] of Object.entries(env)) {
    const before = process.env[name]
    process.env[name] = value
    onTestFinished(() => {
      if (before === undefined) delete process.env[name]
      else process.env[name] = before
    })
  }
  const app = await createApp({
    dataDir,
    home,
    workspaces: [workspace],
    host: 'cli',
    version: '0',
    chooseFolder: null,
    demo: null,
    onBug: (error) => note('a bug', error instanceof Error ? `${error.stack}` : String(error)),
  })
  onTestFinished(() => app.close({ stopRuns: true }))
  app.subscribe((event, payload) => note(`the event ${event}`, payload))
  return createClient({
    request: async (channel, input) => {
      const answer = await app.request(channel, input, 'cli')
      note(`the answer of ${channel}`, answer)
      return answer
    },
    subscribe: app.subscribe,
  })
}

/** Asks for everything that a window can ask for about writebacks. Refusals are answers, too. */
async function askEverything(client: Client): Promise<readonly string[]> {
  const { items, groups } = await client.request('writebacks:query', { workspaceId: null, offset: 0, limit: 100 })
  const tried = (answer: Promise<unknown>): Promise<unknown> => answer.catch(() => undefined)
  await Promise.all(
    items.flatMap(({ key }) => [
      tried(client.request('writebacks:get', { key })),
      tried(client.request('writebacks:server', { key })),
      tried(client.request('writebacks:compare', { key })),
    ]),
  )
  for (const { key } of groups) await tried(client.request('writebacks:addNote', { groupKey: key, text: 'seen' }))
  await tried(client.request('writebacks:history', { offset: 0, limit: 100 }))
  await tried(client.request('writebacks:preview', { keys: items.map(({ key }) => key), act: 'retry' }))
  for (const format of ['csv', 'json'] as const) {
    await tried(client.request('writebacks:export', { filter: { workspaceId: null }, format }))
    await tried(client.request('audit:export', { format }))
  }
  await tried(client.request('operations:list', { offset: 0, limit: 100 }))
  await tried(client.request('audit:query', { offset: 0, limit: 100 }))
  await tried(client.request('workspaces:list', {}))
  await tried(client.request('settings:get', {}))
  await tried(client.request('app:info', {}))
  await tried(client.request('diagnostics:get', {}))
  return items.map(({ key }) => key)
}

/** Retries everything that may be retried, and waits until each has an outcome. */
async function retryAll(client: Client): Promise<readonly (readonly [string | null, string | null])[]> {
  const { items } = await client.request('writebacks:query', { workspaceId: null, offset: 0, limit: 100 })
  const { operation } = await client.request('writebacks:retry', {
    items: items.map(({ key, version }) => ({ key, version })),
    reason: 'tried again in a test',
    waitSeconds: 0,
  })
  const look = () => client.request('operations:get', { operationId: operation.id })
  await expect.poll(async () => (await look()).operation.state, { timeout: 40_000 }).toMatch(/ended|following/)
  return (await look()).items.map(({ path, outcome }) => [path, outcome])
}

const hunt = ({ root, tokens, said, planted: files }: Planted): Promise<readonly string[]> =>
  huntTokens({ tokens, texts: said, folder: root, planted: files })

test('the hunt finds every token where it was planted', async () => {
  const { root, tokens } = await planted()
  const found = await huntTokens({ tokens, texts: {}, folder: root })
  const inFiles = Object.keys(tokens.places).filter(
    (place) => !/environment$/.test(place) || place === 'the environment',
  )
  expect(inFiles.filter((place) => !found.some((line) => line.startsWith(`${place} in `)))).toEqual([])
})

test.each<[string, FaultEffect | null]>([
  ['everything goes well', null],
  ['the server answers with the token', { kind: 'echo', status: 400 }],
  ['the server takes no token and answers with it', { kind: 'echo', status: 401 }],
  ['the server is busy and answers with the token', { kind: 'echo', status: 503 }],
  ['the server sends elsewhere', { kind: 'refuse', status: 302, headers: { Location: 'http://127.0.0.1:9/' } }],
  ['the connection is dropped', { kind: 'drop' }],
])('no token leaves its place when %s', async (_when, effect) => {
  const place = await planted()
  if (effect) place.server.faults.set({ on: ['read', 'write', 'op', 'replay'], effect })
  const client = await openNoted(place)
  await askEverything(client)
  const outcomes = await retryAll(client)
  const keys = await askEverything(client)
  const { items } = await client.request('writebacks:query', { workspaceId: null, offset: 0, limit: 100 })
  const [item] = items
  if (item)
    await client
      .request('writebacks:edit', { key: item.key, version: item.version, content: 'edited\n', reason: null })
      .catch(() => undefined)
  await client.request('writebacks:dismiss', {
    items: items.map(({ key, version }) => ({ key, version })),
    reason: null,
  })
  await client.request('writebacks:restore', { keys: [...keys] }).catch(() => undefined)
  await askEverything(client)
  const asked = new Set(place.server.requests().map(({ path }) => path.split('/')[3]))
  expect([outcomes.length, [...asked].sort(), await hunt(place)]).toEqual([
    15,
    Object.values(plantedWorkspaces).sort(),
    [],
  ])
})

test('the command line prints no token', async () => {
  const place = await planted()
  place.server.faults.set({ on: ['read', 'write', 'op', 'replay'], effect: { kind: 'echo', status: 400 } })
  const script = await bundleScript(main)
  const rundesk = (...args: readonly string[]): Promise<number> =>
    new Promise((done) => {
      const env = { PATH: process.env.PATH ?? '', ...place.env }
      const all = [script, ...args, '--data-dir', place.dataDir, '-w', place.workspace]
      execFile(process.execPath, all, { env, timeout: 60_000 }, (error, stdout, stderr) => {
        place.note(`rundesk ${args.join(' ')}`, stdout + stderr)
        done(error === null ? 0 : Number(error.code))
      })
    })
  const codes: number[] = []
  for (const form of [[], ['--json']]) {
    codes.push(await rundesk('writebacks', ...form))
    await rundesk('doctor', ...form)
    await rundesk('doctor', '--bundle', join(place.dataDir, `bundle${form.length}`), '--yes', ...form)
    await rundesk('retry', '--all', '--wait', '1', ...form)
    await rundesk('export', '--search', 'docs', ...form)
    await rundesk('export', '--search', 'docs', '--format', 'json', ...form)
    await rundesk('audit', ...form)
    await rundesk('operations', 'list', ...form)
  }
  expect([codes, await hunt(place)]).toEqual([[1, 1], []])
})
