import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import type { StoreLine } from './rows'
import { createRunStore, type RunStore } from './runStore'
import { makeRunLine, makeStepLine, toFile } from './storeLines.testkit'

const day = (index: number): string => `2026-11-0${index}T10:00:00.000Z`
const [a, b] = ['a', 'b'].map((digit) => digit.repeat(24))

async function openStore(
  content: string,
  { staleAfterMs = 1 } = {},
): Promise<{ store: RunStore; file: string; archiveDir: string }> {
  const workspaceDir = await makeTemporaryFolder()
  const file = join(workspaceDir, '.agent-relay', 'workflow-runs.jsonl')
  await mkdir(join(workspaceDir, '.agent-relay'))
  await writeFile(file, content)
  const store = createRunStore({ workspaceDir, watch: false, staleAfterMs: () => staleAfterMs })
  onTestFinished(() => store.close())
  await store.load()
  return { store, file, archiveDir: join(workspaceDir, '.agent-relay', 'rundesk', 'archive') }
}

/** What the store says of every run, attempts and outputs included, without the places of lines. */
async function everything(store: RunStore): Promise<unknown> {
  return Promise.all(
    store.runs().map(async (run) => {
      const record = await store.read(run.id)
      const steps = [...(await store.stepsOf(run)).values()].map(({ view }) => view)
      const rows = record?.steps.map(({ rundesk, ...row }) => row)
      return { view: run.view, counts: run.counts, activity: run.lastActivityMs, steps, run: record?.run, rows }
    }),
  )
}

const retried: readonly StoreLine[] = [
  makeRunLine({ id: a, status: 'pending' }),
  makeStepLine({ runId: a, status: 'pending' }),
  makeRunLine({ id: a, status: 'running' }),
  makeStepLine({ runId: a, status: 'running', startedAt: day(1) }),
  makeStepLine({ runId: a, status: 'running', startedAt: day(1), retryCount: 1, error: 'exit 1', updatedAt: day(2) }),
  makeStepLine({ runId: a, status: 'running', startedAt: day(3), retryCount: 1 }),
  makeStepLine({ runId: a, status: 'completed', startedAt: day(3), retryCount: 1, output: 'ok', completedAt: day(4) }),
  makeRunLine({ id: a, status: 'completed', completedAt: day(4) }),
]

test('one line stays for each row, and everything that was told is still told', async () => {
  const { store, file } = await openStore(toFile(retried))
  const before = await everything(store)
  const done = await store.compact({ endedBeforeMs: null, archive: true })
  const lines = (await readFile(file, 'utf8')).trim().split('\n')
  expect([await everything(store), lines.length, done.removedRuns, await readFile(done.copy, 'utf8')]).toEqual([
    before,
    2,
    0,
    toFile(retried),
  ])
})

test('lines that are no rows, and a torn tail, stay', async () => {
  const { store, file } = await openStore(`{broken\n${toFile(retried)}{"kind":"note","row":{"id":"n"}}\n{"kind":"ru`)
  await store.compact({ endedBeforeMs: null, archive: true })
  const lines = (await readFile(file, 'utf8')).split('\n')
  expect([lines[0], lines[1], lines.at(-1)]).toEqual(['{broken', '{"kind":"note","row":{"id":"n"}}', '{"kind":"ru'])
})

test('runs that ended before a time are archived whole', async () => {
  const kept = [makeRunLine({ id: b, status: 'failed', completedAt: day(9), startedAt: day(8) })]
  const { store, archiveDir } = await openStore(toFile([...retried, ...kept]))
  const done = await store.compact({ endedBeforeMs: Date.parse(day(5)), archive: true })
  expect([store.runs().map(({ id }) => id), done.removedRuns, await readFile(done.archive ?? '', 'utf8')]).toEqual([
    [b],
    1,
    toFile(retried),
  ])
  expect(await readdir(archiveDir)).toHaveLength(2)
})

test('it is refused while a run may still be written, and changes nothing', async () => {
  const now = new Date().toISOString()
  const content = toFile([makeRunLine({ status: 'running', updatedAt: now })])
  const { store, file } = await openStore(content, { staleAfterMs: 3_600_000 })
  await expect(store.compact({ endedBeforeMs: null, archive: true })).rejects.toThrow(/may still be written/)
  expect(await readFile(file, 'utf8')).toBe(content)
})

test('a run goes on after a compaction as it would have without', async () => {
  const { store } = await openStore(toFile(retried.slice(0, 5)))
  await store.compact({ endedBeforeMs: null, archive: true })
  const next = makeStepLine({ runId: a, status: 'running', startedAt: day(3), retryCount: 1 })
  await store.append([next], 'synced')
  const run = store.get(a ?? '')
  const [step] = run ? [...(await store.stepsOf(run)).values()] : []
  expect(step?.view.attempts.map(({ number, status }) => [number, status])).toEqual([
    [1, 'failed'],
    [2, 'running'],
  ])
})

const statuses = ['pending', 'running', 'completed', 'failed', 'skipped', 'odd']
const anyLine = fc.oneof(
  fc
    .record({ run: fc.constantFrom(a, b), status: fc.constantFrom(...statuses), at: fc.integer({ min: 1, max: 5 }) })
    .map(({ run, status, at }) => makeRunLine({ id: run, status, updatedAt: day(at), startedAt: day(1) })),
  fc
    .record({
      run: fc.constantFrom(a, b),
      step: fc.constantFrom('c', 'd'),
      status: fc.constantFrom(...statuses),
      at: fc.integer({ min: 1, max: 5 }),
      retryCount: fc.integer({ min: 0, max: 2 }),
    })
    .map(({ run, step, status, at, retryCount }) =>
      // A step belongs to one run: its id says which.
      makeStepLine({
        id: `${run?.[0]}${step}`.repeat(12),
        runId: run,
        status,
        startedAt: day(at),
        updatedAt: day(at),
        retryCount,
      }),
    ),
)

test('whatever the lines say, a compacted store says the same, twice compacted as well', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyLine, { maxLength: 25 }), async (lines) => {
      const inTime = lines.toSorted(
        (left, right) => Date.parse(left.row.updatedAt ?? '') - Date.parse(right.row.updatedAt ?? ''),
      )
      const { store } = await openStore(toFile(inTime))
      const before = await everything(store)
      await store.compact({ endedBeforeMs: null, archive: true })
      const once = await everything(store)
      await store.compact({ endedBeforeMs: null, archive: true })
      expect([once, await everything(store)]).toEqual([before, before])
    }),
    { numRuns: 60 },
  )
})
