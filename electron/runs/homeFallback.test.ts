import { chmod, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { eventually, makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { createRunStore, type RunStore } from './runStore'
import { makeRunLine, makeStepLine, toFile } from './storeLines.testkit'

const runId = '0'.repeat(24)
const rows = [makeRunLine({ status: 'running' }), makeStepLine({ status: 'completed', output: 'ü\n' })]

interface Place {
  readonly workspaceDir: string
  readonly home: string
  readonly file: string
}

async function makePlace(): Promise<Place> {
  const folder = await makeTemporaryFolder()
  const [workspaceDir, home] = [join(folder, 'workspace'), join(folder, 'home')]
  await mkdir(join(workspaceDir, '.agent-relay'), { recursive: true })
  await mkdir(home)
  return { workspaceDir, home, file: join(workspaceDir, '.agent-relay', 'workflow-runs.jsonl') }
}

async function open({ workspaceDir, home }: Place, { use = true, watch = false } = {}): Promise<RunStore> {
  const store = createRunStore({ workspaceDir, watch, fallback: { home, use: () => use } })
  onTestFinished(() => store.close())
  await store.load()
  return store
}

/** What lies in the home: the lines of every fallback file. */
async function inHome({ home }: Place): Promise<string[]> {
  const folder = join(home, '.agent-relay')
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.jsonl'))
  return Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))
}

/** A folder where the file should be refuses every write. */
async function refuse({ file }: Place): Promise<() => Promise<void>> {
  await mkdir(file)
  return () => rm(file, { recursive: true })
}

test('rows that the disk refuses outlive the process in the home, and go where they belong when it is back', async () => {
  const place = await makePlace()
  const repair = await refuse(place)
  const first = await open(place)
  await first.append(rows.slice(0, 1), 'written')
  await first.append(rows.slice(1), 'synced')
  await first.close()
  const second = await open(place, { watch: true })
  const shown = {
    status: second.get(runId)?.view.status,
    unsaved: second.degraded()?.unsavedRows,
    home: await inHome(place),
  }
  await repair()
  await eventually('the rows to be saved', () => second.degraded() === null)
  expect([shown, await readFile(place.file, 'utf8'), await inHome(place)]).toEqual([
    { status: 'running', unsaved: 2, home: [toFile(rows)] },
    toFile(rows),
    [],
  ])
})

test('two stores that both know the kept rows save them once', async () => {
  const place = await makePlace()
  const repair = await refuse(place)
  const first = await open(place, { watch: true })
  await first.append(rows, 'synced')
  const second = await open(place, { watch: true })
  await repair()
  await eventually('both to be well', () => first.degraded() === null && second.degraded() === null)
  await Promise.all([first.close(), second.close()])
  expect([await readFile(place.file, 'utf8'), await inHome(place)]).toEqual([toFile(rows), []])
})

test('without the setting nothing is kept in the home', async () => {
  const place = await makePlace()
  await refuse(place)
  const store = await open(place, { use: false })
  await store.append(rows, 'synced')
  expect([store.degraded()?.unsavedRows, await inHome(place)]).toEqual([2, []])
})

test('lines in a kept file that are no rows are left out', async () => {
  const place = await makePlace()
  const store = await open(place, { watch: true })
  const repair = await refuse(place)
  await store.append(rows, 'synced')
  const [name = ''] = await readdir(join(place.home, '.agent-relay'))
  const path = join(place.home, '.agent-relay', name)
  await writeFile(path, `{torn\n${toFile(rows)}null\n{"kind":"ru`)
  const other = await open(place)
  expect(other.get(runId)?.view.status).toBe('running')
  await repair()
})

const asUser = test.skipIf(process.getuid?.() === 0)

asUser.each([
  { folder: 0o755, file: null, home: false },
  { folder: 0o755, file: 0o644, home: false },
  { folder: 0o755, file: 0o444, home: true },
  { folder: 0o555, file: null, home: true },
  { folder: 0o555, file: 0o644, home: false },
  { folder: 0o555, file: 0o444, home: true },
])('folder $folder, file $file: kept in the home: $home', async ({ folder, file, home }) => {
  const place = await makePlace()
  const relayDir = join(place.workspaceDir, '.agent-relay')
  if (file !== null) await writeFile(place.file, '')
  if (file !== null) await chmod(place.file, file)
  await chmod(relayDir, folder)
  onTestFinished(() => chmod(relayDir, 0o755))
  const store = await open(place)
  await store.append(rows, 'synced')
  expect([await inHome(place), store.degraded() !== null]).toEqual(home ? [[toFile(rows)], true] : [[], false])
})

asUser('a claim that the disk refuses stands in the home', async () => {
  const place = await makePlace()
  await writeFile(place.file, toFile([makeRunLine({ status: 'failed' })]))
  await chmod(place.file, 0o444)
  const store = await open(place)
  await store.claim(runId, () => rows.slice(0, 1))
  expect([store.get(runId)?.view.status, await inHome(place)]).toEqual(['running', [toFile(rows.slice(0, 1))]])
})
