import { appendFile, copyFile, mkdir, readdir, readFile, rename, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { eventually } from '../files/eventually.testkit'
import { makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { everything } from './everything.testkit'
import type { LargeSizes } from './loadRuns'
import type { StoreLine } from './rows'
import { createSnapshots } from './runSnapshot'
import { createRunStore, type RunStore } from './runStore'
import { makeRunLine, makeStepLine, toFile } from './storeLines.testkit'

const always: LargeSizes = { snapshotBytes: 0, newestFirstBytes: Number.POSITIVE_INFINITY }

interface Place {
  readonly workspaceDir: string
  readonly file: string
  readonly snapshotDir: string
}

async function makePlace(content: string): Promise<Place> {
  const folder = await makeTemporaryFolder()
  const [workspaceDir, snapshotDir] = [join(folder, 'workspace'), join(folder, 'snapshots')]
  const file = join(workspaceDir, '.agent-relay', 'workflow-runs.jsonl')
  await mkdir(join(workspaceDir, '.agent-relay'), { recursive: true })
  await writeFile(file, content)
  return { workspaceDir, file, snapshotDir }
}

async function open({ workspaceDir, snapshotDir }: Place, sizes = always): Promise<RunStore> {
  const store = createRunStore({ workspaceDir, watch: false, snapshotDir, sizes })
  onTestFinished(() => store.close())
  await store.load()
  return store
}

/** Opens the store so that its snapshot is on the disk, and gives the snapshot's path. */
async function snapshot(place: Place): Promise<string> {
  const store = await open(place)
  await store.checked()
  await store.close()
  const [name = ''] = await readdir(place.snapshotDir)
  return join(place.snapshotDir, name)
}

const id = (digits: string): string => digits.padEnd(24, '0')
const aRun: readonly StoreLine[] = [
  makeRunLine({ id: id('a'), status: 'running' }),
  makeStepLine({ id: id('a1'), runId: id('a'), status: 'running', startedAt: '2026-11-20T10:00:00.000Z' }),
  makeStepLine({ id: id('a1'), runId: id('a'), status: 'failed', error: 'exit 1' }),
  makeRunLine({ id: id('a'), status: 'failed', error: 'é "quoted"\n' }),
  makeRunLine({ id: 'not hex: ../x', status: 'completed' }),
  makeStepLine({ id: 'odd step', runId: 'not hex: ../x', status: 'completed' }),
]

const anyLine = fc.oneof(
  fc
    .record({
      run: fc.constantFrom('a', 'b', 'c'),
      status: fc.constantFrom('pending', 'running', 'failed', 'completed'),
    })
    .map(({ run, status }) =>
      makeRunLine({ id: id(run), status, error: status === 'failed' ? 'no "é" \\ ' : undefined }),
    ),
  fc
    .record({
      run: fc.constantFrom('a', 'b', 'z'),
      step: fc.constantFrom('1', '2', '3'),
      status: fc.constantFrom('pending', 'running', 'failed', 'completed', 'skipped', 'dreaming'),
      own: fc.jsonValue(),
      retryCount: fc.oneof(fc.integer(), fc.double({ noNaN: true }), fc.constant('odd')),
    })
    .map(({ run, step, status, own, retryCount }) =>
      makeStepLine({ id: id(step), runId: id(run), status, own, retryCount, dependsOn: ['ä', 'b\n'] }),
    ),
)

test('a line means the same however it is written', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyLine, { maxLength: 20 }), async (lines) => {
      const spaced = lines.map((line) => JSON.stringify(line, null, 1).replaceAll('\n', ' ')).join('\n')
      const [compact, wide] = [await open(await makePlace(toFile(lines))), await open(await makePlace(`${spaced}\n`))]
      expect(await everything(compact)).toEqual(await everything(wide))
    }),
    { numRuns: 60 },
  )
})

test('a store opens from its snapshot and the lines behind it as from the whole file', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyLine, { maxLength: 15 }),
      fc.array(anyLine, { maxLength: 10 }),
      async (lines, later) => {
        const place = await makePlace(`{broken\n${toFile(lines)}`)
        await snapshot(place)
        await appendFile(place.file, `${toFile(later)}{"torn`)
        const warm = await open(place)
        const cold = await open({ ...place, snapshotDir: join(place.snapshotDir, 'none') })
        expect([await everything(warm), warm.problems()]).toEqual([await everything(cold), cold.problems()])
      },
    ),
    { numRuns: 40 },
  )
})

test('a snapshot damaged at any byte, or cut off anywhere, counts for nothing', async () => {
  const place = await makePlace(toFile(aRun))
  const path = await snapshot(place)
  const whole = await readFile(path)
  const snapshots = createSnapshots({ dir: place.snapshotDir, file: place.file })
  const used: number[] = []
  for (let at = 0; at < whole.length; at++) {
    for (const bytes of [whole.subarray(0, at), flipped(whole, at)]) {
      await writeFile(path, bytes)
      if (await snapshots.read()) used.push(at)
    }
  }
  await writeFile(path, flipped(whole, 100))
  expect([used, (await open(place)).runs().length, whole.length > 1000]).toEqual([[], 2, true])
})

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes)
  copy[at] = (copy[at] ?? 0) ^ 0x10
  return copy
}

test('a file changed in its middle behind the back of its times is noticed and read again', async () => {
  const padding = makeRunLine({ id: id('f'), config: { text: 'x'.repeat(200_000) } })
  const lines = [padding, makeRunLine({ id: id('a'), status: 'running' }), padding]
  const place = await makePlace(toFile(lines))
  await snapshot(place)
  const { atime, mtime } = await stat(place.file)
  const text = await readFile(place.file, 'utf8')
  await writeFile(place.file, text.replace('"status":"running"', '"status":"skipped"'))
  await utimes(place.file, atime, mtime)
  const store = await open(place)
  await store.checked()
  expect(store.get(id('a'))?.view.status).toBe('skipped')
})

test('a replaced file is not taken for the one that the snapshot was made from', async () => {
  const place = await makePlace(toFile(aRun))
  await snapshot(place)
  await copyFile(place.file, `${place.file}.new`)
  await appendFile(`${place.file}.new`, toFile([makeRunLine({ id: id('b') })]))
  await rename(`${place.file}.new`, place.file)
  const store = await open(place)
  expect(store.get(id('b'))?.view.status).toBe('pending')
})

const day = (index: number): string => new Date(Date.UTC(2026, 0, 1 + index)).toISOString()
/** Runs that started a day apart, the oldest resumed at the very end. */
const resumedLate: readonly StoreLine[] = [
  ...Array.from({ length: 300 }, (_, index) => [
    makeRunLine({ id: id(`c${index}c`), status: 'running', startedAt: day(index), updatedAt: day(index) }),
    makeStepLine({
      id: id(`d${index}d`),
      runId: id(`c${index}c`),
      status: 'completed',
      updatedAt: day(index),
      output: 'x'.repeat(20_000),
    }),
    makeRunLine({ id: id(`c${index}c`), status: 'completed', startedAt: day(index), updatedAt: day(index) }),
  ]).flat(),
  makeRunLine({ id: id('c0c'), status: 'running', startedAt: day(0), updatedAt: day(400) }),
]

test('reading that is stopped early shows the newest runs as they are, and goes on when asked to', async () => {
  const place = await makePlace(toFile(resumedLate))
  const store = createRunStore({ ...place, watch: false, sizes: { snapshotBytes: 0, newestFirstBytes: 0 } })
  onTestFinished(() => store.close())
  const stop = store.onChange(() => {
    if (store.runs().length > 0) store.stopLoading()
  })
  await store.load()
  stop()
  const early = store.runs().map(({ id: run, view, counts }) => [run, view.status, counts.completed])
  expect([store.loading()?.stopped, early.length > 150, early.some(([run]) => run === id('c0c'))]).toEqual([
    true,
    true,
    false,
  ])
  await store.load()
  const whole = store.runs().map(({ id: run, view, counts }) => [run, view.status, counts.completed])
  expect([store.loading(), whole.length, whole[0], whole.slice(-early.length)]).toEqual([
    null,
    300,
    [id('c0c'), 'running', 1],
    early,
  ])
})

test('while a large snapshot is read, the newest runs of the file are shown', async () => {
  const place = await makePlace(toFile(resumedLate))
  await snapshot(place)
  const store = createRunStore({ ...place, watch: false, sizes: { snapshotBytes: 0, newestFirstBytes: 0 } })
  onTestFinished(() => store.close())
  const shown = new Set<number>()
  onTestFinished(store.onChange(() => shown.add(store.runs().length)))
  await store.load()
  await eventually('the last change to be told', () => shown.has(300))
  const [first = 0, ...later] = shown
  expect([first > 150 && first < 300, later, store.runs().length]).toEqual([true, [300], 300])
})
