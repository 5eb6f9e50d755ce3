import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { createActLedger } from './actLedger'
import { type BulkActs, createBulkActs } from './bulkActs'
import type { MemoryEngine } from './memoryEngine.testkit'
import { createMemorySource, type MemorySource } from './memorySource.testkit'

const signal = new AbortController().signal

interface BulkWorld extends MemorySource {
  readonly bulk: BulkActs
  readonly dataDir: string
}

async function openWorld(dataDir?: string): Promise<BulkWorld> {
  const dir = dataDir ?? (await makeTemporaryFolder())
  const memory = createMemorySource()
  const bulk = createBulkActs({
    dataDir: dir,
    by: 'ann@desk',
    source: () => ({ name: 'Production', source: memory.source }),
    onChange: () => undefined,
  })
  onTestFinished(() => bulk.close())
  return { ...memory, bulk, dataDir: dir }
}

const resumeBuried = { sourceId: 'memory', act: 'resume', ask: { view: 'dead-lettered', where: {} } } as const
const statusesOf = (engine: MemoryEngine): readonly string[] => engine.all().map(({ status }) => status)

test('a bulk act is done to exactly the frozen runs, and what changed since is left alone', async () => {
  const { bulk, engine } = await openWorld()
  const [first, second] = [engine.put({ status: 'buried' }), engine.put({ status: 'buried' })]
  const { setId, ways } = await bulk.preview(resumeBuried, signal)
  engine.put({ status: 'buried' })
  engine.change(second.id, { error: 'buried once more' })
  await bulk.start(setId, { confirmed: false, reason: 'the disk is back' })
  await bulk.settled(setId)
  const { state, runs, by, reason } = await bulk.get(setId)
  expect([ways, statusesOf(engine), state, by, reason, runs.map(({ runId, outcome }) => [runId, outcome])]).toEqual([
    { act: 2, confirm: 0, refused: 0 },
    ['queued', 'buried', 'buried'],
    'ended',
    'ann@desk',
    'the disk is back',
    [
      [second.id, 'changed'],
      [first.id, 'done'],
    ],
  ])
})

test('a set is acted on once', async () => {
  const { bulk, engine } = await openWorld()
  engine.put({ status: 'buried' })
  const { setId } = await bulk.preview(resumeBuried, signal)
  const starts = await Promise.allSettled([
    bulk.start(setId, { confirmed: false, reason: null }),
    bulk.start(setId, { confirmed: false, reason: null }),
  ])
  expect(starts.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
})

test('what asks for a confirmation is left alone without one', async () => {
  const { bulk, engine } = await openWorld()
  engine.put({ status: 'going' })
  const target = { sourceId: 'memory', act: 'resume', ask: { view: 'going', where: {} } } as const
  const outcomes: (string | null | undefined)[] = []
  for (const confirmed of [false, true]) {
    const { setId } = await bulk.preview(target, signal)
    await bulk.start(setId, { confirmed, reason: null })
    await bulk.settled(setId)
    outcomes.push((await bulk.get(setId)).runs[0]?.outcome)
  }
  expect([outcomes, statusesOf(engine)]).toEqual([['refused', 'done'], ['queued']])
})

test('the ledger knows of an act before it is done', async () => {
  const { bulk, engine, dataDir } = await openWorld()
  engine.put({ status: 'buried' })
  const told: string[] = []
  engine.onChange(() => {
    told.push(statusesOf(engine).join())
  })
  const { setId } = await bulk.preview(resumeBuried, signal)
  const change = engine.change
  let before = ''
  Object.assign(engine, {
    change: (...given: Parameters<typeof change>) => {
      before = readLedgerNow(dataDir)
      return change(...given)
    },
  })
  await bulk.start(setId, { confirmed: false, reason: null })
  await bulk.settled(setId)
  const kinds = (text: string): readonly string[] =>
    text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).kind)
  const after = await readFile(join(dataDir, 'sources', 'ledger.jsonl'), 'utf8')
  expect([kinds(before), kinds(after), told]).toEqual([
    ['begin', 'begun'],
    ['begin', 'begun', 'outcome', 'end'],
    ['queued'],
  ])
})

test('an interrupted act goes on: what was begun and has happened is not done again, what has not is', async () => {
  const dataDir = await makeTemporaryFolder()
  const { bulk, engine } = await openWorld(dataDir)
  const runs = [1, 2, 3, 4].map(() => engine.put({ status: 'buried' }))
  const [happened, not, never, cancelled] = runs.map(({ id }) => id)
  const at = '2026-01-01T00:00:00.000Z'
  const dead = createActLedger(join(dataDir, 'sources', 'ledger.jsonl'))
  await dead.write([
    {
      ...{ kind: 'begin', version: 1, id: 'op', at, act: 'resume', sourceId: 'memory', sourceName: 'Production' },
      ...{ by: 'ann@desk', reason: null, confirmed: false },
      runs: runs.map(({ id }) => ({ runId: id, workflowName: 'deploy', version: '1', way: 'act', reason: null })),
    },
    ...[happened, not, cancelled].map((runId = '') => ({ kind: 'begun', id: 'op', at, runId }) as const),
  ])
  await dead.close()
  engine.change(happened ?? '', { status: 'queued' })
  engine.change(cancelled ?? '', { status: 'cancelled' })
  const before = await bulk.get('op')
  await bulk.resume('op')
  await bulk.settled('op')
  const after = await bulk.get('op')
  expect([
    before.state,
    after.state,
    after.runs.map(({ runId, outcome }) => [runId, outcome]),
    engine.all().map(({ status, revision }) => `${status} ${revision}`),
  ]).toEqual([
    'interrupted',
    'ended',
    [
      [happened, 'done'],
      [not, 'done'],
      [never, 'done'],
      [cancelled, 'changed'],
    ],
    ['queued 2', 'queued 2', 'queued 2', 'cancelled 2'],
  ])
})

test('an interrupted act can be closed: what was not begun is skipped', async () => {
  const dataDir = await makeTemporaryFolder()
  const { bulk, engine } = await openWorld(dataDir)
  const { id: runId } = engine.put({ status: 'buried' })
  const dead = createActLedger(join(dataDir, 'sources', 'ledger.jsonl'))
  await dead.write([
    {
      ...{ kind: 'begin', version: 1, id: 'op', at: '', act: 'resume', sourceId: 'memory', sourceName: 'Production' },
      ...{ by: 'ann@desk', reason: null, confirmed: false },
      runs: [{ runId, workflowName: 'deploy', version: '1', way: 'act', reason: null }],
    },
  ])
  await dead.close()
  const { state, runs, stopped } = await bulk.stop('op')
  expect([state, stopped, runs[0]?.outcome, statusesOf(engine)]).toEqual([
    'ended',
    'Closed by a person after it was interrupted.',
    'skipped',
    ['buried'],
  ])
})

test('when the source is gone the rest is left alone, and nothing is told as done', async () => {
  const { bulk, engine, breakWith } = await openWorld()
  for (let number = 0; number < 20; number++) engine.put({ status: 'buried' })
  const { setId } = await bulk.preview(resumeBuried, signal)
  breakWith('db:5432 refuses connections. Start PostgreSQL there.')
  await bulk.start(setId, { confirmed: false, reason: null })
  await bulk.settled(setId)
  const { runs, stopped } = await bulk.get(setId)
  const outcomes = new Set(runs.map(({ outcome }) => outcome))
  expect([outcomes, runs.find(({ outcome }) => outcome === 'failed')?.detail, stopped !== null]).toEqual([
    new Set(['failed', 'skipped']),
    'db:5432 refuses connections. Start PostgreSQL there.',
    true,
  ])
})

function readLedgerNow(dataDir: string): string {
  return readFileSync(join(dataDir, 'sources', 'ledger.jsonl'), 'utf8')
}
