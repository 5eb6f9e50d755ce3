import { symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import type { Caller } from './dispatch'
import { openApp } from './openApp.testkit'

const text = `version: "1.0"
name: flow
swarm: { pattern: dag, patern: x }
errorHandling: { strategy: fail-fast }
workflows:
  - name: main
    steps:
      - { name: a, type: deterministic, command: "printf %s {{word}}" }
`

/** An app over a workspace with one workflow file, asked as a window or the command line asks. */
async function open(caller: Caller) {
  const dir = await makeTemporaryFolder()
  await writeFile(join(dir, 'relay.yaml'), text)
  return { dir, ...(await openApp([dir], { caller })) }
}

test('a window lists, plans and starts a workflow of its workspace', async () => {
  const { client, app, workspaceId } = await open('window')
  const { files } = await client.request('workflows:list', { workspaceId })
  const plan = await client.request('workflows:plan', { workspaceId, file: 'relay.yaml' })
  const started = await client.request('workflows:start', { workspaceId, file: 'relay.yaml', vars: { word: 'hi' } })
  await app.request('runs:settled', { workspaceId, runId: started.run.id }, 'cli')
  const { run } = await client.request('runs:get', { workspaceId, runId: started.run.id, outputs: 'all' })
  expect([
    files.map(({ file }) => file),
    plan.variables.map(({ name }) => name),
    plan.findings.map(({ message }) => message),
    started.warnings,
    run.steps.map(({ output }) => output),
  ]).toEqual([
    ['relay.yaml'],
    ['word'],
    ['the key "patern" is not known and is ignored. Did you mean "pattern"?'],
    plan.findings.map((finding) => ({ ...finding, file: expect.stringContaining('relay.yaml') })),
    ['hi'],
  ])
})

test('a window gets the errors of a start with their places, and nothing is started', async () => {
  const { client, workspaceId } = await open('window')
  const start = client.request('workflows:start', { workspaceId, file: 'relay.yaml', vars: {} })
  await expect(start).rejects.toMatchObject({
    code: 'invalid_workflow',
    details: {
      findings: [
        { line: 3, severity: 'warning' },
        { line: 8, column: 50, severity: 'error' },
      ],
    },
  })
  expect((await client.request('runs:query', { workspaceId, filter: 'all', offset: 0, limit: 9 })).total).toBe(0)
})

test.each(['../relay.yaml', '/etc/hostname', 'link.yaml'])('a window may neither plan nor start %s', async (file) => {
  const { client, dir, workspaceId } = await open('window')
  await symlink('/etc/hostname', join(dir, 'link.yaml'))
  const asked = [
    client.request('workflows:plan', { workspaceId, file }),
    client.request('workflows:start', { workspaceId, file, vars: {} }),
  ]
  for (const answer of asked) await expect(answer).rejects.toMatchObject({ code: 'refused' })
})

test('files elsewhere are for the command line only', async () => {
  const { app, dir, workspaceId } = await open('cli')
  const input = { workspaceId, file: join(dir, 'relay.yaml'), vars: {} }
  const answers = [
    await app.request('workflows:planFile', input, 'window'),
    await app.request('workflows:planFile', input, 'cli'),
  ]
  expect(answers).toMatchObject([
    { ok: false, error: { code: 'refused' } },
    { ok: true, value: { workflow: 'main', findings: [{ severity: 'warning' }, { severity: 'error' }] } },
  ])
})
