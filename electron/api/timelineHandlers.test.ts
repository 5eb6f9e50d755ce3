import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { openApp } from './openApp.testkit'

const runId = 'a'.repeat(24)
const base = Date.parse('2026-11-01T00:00:00.000Z')
const iso = (ms: number): string => new Date(base + ms).toISOString()

interface StepLine {
  readonly name: string
  readonly status: string
  readonly atMs: number
  readonly change?: object
}

const stepId = (name: string): string => Buffer.from(name.padEnd(12, '.')).toString('hex')

/** An app over a store that has one run with these lines of steps. */
async function openStore(lines: readonly StepLine[], { status = 'failed' }: { readonly status?: string } = {}) {
  const dir = await makeTemporaryFolder()
  const stamps = { createdAt: iso(0), updatedAt: iso(0), startedAt: iso(0) }
  const run = { id: runId, workspaceId: 'local', workflowName: 'flow', pattern: 'dag', config: {}, status, ...stamps }
  const rows = lines.map(({ name, status: of, atMs, change }) => ({
    kind: 'step',
    row: { id: stepId(name), runId, stepName: name, status: of, updatedAt: iso(atMs), dependsOn: [], ...change },
  }))
  await mkdir(join(dir, '.agent-relay'))
  const text = [{ kind: 'run', row: run }, ...rows].map((line) => JSON.stringify(line)).join('\n')
  await writeFile(join(dir, '.agent-relay', 'workflow-runs.jsonl'), `${text}\n`)
  const { client, workspaceId } = await openApp([dir], { host: 'browser' })
  const part = { workspaceId, runId, offset: 0, limit: 500 }
  const ask = { workspaceId, filter: 'all', offset: 0, limit: 1 } as const
  const loaded = async (): Promise<unknown> => {
    const { total, loading, rows } = await client.request('runs:query', ask)
    return { total, loading, steps: rows[0]?.stepCounts.total }
  }
  const steps = new Set(lines.map(({ name }) => name)).size
  await expect.poll(loaded, { timeout: 30_000 }).toEqual({ total: 1, loading: null, steps })
  return { client, part }
}

/** `read` ran at once, `push` waited for it and failed twice with a long pause between, `tell` waits. */
const threeSteps: readonly StepLine[] = [
  { name: 'read', status: 'running', atMs: 0, change: { startedAt: iso(100) } },
  { name: 'read', status: 'completed', atMs: 0, change: { startedAt: iso(100), completedAt: iso(1_000) } },
  { name: 'push', status: 'running', atMs: 0, change: { startedAt: iso(1_500), dependsOn: ['read'] } },
  {
    name: 'push',
    status: 'running',
    atMs: 2_000,
    change: { startedAt: iso(1_500), retryCount: 1, dependsOn: ['read'], error: 'no' },
  },
  { name: 'push', status: 'running', atMs: 0, change: { startedAt: iso(9_000), retryCount: 1, dependsOn: ['read'] } },
  {
    name: 'push',
    status: 'failed',
    atMs: 9_500,
    change: { startedAt: iso(9_000), completedAt: iso(9_500), retryCount: 1, dependsOn: ['read'], error: 'no' },
  },
  { name: 'tell', status: 'pending', atMs: 0, change: { dependsOn: ['push'] } },
]

test('a step was ready when all that it waits for had ended, and the first ones when the run began', async () => {
  const { client, part } = await openStore(threeSteps)
  const { rows, span } = await client.request('runs:timeline', part)
  expect(rows.map(({ name, readyMs }) => [name, readyMs === null ? null : readyMs - base])).toEqual([
    ['read', 0],
    ['push', 1_000],
    ['tell', 9_500],
  ])
  expect(span).toEqual([base, base + 9_500])
})

test('long times in which nothing ran are told, also between two attempts', async () => {
  const { client, part } = await openStore(threeSteps)
  const { idle } = await client.request('runs:timeline', part)
  expect(idle.map((span) => span.map((ms) => ms - base))).toEqual([
    [1_000, 1_500],
    [2_000, 9_000],
  ])
})

test('only steps with an error, only those of a time, and those still to come on top can be asked for', async () => {
  const { client, part } = await openStore(threeSteps)
  const names = async (filter: object): Promise<readonly string[]> =>
    (await client.request('runs:timeline', { ...part, ...filter })).rows.map(({ name }) => name)
  expect(
    await Promise.all([
      names({ errorsOnly: true }),
      names({ fromMs: base + 1_200, toMs: base + 9_200 }),
      names({ order: 'unfinished' }),
      names({ search: 'RE' }),
    ]),
  ).toEqual([['push'], ['push'], ['tell', 'read', 'push'], ['read']])
})

test('where the chosen step stands is told also when its row was not asked for', async () => {
  const { client, part } = await openStore(threeSteps)
  const { at, total, rows } = await client.request('runs:timeline', { ...part, limit: 1, stepId: stepId('tell') })
  expect({ at, total, rows: rows.length }).toEqual({ at: 2, total: 3, rows: 1 })
})

test('of a large run its first steps are told soon with their newest status, and then all of them with their times', async () => {
  const count = 6_000
  const name = (index: number): string => `step ${index}`
  const first = Array.from({ length: count }, (_, index) => ({ name: name(index), status: 'pending', atMs: 0 }))
  const last = first.map((line, index) => ({
    ...line,
    status: index === 1 ? 'failed' : 'completed',
    change: { startedAt: iso(index), completedAt: iso(index + 1) },
  }))
  const { client, part } = await openStore([...first, ...last])
  const early = await client.request('runs:timeline', { ...part, limit: 3 })
  expect([early.total, ...early.rows.map(({ status }) => status)]).toEqual([count, 'completed', 'failed', 'completed'])
  const complete = async (): Promise<unknown> => {
    const { complete: all, errors, total } = await client.request('runs:timeline', { ...part, limit: 3 })
    return { all, errors, total }
  }
  await expect.poll(complete, { timeout: 30_000 }).toEqual({ all: true, errors: 1, total: count })
})

test('of an output of 10 MB its beginning is told at once, and all of it when that is asked for', async () => {
  const output = 'line of output\n'.repeat(700_000)
  const line = { name: 'big', status: 'completed', atMs: 0, change: { output } }
  const { client, part } = await openStore([line])
  const step = { workspaceId: part.workspaceId, runId, stepId: stepId('big') }
  const head = await client.request('runs:step', { ...step, maxBytes: 4096 })
  const whole = await client.request('runs:step', { ...step, maxBytes: 64 * 1024 * 1024 })
  expect({
    begins: head.step.output !== null && head.step.output.length > 1_000 && output.startsWith(head.step.output),
    cut: [head.outputCut, whole.outputCut],
    whole: whole.step.output === output,
  }).toEqual({ begins: true, cut: [true, false], whole: true })
})

test('a run of very many steps is told with its notable ones alone, its first failed one among them', async () => {
  const lines = [0, 1, 2, 3].map((index) => ({
    name: `s${index}`,
    status: index === 2 ? 'failed' : 'completed',
    atMs: 0,
  }))
  const { client, part } = await openStore(lines)
  const { workspaceId } = part
  await client.request('runs:step', { workspaceId, runId, stepId: stepId('s3'), maxBytes: 0 })
  const { run, stepsTold } = await client.request('runs:get', { workspaceId, runId, mostSteps: 3 })
  expect({ stepsTold, names: run.steps.map((step) => step.name) }).toEqual({ stepsTold: 'some', names: ['s2', 's0'] })
})
