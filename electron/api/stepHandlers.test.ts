import { appendFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { openApp } from './openApp.testkit'

const text = `version: "1.0"
name: flow
swarm: { pattern: dag }
errorHandling: { strategy: fail-fast, retryDelayMs: 10 }
workflows:
  - name: main
    steps:
      - { name: silent, type: deterministic, command: "true" }
      - { name: first, type: deterministic, retries: 1, command: "test -f seen || { touch seen; echo once; exit 1; }" }
      - name: last
        type: deterministic
        dependsOn: [silent, first]
        command: echo '{"k":1}' > "$RUNDESK_STATE"
        rollback: echo undone
      - { name: bad, type: deterministic, dependsOn: [last], command: exit 9, criticalExitCodes: [9] }
      - { name: never, type: deterministic, dependsOn: [bad], command: "true" }
`

/** An app over a workspace in which the workflow above was run. */
async function openRun() {
  const dir = await makeTemporaryFolder()
  await writeFile(join(dir, 'relay.yaml'), text)
  const { client, workspaceId } = await openApp([dir], { caller: 'cli' })
  const started = await client.request('runs:start', { workspaceId, file: join(dir, 'relay.yaml'), vars: {} })
  const at = { workspaceId, runId: started.run.id }
  await client.request('runs:settled', at)
  return { client, at, dir }
}

test('an attempt that printed nothing has an empty log, and one that never was has none', async () => {
  const { client, at } = await openRun()
  const ask = async (stepName: string, attempt: number | null): Promise<readonly [boolean, string]> => {
    const page = await client.request('runs:log', { ...at, stepName, attempt, offset: 0, maxBytes: 100 })
    return [page.found, page.text]
  }
  expect(
    await Promise.all([
      ask('silent', null),
      ask('silent', 2),
      ask('first', 1),
      ask('first', null),
      ask('never', null),
      ask('no such step', null),
    ]),
  ).toEqual([
    [true, ''],
    [false, ''],
    [true, 'once\n'],
    [true, ''],
    [false, ''],
    [false, ''],
  ])
})

test('a rollback has a log and a place among the facts of its step, and the state before and after is told', async () => {
  const { client, at } = await openRun()
  const { run } = await client.request('runs:get', { ...at, outputs: 'none' })
  const last = run.steps.find(({ name }) => name === 'last')
  const log = { ...at, stepName: 'last', attempt: null, rollback: true }
  const lines = await client.request('runs:logLines', { ...log, fromLine: 1, count: 10 })
  const state = await client.request('runs:stepState', { ...at, stepId: last?.id ?? '' })
  expect([lines.lines.map((line) => line.text), last?.rollback, run.state, state]).toMatchObject([
    ['undone'],
    { status: 'completed', attempts: 1, error: null },
    {},
    { before: {}, after: {}, patch: null },
  ])
})

test('the command line, which watches nothing, sees what became of a run in another process', async () => {
  const { client, at, dir } = await openRun()
  const file = join(dir, '.agent-relay', 'workflow-runs.jsonl')
  const lines = (await readFile(file, 'utf8')).trim().split('\n')
  const { row } = JSON.parse(lines.findLast((line) => line.startsWith('{"kind":"run"')) ?? '')
  await appendFile(file, `${JSON.stringify({ kind: 'run', row: { ...row, error: 'told elsewhere' } })}\n`)
  expect((await client.request('runs:get', { ...at, outputs: 'none' })).run.error).toBe('told elsewhere')
})
