import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { makeRunLine, makeStepLine, toFile } from '../runs/storeLines.testkit'
import { openApp } from './openApp.testkit'

const runId = '0'.repeat(24)
const failed = toFile([
  makeRunLine({ status: 'failed', error: 'broke' }),
  makeStepLine({ status: 'failed', error: 'broke', startedAt: '2026-11-20T10:00:00.000Z' }),
])

/** An app without a workspace, as a window asks it. */
async function open() {
  const dir = await makeTemporaryFolder()
  const { client } = await openApp([], { host: 'browser' })
  return { client, dir }
}

/** The workspace that a place leads to. */
const idIn = (hash: string): string => /^#\/w\/([0-9a-f]{16})\/runs$/.exec(hash)?.[1] ?? ''

test('a file of runs alone is opened and followed, and nothing is written beside it', async () => {
  const { client, dir } = await open()
  const file = join(dir, 'copied.jsonl')
  await writeFile(file, failed)
  const { hash } = await client.request('places:open', { target: file })
  const workspaceId = idIn(hash)
  await expect
    .poll(async () => (await client.request('runs:query', { workspaceId, filter: 'all', offset: 0, limit: 9 })).total)
    .toBe(1)
  await writeFile(file, toFile([makeRunLine({ id: 'a'.repeat(24) })]), { flag: 'a' })
  await expect
    .poll(async () => (await client.request('runs:query', { workspaceId, filter: 'all', offset: 0, limit: 9 })).total)
    .toBe(2)
  const { run } = await client.request('runs:get', { workspaceId, runId })
  const { problems } = await client.request('problems:query', { workspaceId: null, offset: 0, limit: 9 })
  expect({ steps: run.steps.map(({ error }) => error), problems, beside: await readdir(dir) }).toEqual({
    steps: ['broke'],
    problems: [],
    beside: ['copied.jsonl'],
  })
})

test('no act is done in a file that was opened alone, and it says why', async () => {
  const { client, dir } = await open()
  const file = join(dir, 'copied.jsonl')
  await writeFile(file, failed)
  const workspaceId = idIn((await client.request('places:open', { target: file })).hash)
  const outcomes = await Promise.allSettled([
    client.request('runs:resume', { workspaceId, runId, confirmed: true }),
    client.request('runs:cancel', { workspaceId, runId, confirmed: true }),
    client.request('runs:markFailed', { workspaceId, runId, reason: 'x' }),
    client.request('runs:compact', { workspaceId, endedBefore: null, archive: false }),
    client.request('workflows:start', { workspaceId, file: 'relay.yaml', vars: {} }),
  ])
  const words = outcomes.map((outcome) => (outcome.status === 'rejected' ? String(outcome.reason) : 'done'))
  expect({ words, text: await readFile(file, 'utf8') }).toEqual({
    words: Array.from({ length: 5 }, () => expect.stringContaining('was opened by itself')),
    text: failed,
  })
})

test('the run store of a folder in the list leads to the folder', async () => {
  const { client, dir } = await open()
  await mkdir(join(dir, '.agent-relay'))
  const file = join(dir, '.agent-relay', 'workflow-runs.jsonl')
  await writeFile(file, failed)
  const folder = await client.request('places:open', { target: dir })
  expect(await client.request('places:open', { target: file })).toEqual(folder)
})

test('a file that was opened alone can be closed, and is not there after a restart', async () => {
  const { client, dir } = await open()
  const file = join(dir, 'copied.jsonl')
  await writeFile(file, failed)
  const workspaceId = idIn((await client.request('places:open', { target: file })).hash)
  await client.request('workspaces:remove', { workspaceId })
  expect((await client.request('workspaces:list', {})).workspaces).toEqual([])
})

test.each([
  ['notes.txt', 'some notes\n', 'holds no runs'],
  ['data.jsonl', '{"a":1}\n{"b":2}\n', 'holds no runs'],
  ['empty.txt', '', 'is empty'],
])('%s, which is no file of runs, is refused with words', async (name, text, why) => {
  const { client, dir } = await open()
  await writeFile(join(dir, name), text)
  await expect(client.request('places:open', { target: join(dir, name) })).rejects.toThrow(why)
})

test.each([
  ['/nowhere/at/all', 'does not exist'],
  ['rundesk://w/all/secrets', 'names no screen'],
  ['rundesk://w/all/runs/%1b', 'control characters'],
])('%s is refused with words', async (target, why) => {
  const { client } = await open()
  await expect(client.request('places:open', { target })).rejects.toThrow(why)
})

test('a link leads to its place', async () => {
  const { client } = await open()
  const { hash } = await client.request('places:open', { target: 'rundesk://w/all/runs/0a1b?tab=Log' })
  expect(hash).toBe('#/w/all/runs/0a1b?tab=Log')
})
