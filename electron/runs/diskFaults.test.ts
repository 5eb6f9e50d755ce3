import { appendFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { type FaultyDisk, makeFaultyDisk } from '../files/faultyDisk.testkit'
import { interposeDisk } from '../files/interposeDisk.testkit'
import { eventually, makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import type { StoreLine } from './rows'
import { createRunStore, type RunStore } from './runStore'
import { makeRunLine, makeStepLine, toFile } from './storeLines.testkit'
import { foldText, rowsOf } from './storeModel.testkit'

const runId = '0'.repeat(24)
const first = makeRunLine({ status: 'failed' })
const steps: readonly StoreLine[] = [1, 2, 3].map((n) => makeStepLine({ n, output: `${n}`.repeat(100) }))

async function openStore({ watch = false, lines = [first] as readonly StoreLine[] } = {}): Promise<{
  readonly store: RunStore
  readonly disk: FaultyDisk
  readonly text: () => Promise<string>
}> {
  const workspaceDir = await makeTemporaryFolder()
  const file = join(workspaceDir, '.agent-relay', 'workflow-runs.jsonl')
  await mkdir(dirname(file))
  await writeFile(file, toFile(lines))
  const disk = makeFaultyDisk(file)
  const store = createRunStore({ workspaceDir, watch })
  onTestFinished(async () => {
    disk.stop()
    await store.close()
  })
  await store.load()
  return { store, disk, text: () => disk.spared(() => readFile(file, 'utf8')) }
}

const claim = (store: RunStore): Promise<void> =>
  store.claim(runId, (record) => (record ? [{ kind: 'run', row: { ...record.run, status: 'running' } }] : []))

test.each(['EACCES', 'EROFS', 'ENOSPC', 'EIO', 'EMFILE'])(
  'rows that %s refuses stay in memory, are told, and are written in order when the disk is well again',
  async (code) => {
    const { store, disk, text } = await openStore()
    const told: string[] = []
    store.onWriteFailure(({ error }) => told.push(error.message))
    disk.refuse({ call: 'open', code })
    for (const line of steps) await store.append([line], 'synced')
    const during = [told.length, store.degraded()?.unsavedRows, (await store.read(runId))?.steps[0]?.n]
    disk.heal()
    await store.append([makeStepLine({ n: 4 })], 'synced')
    expect([during, store.degraded(), await text()]).toEqual([
      [3, 3, 3],
      null,
      toFile([first, ...steps, makeStepLine({ n: 4 })]),
    ])
  },
)

test('a disk that goes on refusing, for another reason, is told with the newest one, and since when it refuses', async () => {
  const { store, disk } = await openStore()
  disk.refuse({ call: 'open', code: 'EACCES' })
  await store.append(steps.slice(0, 1), 'synced')
  const first = store.degraded()
  disk.refuse({ call: 'open', code: 'ENOSPC' })
  await store.append(steps.slice(1), 'synced')
  expect([first?.message, store.degraded()]).toEqual([
    `${store.file} cannot be written (the permission is missing).`,
    { since: first?.since, message: `${store.file} cannot be written (the disk is full).`, unsavedRows: 3 },
  ])
})

test('a disk that fills up in the middle of a line loses nothing, doubles nothing, and glues nothing to the torn line', async () => {
  const { store, disk, text } = await openStore({ watch: true })
  const [whole] = toFile(steps.slice(0, 1)).split('\n')
  disk.refuse({ call: 'write', code: 'ENOSPC', room: Buffer.byteLength(whole ?? '') + 20 })
  await store.append(steps, 'written')
  const during = [store.degraded()?.unsavedRows, (await store.read(runId))?.steps[0]?.n]
  disk.heal()
  await eventually('the rows to be saved', () => store.degraded() === null)
  const lines = (await text()).split('\n')
  const torn = lines.filter((line) => line !== '' && !toFile([first, ...steps]).includes(`${line}\n`))
  expect([during, torn.length, lines.filter((line) => !torn.includes(line)).join('\n')]).toEqual([
    [2, 3],
    1,
    toFile([first, ...steps]),
  ])
})

test('a disk that takes all of a line but its end gets the rest of it later, not the line again', async () => {
  const { store, disk, text } = await openStore({ watch: true })
  disk.refuse({ call: 'write', code: 'ENOSPC', room: Buffer.byteLength(toFile(steps)) - 1 })
  await store.append(steps, 'written')
  disk.heal()
  await eventually('the rows to be saved', () => store.degraded() === null)
  expect(await text()).toBe(toFile([first, ...steps]))
})

test('lines that the disk refuses to sync are told as not saved, synced later, and written once', async () => {
  const { store, disk, text } = await openStore({ watch: true })
  disk.refuse({ call: 'sync', code: 'EIO' })
  await store.append(steps, 'synced')
  const during = store.degraded() === null
  disk.heal()
  await eventually('the store to be well', () => store.degraded() === null)
  expect([during, await text()]).toEqual([false, toFile([first, ...steps])])
})

test.each([
  ['file', ({ file }: RunStore) => file],
  ['folder', ({ file }: RunStore) => dirname(file)],
])('lines that the disk refused to sync, and whose %s others removed, leave nothing to be saved', async (_, pathOf) => {
  const { store, disk, text } = await openStore()
  disk.refuse({ call: 'sync', code: 'ENOSPC' })
  await store.append(steps, 'synced')
  await disk.spared(() => rm(pathOf(store), { recursive: true }))
  disk.heal()
  await store.claim(runId, () => [first])
  expect([store.degraded(), await text()]).toEqual([null, toFile([first])])
})

test('lines that the disk refused to sync are written once more in their place, also when younger ones were synced since', async () => {
  const { store, disk, text } = await openStore()
  disk.refuse({ call: 'sync', code: 'EIO' })
  await store.append(steps, 'synced')
  disk.heal()
  await store.append([makeStepLine({ n: 4 })], 'synced')
  disk.stop()
  const again: [string, number | null | undefined][] = []
  const stop = interposeDisk(store.file, {
    after: ({ kind, data, position }) => {
      if (kind === 'write') again.push([`${data}`, position])
    },
  })
  onTestFinished(stop)
  await store.claim(runId, () => [first])
  expect([again[0], store.degraded(), await text()]).toEqual([
    [toFile(steps), Buffer.byteLength(toFile([first]))],
    null,
    toFile([first, ...steps, makeStepLine({ n: 4 }), first]),
  ])
})

const line = Buffer.byteLength(toFile([makeRunLine({ status: 'running' })]))
test.each([
  { call: 'open', code: 'EACCES' },
  { call: 'write', code: 'ENOSPC', room: 0 },
  { call: 'write', code: 'ENOSPC', room: 1 },
  { call: 'write', code: 'ENOSPC', room: line / 2 },
  { call: 'write', code: 'ENOSPC', room: line - 1 },
  { call: 'sync', code: 'EIO' },
] as const)(
  'a claim that is refused ($call, $code, $room) changes nothing, also when others write later',
  async (refusal) => {
    const { store, disk, text } = await openStore()
    disk.refuse(refusal)
    const outcome = await claim(store).catch((error: Error) => error.message)
    disk.heal()
    await store.append([makeStepLine({ n: 9 })], 'synced')
    const said = await rowsOf(store)
    expect([outcome, said]).toEqual([
      expect.stringContaining('Nothing was changed.'),
      foldText(toFile([first, makeStepLine({ n: 9 })]), []),
    ])
    expect(said).toEqual(foldText(await text(), []))
  },
)

test('a claim that is refused while others are in the middle of a line like its own leaves what stands of theirs', async () => {
  const { store, disk, text } = await openStore()
  const [theirs] = toFile([makeRunLine({ status: 'paused' })]).split('\n')
  const half = theirs?.slice(0, 30) ?? ''
  await disk.spared(() => appendFile(store.file, half))
  disk.refuse({ call: 'write', code: 'ENOSPC', room: 0 })
  const outcome = await claim(store).catch((error: Error) => error.message)
  expect([outcome, await text()]).toEqual([
    expect.stringContaining('Nothing was changed.'),
    `${toFile([first])}${half}`,
  ])
})

test('a claim that stands is seen at once by the store that made it', async () => {
  const { store } = await openStore()
  await claim(store)
  expect([store.statusOf(runId), (await store.read(runId))?.run.status]).toEqual(['running', 'running'])
})

test('a file that cannot be read to its end is told, and read on from there, no line twice and none left out', async () => {
  const long = Array.from({ length: 12 }, (_, n) =>
    makeRunLine({ id: `${n}`.padStart(24, '0'), fill: 'x'.repeat(300_000) }),
  )
  const { store, disk } = await openStore({ lines: long.slice(0, 1) })
  disk.refuse({ call: 'read', code: 'EIO', room: 3 })
  await disk.spared(() => writeFile(store.file, toFile(long)))
  await store.refresh()
  const trouble = store.trouble()
  disk.heal()
  await store.refresh()
  expect([trouble, store.trouble(), store.runs().map(({ id }) => id)]).toEqual([
    expect.stringContaining('(the disk reported an error)'),
    null,
    long.map(({ row }) => row.id),
  ])
})
