import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { makeRunLine, makeStepLine } from '../runs/storeLines.testkit'
import { openApp } from './openApp.testkit'

const hourMs = 3_600_000
const at = (agoMs: number): string => new Date(Date.now() - agoMs).toISOString()
const idOf = (digit: string): string => digit.repeat(24)

/** An app over one workspace whose store has these lines. */
async function open(lines: readonly object[]) {
  const dir = await makeTemporaryFolder()
  await mkdir(join(dir, '.agent-relay'))
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('')
  await writeFile(join(dir, '.agent-relay', 'workflow-runs.jsonl'), text)
  const { app, client, workspaceId } = await openApp([dir])
  await app.request('runs:list', { limit: 0 }, 'cli') // Everything was read then.
  return { client, workspaceId }
}

function runOf(digit: string, status: string, { startedMs, endedMs }: { startedMs: number; endedMs?: number }) {
  const completedAt = endedMs === undefined ? undefined : at(endedMs)
  return makeRunLine({
    id: idOf(digit),
    status,
    startedAt: at(startedMs),
    updatedAt: at(endedMs ?? startedMs),
    completedAt,
  })
}

test('the overview counts what needs a person, and names the newest of it', async () => {
  const { client } = await open([
    runOf('a', 'completed', { startedMs: 3 * hourMs, endedMs: 2 * hourMs }),
    runOf('b', 'failed', { startedMs: 2 * hourMs, endedMs: hourMs }),
    runOf('c', 'failed', { startedMs: 90 * hourMs, endedMs: 89 * hourMs }),
    runOf('d', 'running', { startedMs: hourMs }),
    runOf('e', 'running', { startedMs: 50 * hourMs }),
    runOf('f', 'paused', { startedMs: 40 * hourMs }),
  ])
  const { counts, needs, running } = await client.request('overview:get', { workspaceId: null })
  expect({ counts, needs: needs.map(({ id }) => id[0]), running: running.map(({ id }) => id[0]) }).toEqual({
    counts: {
      all: 6,
      running: 1,
      needsYou: 3,
      failedLastDay: 1,
      orphaned: 1,
      waiting: 1,
      unsavedRows: 0,
      undelivered: 0,
      stuck: 0,
      problems: 0,
    },
    needs: ['b', 'f', 'e'],
    running: ['d'],
  })
})

test('runs are counted in the hour and on the day that they began', async () => {
  const { client, workspaceId } = await open([
    runOf('a', 'completed', { startedMs: 0, endedMs: 0 }),
    runOf('b', 'failed', { startedMs: 0, endedMs: 0 }),
    runOf('c', 'completed', { startedMs: 26 * hourMs, endedMs: 25 * hourMs }),
    runOf('d', 'completed', { startedMs: 24 * 40 * hourMs, endedMs: 0 }),
  ])
  const { hours, days } = await client.request('overview:get', { workspaceId })
  const sum = (row: typeof hours): number => row.reduce((total, stretch) => total + stretch.total, 0)
  expect({
    hours: sum(hours),
    days: sum(days),
    last: hours.at(-1)?.counts,
    stretches: [hours.length, days.length],
  }).toEqual({ hours: 2, days: 3, last: { completed: 1, failed: 1 }, stretches: [24, 30] })
})

test('a run that was added is in the overview of the next question', async () => {
  const { client, workspaceId } = await open([runOf('a', 'completed', { startedMs: hourMs, endedMs: 0 })])
  await client.request('overview:get', { workspaceId })
  const { workspaces } = await client.request('workspaces:list', {})
  const file = join(workspaces[0]?.path ?? '', '.agent-relay', 'workflow-runs.jsonl')
  await writeFile(file, `${JSON.stringify(runOf('b', 'failed', { startedMs: hourMs, endedMs: 0 }))}\n`, { flag: 'a' })
  await client.request('runs:get', { workspaceId, runId: idOf('a') }) // Takes in what others wrote.
  expect((await client.request('overview:get', { workspaceId })).counts).toMatchObject({ all: 2, failedLastDay: 1 })
})

test('the slowest steps are told by workflow and name, with their usual and their longest time', async () => {
  const step = (digit: string, run: string, tookMs: number) =>
    makeStepLine({
      id: idOf(digit),
      runId: idOf(run),
      stepName: 'push',
      status: 'completed',
      startedAt: at(10 * hourMs),
      completedAt: new Date(Date.parse(at(10 * hourMs)) + tookMs).toISOString(),
    })
  const { client } = await open([
    runOf('a', 'completed', { startedMs: 10 * hourMs, endedMs: hourMs }),
    step('1', 'a', 1000),
    runOf('b', 'completed', { startedMs: 9 * hourMs, endedMs: hourMs }),
    step('2', 'b', 4000),
    runOf('c', 'running', { startedMs: hourMs }),
  ])
  const { steps, runs } = await client.request('overview:slowSteps', { workspaceId: null })
  const [slowest] = steps
  expect({ runs, count: slowest?.count, at: slowest?.runId, step: slowest?.stepId }).toEqual({
    runs: 2,
    count: 2,
    at: idOf('b'),
    step: idOf('2'),
  })
})
