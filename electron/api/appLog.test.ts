import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { eventually, makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { openApp } from './openApp.testkit'

async function makeWorkspace(): Promise<string> {
  const workspace = join(await makeTemporaryFolder(), 'payments')
  await mkdir(join(workspace, '.agent-relay'), { recursive: true })
  return workspace
}

test('an act is noted with its ids and how it ended, and so is the end of the run that it started', async () => {
  const workspace = await makeWorkspace()
  const steps = [{ name: 'one', type: 'deterministic', command: 'echo the content of a step' }]
  const flow = {
    version: '1.0',
    name: 'flow',
    swarm: { pattern: 'dag' },
    agents: [],
    workflows: [{ name: 'flow', steps }],
  }
  await writeFile(join(workspace, 'flow.yaml'), JSON.stringify(flow))
  const { app, client, workspaceId } = await openApp([workspace], { host: 'browser' })
  const { run } = await client.request('workflows:start', { workspaceId, file: 'flow.yaml', vars: {} })
  await client.request('runs:cancel', { workspaceId, runId: 'no-such-run', confirmed: false }).catch(() => undefined)
  const lines = await eventually('the end of the run in the log', async () => {
    const all = await app.log.newest({ level: 'info', count: 100 })
    return all.some(({ part }) => part === 'runs') ? all : null
  })
  const told = lines.map(({ level, part, message, fields: { ms: _ms, ...ids } = {} }) => [level, part, message, ids])
  expect(told).toContainEqual(['info', 'acts', 'workflows:start', { workspaceId, runId: run.id, status: run.status }])
  expect(told).toContainEqual(['info', 'runs', 'ended', { workspaceId, runId: run.id, status: 'completed' }])
  expect(told).toContainEqual([
    ...['warn', 'acts', 'runs:cancel'],
    { workspaceId, runId: 'no-such-run', failure: 'not_found' },
  ])
  expect(JSON.stringify(lines)).not.toContain('the content of a step')
})

test('changed settings are noted by name, and the level counts at once', async () => {
  const { app, client } = await openApp([await makeWorkspace()], { host: 'browser' })
  await client.request('settings:set', { graceSeconds: 61 })
  await client.request('settings:set', { logLevel: 'error' })
  await client.request('settings:set', { graceSeconds: 62 })
  const lines = await app.log.newest({ level: 'debug', count: 100 })
  expect(lines.map(({ message }) => message)).toEqual(['started', 'changed: graceSeconds'])
})
