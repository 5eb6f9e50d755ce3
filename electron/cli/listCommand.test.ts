import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { bundleScript } from '../files/bundledScript.testkit'
import { makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { createRunStore } from '../runs/runStore'
import { makeRunLine, toFile } from '../runs/storeLines.testkit'

const main = fileURLToPath(new URL('main.ts', import.meta.url))
const hour = 3_600_000
const ago = (ms: number): string => new Date(Date.now() - ms).toISOString()

const run = (
  number: number,
  { hours, tookMs, ...change }: { hours: number; tookMs: number; [key: string]: unknown },
) => ({
  id: String(number).repeat(24),
  status: 'failed',
  error: 'exit code 1: no route to 10.0.0.7',
  startedAt: ago(hours * hour),
  completedAt: ago(hours * hour - tookMs),
  updatedAt: ago(hours * hour - tookMs),
  ...change,
})

type List = (...args: readonly string[]) => Promise<{ code: number; text: string; errors: string }>

/** `rundesk runs` with these arguments over four runs. */
async function openList(): Promise<List> {
  const dir = await makeTemporaryFolder()
  await mkdir(join(dir, '.agent-relay'))
  const lines = [
    run(1, { hours: 50, tookMs: 9_000, workflowName: 'import' }),
    run(2, { hours: 30, tookMs: 90_000, workflowName: 'sync', status: 'completed' }),
    run(3, { hours: 5, tookMs: 2_000, workflowName: 'sync', error: 'exit code 1: no route to 10.0.0.8' }),
    run(4, { hours: 1, tookMs: 60_000, workflowName: 'sync', error: 'exit code 2' }),
  ]
  await writeFile(join(dir, '.agent-relay', 'workflow-runs.jsonl'), toFile(lines.map(makeRunLine)))
  return listOf(dir)
}

async function listOf(dir: string): Promise<List> {
  const base = [await bundleScript(main), 'runs', '-w', dir, '--data-dir', join(dir, 'data')]
  return (...args) =>
    promisify(execFile)(process.execPath, [...base, ...args], { env: { ...process.env, HOME: dir } }).then(
      ({ stdout, stderr }) => ({ code: 0, text: stdout, errors: stderr }),
      ({ code, stdout, stderr }) => ({ code, text: stdout, errors: stderr }),
    )
}

const numbers = ({ text }: { text: string }): string =>
  (JSON.parse(text) as { runs: { id: string }[] }).runs.map(({ id }) => id.charAt(0)).join('')

test('the runs of which the disk refused rows are found', async () => {
  const [home, saved, refused] = [await makeTemporaryFolder(), await makeTemporaryFolder(), await makeTemporaryFolder()]
  await mkdir(join(saved, '.agent-relay'))
  const lines = [1, 2].map((number) => makeRunLine(run(number, { hours: 3 - number, tookMs: 9_000 })))
  await writeFile(join(saved, '.agent-relay', 'workflow-runs.jsonl'), toFile(lines.slice(0, 1)))
  await mkdir(join(refused, '.agent-relay', 'workflow-runs.jsonl'), { recursive: true })
  const store = createRunStore({ workspaceDir: refused, watch: false, fallback: { home, use: () => true } })
  await store.load().catch(() => undefined)
  await store.append(lines.slice(1), 'written')
  await store.close()
  const list = await listOf(home)
  const both = ['-w', saved, '-w', refused, '--json']
  expect([numbers(await list(...both)), numbers(await list(...both, '--unsaved'))]).toEqual(['21', '2'])
})

test('options narrow the list together, and order it', async () => {
  const list = await openList()
  const asked = await Promise.all(
    [
      ['--workflow', 'sync', '--since', '12h'],
      ['--longer-than', '30s', '--sort', 'duration'],
      ['--has-error', '--sort', 'duration', '--reverse'],
      ['--until', '12h', '--shorter-than', '10s'],
    ].map((args) => list(...args, '--json')),
  )
  expect(asked.map(numbers)).toEqual(['43', '24', '314', '1'])
})

test('equal failures are told with a key, which leads to exactly their runs', async () => {
  const list = await openList()
  const { failures } = JSON.parse((await list('--failures', '--json')).text)
  const { runs, total } = JSON.parse((await list('--cause', failures[0].key, '--json')).text)
  expect([failures[0].count, total, runs.map(({ id }: { id: string }) => id.charAt(0))]).toEqual([2, 2, ['3', '1']])
})

test.each([
  [['--since', 'lately'], 'Give an age'],
  [['--longer-than', 'ages'], 'Give a duration'],
  [['--sort', 'beauty'], 'Allowed choices are'],
  [['--liveness', 'undead'], 'Allowed choices are'],
  [['--workflow', 'snyc'], 'Did you mean "sync"'],
])('%j is refused as a mistake', async (args, words) => {
  const list = await openList()
  const { code, errors } = await list(...args)
  expect([code, errors]).toEqual([2, expect.stringContaining(words)])
})
