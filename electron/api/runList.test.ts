import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { RunSort } from '../../shared/runList'
import { eventually } from '../files/temporaryFolder.testkit'
import { openApp } from './openApp.testkit'
import { listRuns } from './runList'
import { createRunOrders } from './runOrders'
import { makeWorkspace, openRuns, runIdOf } from './runsWorld.testkit'
import { mergeInTurns, sortInTurns } from './sortInTurns'

const hour = 3_600_000
const ago = (ms: number): string => new Date(Date.now() - ms).toISOString()

/** A finished run that began so long ago and took so long. */
function ended(
  number: number,
  { agoMs, tookMs, ...change }: { agoMs: number; tookMs: number; [key: string]: unknown },
) {
  return {
    id: runIdOf(number),
    status: 'completed',
    startedAt: ago(agoMs),
    completedAt: ago(agoMs - tookMs),
    updatedAt: ago(agoMs - tookMs),
    ...change,
  }
}

const five = [
  ended(1, { agoMs: 50 * hour, tookMs: 9_000, workflowName: 'beta' }),
  ended(2, { agoMs: 40 * hour, tookMs: 1_000, workflowName: 'alpha', status: 'failed', error: 'exit code 1: at 10' }),
  ended(3, { agoMs: 3 * hour, tookMs: 4_000, workflowName: 'beta', status: 'failed', error: 'exit code 1: at 77' }),
  ended(4, { agoMs: 2 * hour, tookMs: 60_000, workflowName: 'alpha', status: 'failed', error: 'exit code 2: at 77' }),
  { id: runIdOf(5), status: 'running', workflowName: 'gamma', startedAt: ago(hour / 2), updatedAt: ago(1000) },
]
const numbers = (rows: readonly { readonly id: string }[]): number[] => rows.map(({ id }) => Number.parseInt(id, 16))
const page = { filter: 'all', offset: 0, limit: 100 } as const

test.each<[RunSort, number[]]>([
  [{ by: 'started', ascending: true }, [1, 2, 3, 4, 5]],
  [{ by: 'duration', ascending: false }, [5, 4, 1, 3, 2]],
  [{ by: 'duration', ascending: true }, [2, 3, 1, 4, 5]],
  [{ by: 'workflow', ascending: true }, [4, 2, 3, 1, 5]],
  [{ by: 'status', ascending: false }, [5, 4, 3, 2, 1]],
])('runs are ordered by %o, equals newest first', async (sort, wanted) => {
  const { client, workspaceId } = await openRuns(five)
  const { rows } = await client.request('runs:query', { workspaceId, ...page, sort })
  expect(numbers(rows)).toEqual(wanted)
})

test('filters combine, and each status and workflow is counted without its own filter', async () => {
  const { client, workspaceId } = await openRuns(five)
  const where = { statuses: ['failed'], workflows: ['alpha'], longerMs: 500, within: '7d' as const }
  const { rows, counts, facets } = await client.request('runs:query', { workspaceId, ...page, where })
  expect([numbers(rows), counts.all, counts.failed, facets.statuses, facets.workflows]).toEqual([
    [4, 2],
    2,
    2,
    { failed: 2 },
    { alpha: 2, beta: 1 },
  ])
})

test.each<[object, number[]]>([
  [{ hasError: true }, [4, 3, 2]],
  [{ hasError: false }, [5, 1]],
  [{ within: '24h' }, [5, 4, 3]],
  [{ liveness: ['unconfirmed'] }, [5]],
  [{ shorterMs: 2_000 }, [2]],
  [{ from: ago(45 * hour), to: ago(hour) }, [4, 3, 2]],
])('a list is narrowed by %o', async (where, wanted) => {
  const { client, workspaceId } = await openRuns(five)
  expect(numbers((await client.request('runs:query', { workspaceId, ...page, where })).rows)).toEqual(wanted)
})

test('a search finds names, ids and errors, also with signs that mean something in expressions', async () => {
  const { client, workspaceId } = await openRuns([
    ended(1, { agoMs: hour, tookMs: 1, workflowName: 'Sync [eu]' }),
    ended(2, { agoMs: hour, tookMs: 1, status: 'failed', error: 'no [EU] today' }),
    ended(3, { agoMs: hour, tookMs: 1 }),
  ])
  const found = await Promise.all(
    ['[eu]', runIdOf(3), '.*'].map(async (search) =>
      numbers((await client.request('runs:query', { workspaceId, ...page, search })).rows),
    ),
  )
  expect(found).toEqual([[2, 1], [3], []])
})

test('a search that is typed on gives what it would give at once, in every order and filter', async () => {
  const sort = { by: 'duration', ascending: true } as const
  const typed = await openRuns(five)
  const found = async ({ client, workspaceId }: typeof typed, search: string) => {
    const ask = { workspaceId, ...page, search, sort }
    const [all, failed] = await Promise.all([
      client.request('runs:query', ask),
      client.request('runs:query', { ...ask, filter: 'failed' }),
    ])
    return [numbers(all.rows), numbers(failed.rows), all.counts, all.facets, failed.facets]
  }
  for (const search of ['', 'e', 'EX', 'exit']) await found(typed, search)
  expect(await found(typed, 'exit code 1')).toEqual(await found(await openRuns(five), 'exit code 1'))
})

test('each letter of a search finds just what names, ids and errors hold, however many errors there are', async () => {
  const runs = Array.from({ length: 1_200 }, (_, at) =>
    ended(at * 4_099, {
      ...{ agoMs: (2_000 - at) * 1_000, tookMs: 10, workflowName: at % 3 === 0 ? 'alpha' : 'Nightly' },
      ...(at % 2 === 0 ? { status: 'failed', error: `Exit code ${at % 9}: item ${at} of batch ${at % 40}` } : {}),
    }),
  )
  const { client, workspaceId } = await openRuns(runs)
  const holding = (run: (typeof runs)[number], text: string): boolean => {
    const { id, workflowName, error = '' } = run as typeof run & { workflowName: string; error?: string }
    return [id, workflowName, error].some((held) => held.toLowerCase().includes(text))
  }
  for (const word of ['nightly', 'item 11', '1f5', 'e', '004003', 'a1', 'q']) {
    for (let length = 0; length <= word.length; length++) {
      const search = word.slice(0, length)
      const { total, counts } = await client.request('runs:query', { workspaceId, ...page, search })
      const held = runs.filter((run) => holding(run, search.trim()))
      const failed = held.filter((run) => 'error' in run).length
      expect([search, total, counts.all, counts.failed]).toEqual([search, held.length, held.length, failed])
    }
  }
})

test('a search over all workspaces finds in each, whatever was asked before', async () => {
  const [one, other] = await Promise.all([makeWorkspace(five), makeWorkspace(five)])
  const { app, client } = await openApp([one, other])
  await app.request('runs:list', { limit: 0 }, 'cli')
  const found = async (search: string) => {
    const { rows, counts } = await client.request('runs:query', { workspaceId: null, ...page, search })
    return [numbers(rows), counts.all, counts.failed]
  }
  expect([await found(''), await found('code 1'), await found('code 12')]).toEqual([
    [[5, 5, 4, 4, 3, 3, 2, 2, 1, 1], 10, 6],
    [[3, 3, 2, 2], 4, 4],
    [[], 0, 0],
  ])
})

test('a list that is held keeps its rows and their order, and tells what is new and what no longer fits', async () => {
  const { client, workspaceId, write } = await openRuns(five, { watch: true })
  const ask = { workspaceId, ...page, filter: 'failed' as const, sort: { by: 'duration', ascending: false } as const }
  const { order } = await client.request('runs:query', ask)
  await write([
    ended(6, { agoMs: hour, tookMs: 5_000, status: 'failed' }),
    ended(7, { agoMs: hour, tookMs: 90_000, status: 'failed' }),
    ended(3, { agoMs: 3 * hour, tookMs: 4_000, workflowName: 'beta', status: 'completed' }),
  ])
  const held = await eventually('three changes', async () => {
    const answer = await client.request('runs:query', { ...ask, order })
    return answer.newRows === 2 && answer.goneRows === 1 ? answer : undefined
  })
  const { rows } = await client.request('runs:query', ask)
  expect([numbers(held.rows), held.rows.map(({ status }) => status), held.order === order, numbers(rows)]).toEqual([
    [4, 3, 2],
    ['failed', 'completed', 'failed'],
    true,
    [7, 4, 6, 2],
  ])
})

test('an order is right after any change of the runs', async () => {
  const { client, workspaceId, write } = await openRuns(five, { watch: true })
  const sorts = ['duration', 'workflow', 'status'] as const
  const ask = (by: (typeof sorts)[number]) =>
    client.request('runs:query', { workspaceId, ...page, sort: { by, ascending: true } })
  await Promise.all(sorts.map(ask))
  await write([
    ended(1, { agoMs: 50 * hour, tookMs: 100, workflowName: 'zeta', status: 'cancelled' }),
    ended(5, { agoMs: hour / 2, tookMs: 5_000, workflowName: 'gamma' }),
    ended(6, { agoMs: hour / 4, tookMs: 3_000, workflowName: 'alpha' }),
  ])
  await eventually('the new run', async () => (await ask('workflow')).total === 6)
  expect(await Promise.all(sorts.map(async (by) => numbers((await ask(by)).rows)))).toEqual([
    [1, 2, 6, 3, 5, 4],
    [6, 4, 2, 3, 5, 1],
    [1, 6, 5, 4, 3, 2],
  ])
})

test('a glance tells name and start of each row of a list that is held, and refuses a list that is forgotten', async () => {
  const { client, workspaceId } = await openRuns(five)
  const { order, rows } = await client.request('runs:query', { workspaceId, ...page })
  const glances = await client.request('runs:glance', { order, offset: 1, limit: 3 })
  const told = [0, 2, 4].map((at) => [glances.names[glances.rows[at] ?? -1], glances.rows[at + 1]])
  expect(told).toEqual(rows.slice(1, 4).map((run) => [run.workflowName, Date.parse(run.startedAt ?? '')]))
  await expect(client.request('runs:glance', { order: 'forgotten', offset: 0, limit: 3 })).rejects.toMatchObject({
    code: 'not_found',
  })
})

test('an order that is not known is answered with a new one', async () => {
  const { client, workspaceId } = await openRuns(five)
  const { order, total, newRows } = await client.request('runs:query', { workspaceId, ...page, order: 'forgotten' })
  expect([order === 'forgotten', total, newRows]).toEqual([false, 5, 0])
})

test('sorting and merging in turns gives what sorting at once gives', async () => {
  const items = fc.array(fc.record({ key: fc.integer({ min: 0, max: 50 }), at: fc.nat() }), { maxLength: 5_000 })
  const compare = (left: { key: number }, right: { key: number }): number => left.key - right.key
  await fc.assert(
    fc.asyncProperty(items, items, async (left, right) => {
      const [one, other] = [await sortInTurns(left, compare), await sortInTurns(right, compare)]
      const wanted = [...left].sort(compare)
      expect([one, await mergeInTurns(one, other, compare)]).toEqual([wanted, [...wanted, ...other].sort(compare)])
    }),
    { numRuns: 20 },
  )
})

test('main looks no further for what a window has replaced by another search', async () => {
  const { client, workspaceId } = await openRuns(five)
  const asking = ['alpha', 'beta'].map((search) =>
    client.request('runs:query', { workspaceId, ...page, search, asker: 'a window' }).then(
      ({ rows }) => numbers(rows),
      (error: { readonly code: string }) => error.code,
    ),
  )
  expect(await Promise.all(asking)).toEqual(['changed', [3, 1]])
})

test('a search that goes on from a replaced one is answered', async () => {
  const { client, workspaceId } = await openRuns(five)
  const asking = ['a', 'al', 'alpha'].map((search) =>
    client.request('runs:query', { workspaceId, ...page, search, asker: 'a window' }).then(
      ({ rows }) => numbers(rows),
      (error: { readonly code: string }) => error.code,
    ),
  )
  expect((await Promise.all(asking)).at(-1)).toEqual([4, 2])
})

test('the look at the runs itself ends when nobody waits for it', async () => {
  const looking = listRuns(
    [],
    { search: 'alpha' },
    { nowMs: 0, staleAfterMs: 0, orders: createRunOrders(), signal: AbortSignal.abort('gone') },
  )
  await expect(looking).rejects.toBe('gone')
})
