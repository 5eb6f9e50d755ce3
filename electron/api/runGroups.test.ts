import { expect, test } from 'vitest'
import { openRuns, runIdOf } from './runsWorld.testkit'

const at = (hour: number, second = 0): string =>
  `2026-11-20T${String(hour).padStart(2, '0')}:00:${String(second).padStart(2, '0')}.000Z`

const failed = (number: number, error: string, workflowName = 'sync') => ({
  id: runIdOf(number),
  workflowName,
  status: 'failed',
  error,
  startedAt: at(number),
  completedAt: at(number, 5),
  updatedAt: at(number, 5),
})
const runs = [
  failed(1, 'exit code 1: connect ECONNREFUSED 10.0.0.7:5432'),
  failed(2, 'exit code 1: connect ECONNREFUSED 10.0.0.9:5433', 'import'),
  failed(3, 'exit code 1: connect ECONNREFUSED 10.0.0.9:5433'),
  failed(4, 'exit code 137'),
  { id: runIdOf(5), workflowName: 'import', status: 'completed', startedAt: at(5), completedAt: at(5, 9) },
]
const ask = { workspaceId: null, filter: 'all' } as const

test('equal failures are one group with an exact count, and its key leads to exactly its runs', async () => {
  const { client } = await openRuns(runs)
  const { groups } = await client.request('runs:failures', ask)
  const where = { cause: groups[0]?.key ?? '' }
  const { rows } = await client.request('runs:query', { ...ask, where, offset: 0, limit: 10 })
  expect([groups, rows.map(({ id }) => Number.parseInt(id, 16))]).toEqual([
    [
      {
        key: expect.stringMatching(/^[0-9a-f]{16}$/),
        title: 'exit code 1: connect ECONNREFUSED <address>',
        example: 'exit code 1: connect ECONNREFUSED 10.0.0.9:5433',
        count: 3,
        workflows: ['sync', 'import'],
        workflowCount: 2,
        firstAt: at(1),
        lastAt: at(3),
      },
      {
        key: expect.stringMatching(/^[0-9a-f]{16}$/),
        title: 'exit code 137',
        example: 'exit code 137',
        count: 1,
        workflows: ['sync'],
        workflowCount: 1,
        firstAt: at(4),
        lastAt: at(4),
      },
    ],
    [3, 2, 1],
  ])
})

test('a workflow has its counts, and its newest runs with outcome and duration, oldest first', async () => {
  const { client } = await openRuns(runs)
  const { groups } = await client.request('runs:workflows', ask)
  expect(
    groups.map(({ spark, ...group }) => [group, spark.map(({ status, durationMs }) => `${status} ${durationMs}`)]),
  ).toEqual([
    [{ name: 'import', count: 2, failed: 1, lastAt: at(5) }, ['failed 5000', 'completed 9000']],
    [{ name: 'sync', count: 3, failed: 3, lastAt: at(4) }, ['failed 5000', 'failed 5000', 'failed 5000']],
  ])
})

test('what was cancelled is no failure, whatever its error says', async () => {
  const { client } = await openRuns([{ ...failed(1, 'Workflow aborted'), status: 'cancelled' }, failed(2, 'broke')])
  const { groups } = await client.request('runs:failures', ask)
  expect(groups.map(({ title }) => title)).toEqual(['broke'])
})

test('a spark holds the newest 30 runs', async () => {
  const many = Array.from({ length: 40 }, (_, index) => ({
    id: runIdOf(index),
    status: 'completed',
    startedAt: at(1, index),
    completedAt: at(2),
  }))
  const { client } = await openRuns(many)
  const [group] = (await client.request('runs:workflows', ask)).groups
  expect([group?.count, group?.spark.length, group?.spark.at(-1)?.runId]).toEqual([40, 30, runIdOf(39)])
})
