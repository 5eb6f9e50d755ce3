import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { openApp } from './openApp.testkit'

test('diagnostics tell versions, settings, problems, timings and the newest of the log, and nothing secret', async () => {
  const home = join(await makeTemporaryFolder(), 'carola')
  const workspace = join(home, 'payments')
  await mkdir(join(workspace, '.agent-relay'), { recursive: true })
  await writeFile(join(workspace, '.agent-relay/workflow-runs.jsonl'), '{"dear diary": \n')
  vi.stubEnv('HOME', home)
  vi.stubEnv('USER', 'carola')
  vi.stubEnv('SOME_API_KEY', 'swordfish-9')
  onTestFinished(() => {
    vi.unstubAllEnvs()
  })
  const { client, app, workspaceId } = await openApp([workspace], { host: 'browser', home })
  await client.request('runs:query', { workspaceId, filter: 'all', offset: 0, limit: 10 })
  await client.request('settings:set', { graceSeconds: 61 })
  app.log.error('app', 'carola has swordfish-9 in her pocket')
  const { text, name } = await client.request('diagnostics:get', {})
  const told = JSON.parse(text)
  expect(name).toMatch(/^rundesk-diagnostics-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.json$/)
  expect(told).toMatchObject({
    rundesk: { version: '0', host: 'browser', update: { phase: 'unknown' } },
    system: { platform: process.platform, node: process.versions.node },
    settings: { graceSeconds: 61 },
    workspaces: [{ path: '‹home›/payments' }],
    problems: [{ path: '‹home›/payments/.agent-relay/workflow-runs.jsonl', line: 1 }],
    newestErrors: [{ level: 'error', message: '‹name› has ‹secret› in her pocket' }],
  })
  expect(told.timings.map(({ name: channel }: { name: string }) => channel)).toContain('runs:query')
  for (const secret of ['carola', 'swordfish', 'dear diary']) expect(text).not.toContain(secret)
})
