import { access, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Settings } from '../../shared/settings'
import { eventually, makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { openApp } from './openApp.testkit'

/** An app of a window over a workspace with this workflow step, and these settings. */
async function openWindow({ command = 'true', settings }: { command?: string; settings: Partial<Settings> }) {
  const [dir, home] = [await makeTemporaryFolder(), await makeTemporaryFolder()]
  const dataDir = join(home, 'data')
  await mkdir(dataDir)
  await writeFile(join(dataDir, 'settings.json'), JSON.stringify({ version: 1, ...settings }))
  const step = { name: 'only', type: 'deterministic', command }
  const flow = { version: '1.0', name: 'flow', swarm: { pattern: 'dag' }, workflows: [{ name: 'main', steps: [step] }] }
  await writeFile(join(dir, 'relay.yaml'), JSON.stringify(flow))
  const { app, client, workspaceId } = await openApp([dir], { home, host: 'browser' })
  const start = () => client.request('workflows:start', { workspaceId, file: 'relay.yaml', vars: {} })
  return { app, client, dir, workspaceId, start, dataDir }
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )
/** Goes on for a second after it was told to end. */
const tidying = "trap 'sleep 1; touch tidied; exit 0' TERM; touch going; while :; do sleep 0.1; done"

test('read-only of the settings refuses acts, and can be switched off there again', async () => {
  const { client, start } = await openWindow({ settings: { readOnly: true } })
  const refusal = await start().catch((error: Error) => error.message)
  await client.request('settings:set', { readOnly: false })
  const { run } = await start()
  expect([refusal, run.workflowName]).toEqual([expect.stringMatching(/^The settings are read-only/), 'main'])
})

test('what is cancelled may tidy up within the grace period of the settings', async () => {
  const { client, dir, start } = await openWindow({ command: tidying, settings: { graceSeconds: 60 } })
  const { run } = await start()
  await eventually('the step', () => isThere(join(dir, 'going')))
  await client.request('runs:cancel', { workspaceId: run.workspaceId, runId: run.id, confirmed: true })
  expect(await isThere(join(dir, 'tidied'))).toBe(true)
})

test('with no grace period what is cancelled is killed at once', async () => {
  const { client, dir, start } = await openWindow({ command: tidying, settings: { graceSeconds: 0 } })
  const { run } = await start()
  await eventually('the step', () => isThere(join(dir, 'going')))
  await client.request('runs:cancel', { workspaceId: run.workspaceId, runId: run.id, confirmed: true })
  expect(await isThere(join(dir, 'tidied'))).toBe(false)
})

test('a run that was started in the window is told of when it ends, once, and kept in the file', async () => {
  const { client, start, dataDir } = await openWindow({ settings: {} })
  await start()
  const notices = await eventually('the notice', async () => {
    const page = await client.request('notices:list', { offset: 0, limit: 10 })
    return page.total > 0 ? page.notices : null
  })
  await eventually('the file', () => isThere(join(dataDir, 'notices.json')))
  expect(notices.map(({ kind, subject, outcome, count }) => [kind, subject, outcome, count])).toEqual([
    ['run-ended', 'main', 'completed', 1],
  ])
})

test('own runs are told of from when a person wants to hear of them', async () => {
  const { client, start } = await openWindow({ settings: { watchOwnRuns: false } })
  const { run: silent } = await start()
  const at = { workspaceId: silent.workspaceId, runId: silent.id }
  await eventually('the end', async () => (await client.request('runs:get', at)).run.status === 'completed')
  await client.request('settings:set', { watchOwnRuns: true })
  const { run } = await start()
  const notices = await eventually('the notice', async () => {
    const page = await client.request('notices:list', { offset: 0, limit: 10 })
    return page.total > 0 ? page.notices : null
  })
  expect(notices.map(({ runId, count }) => [runId, count])).toEqual([[run.id, 1]])
})

test('damaged settings are among the problems of the app', async () => {
  const { client, dataDir } = await openWindow({ settings: { zoomPercent: 9000 } })
  const { problems } = await client.request('problems:query', { workspaceId: null, offset: 0, limit: 10 })
  expect(problems.map(({ code, path }) => [code, path])).toEqual([['damaged_document', join(dataDir, 'settings.json')]])
})

test('a document of the app that was written by a newer one is left as it is', async () => {
  const { client, dataDir } = await openWindow({ settings: { version: 9 as 1 } })
  const before = await readFile(join(dataDir, 'settings.json'), 'utf8')
  await client.request('settings:set', { theme: 'dark' }).catch(() => undefined)
  expect(await readFile(join(dataDir, 'settings.json'), 'utf8')).toBe(before)
})
