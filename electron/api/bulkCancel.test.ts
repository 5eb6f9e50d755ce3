import { expect, test } from 'vitest'
import type { Output } from '../../shared/contract'
import { eventually } from '../files/temporaryFolder.testkit'
import { openRuns, type RunsWorld, runIdOf } from './runsWorld.testkit'

const ago = (ms: number): string => new Date(Date.now() - ms).toISOString()
const day = 24 * 3_600_000

const runs = [
  { id: runIdOf(1), status: 'running', startedAt: ago(3 * day), updatedAt: ago(3 * day) },
  { id: runIdOf(2), status: 'failed', startedAt: ago(2 * day), completedAt: ago(2 * day), error: 'broke' },
  { id: runIdOf(3), status: 'running', startedAt: ago(1_000), updatedAt: ago(1_000) },
  { id: runIdOf(4), status: 'completed', startedAt: ago(500), completedAt: ago(400), updatedAt: ago(400) },
]

async function all({ client, workspaceId }: RunsWorld) {
  const { order } = await client.request('runs:query', { workspaceId, filter: 'all', offset: 0, limit: 0 })
  return client.request('runs:previewCancel', { order })
}

async function ended({ client }: RunsWorld, setId: string): Promise<Output<'runs:bulk'>> {
  return eventually('the end of the bulk cancel', async () => {
    const answer = await client.request('runs:bulk', { setId })
    return answer.bulk.isGoing ? undefined : answer
  })
}

async function statuses({ client, workspaceId }: RunsWorld): Promise<string[]> {
  const { rows } = await client.request('runs:query', { workspaceId, filter: 'all', offset: 0, limit: 10 })
  return rows.map(({ id, status }) => `${Number.parseInt(id, 16)} ${status}`).toSorted()
}

test('a preview freezes all runs of a list and tells what would become of each', async () => {
  const { total, ways, items } = await all(await openRuns(runs))
  expect([total, ways, items.map(({ way }) => way)]).toEqual([
    4,
    { cancel: 2, confirm: 1, refused: 1 },
    ['refused', 'confirm', 'cancel', 'cancel'],
  ])
})

test('what was previewed is cancelled one by one, and what needs a confirmation is left alone without one', async () => {
  const world = await openRuns(runs)
  const { setId } = await all(world)
  await world.client.request('runs:cancelAll', { setId, confirmed: false })
  const { bulk, items } = await ended(world, setId)
  expect([bulk.counts, items.map(({ outcome }) => outcome), await statuses(world)]).toEqual([
    { cancelled: 2, changed: 0, refused: 2, failed: 0, skipped: 0 },
    ['refused', 'refused', 'cancelled', 'cancelled'],
    ['1 cancelled', '2 cancelled', '3 running', '4 completed'],
  ])
})

test('with a confirmation runs of other programs are cancelled too', async () => {
  const world = await openRuns(runs)
  const { setId } = await all(world)
  await world.client.request('runs:cancelAll', { setId, confirmed: true })
  expect((await ended(world, setId)).bulk.counts.cancelled).toBe(3)
})

test('a run that is no longer what the preview showed is left alone, and a new one is not touched', async () => {
  const world = await openRuns(runs, { watch: true })
  const { setId } = await all(world)
  await world.write([
    { ...runs[0], status: 'completed', completedAt: ago(0) },
    { id: runIdOf(5), status: 'failed', startedAt: ago(0), error: 'new' },
  ])
  await eventually('the new run', async () => (await statuses(world)).includes('5 failed'))
  await world.client.request('runs:cancelAll', { setId, confirmed: false })
  const { bulk, items } = await ended(world, setId)
  expect([
    bulk.counts.changed,
    items.find(({ outcome }) => outcome === 'changed')?.detail,
    await statuses(world),
  ]).toEqual([1, 'It is completed now.', ['1 completed', '2 cancelled', '3 running', '4 completed', '5 failed']])
})

test('a set is cancelled once', async () => {
  const world = await openRuns(runs)
  const { setId } = await all(world)
  await world.client.request('runs:cancelAll', { setId, confirmed: false })
  await expect(world.client.request('runs:cancelAll', { setId, confirmed: false })).rejects.toThrow('already')
})

test('read-only mode shows what would be cancelled, and cancels nothing', async () => {
  const world = await openRuns(runs, { readOnly: true })
  const { setId, total } = await all(world)
  await expect(world.client.request('runs:cancelAll', { setId, confirmed: true })).rejects.toThrow('read-only')
  expect([total, (await statuses(world))[0]]).toEqual([4, '1 running'])
})

test('when the app closes no other cancel is begun, and those that were begun end first', async () => {
  const many = Array.from({ length: 60 }, (_, index) => ({
    id: runIdOf(index),
    status: 'failed',
    startedAt: ago(index * 1_000),
    completedAt: ago(index * 1_000),
  }))
  const world = await openRuns(many)
  const { setId } = await all(world)
  await world.client.request('runs:cancelAll', { setId, confirmed: false })
  await world.app.close({ stopRuns: true })
  const { bulk } = await world.client.request('runs:bulk', { setId })
  expect([bulk.isGoing, bulk.done, bulk.counts.cancelled + bulk.counts.skipped]).toEqual([false, 60, 60])
})

test('a list that is no longer known cannot be frozen', async () => {
  const { client } = await openRuns(runs)
  await expect(client.request('runs:previewCancel', { order: 'forgotten' })).rejects.toThrow('Choose them again')
})
