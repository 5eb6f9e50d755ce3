import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { eventually, makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import {
  linesOf,
  listTree,
  makeDocument,
  makeIndex,
  makeRoot,
  openStore,
  readEntries,
  startSaving,
  writeTree,
} from './trajectories.testkit'
import { createTrajectoryStore } from './trajectoryStore'

const readJson = async (root: string, path: string): Promise<unknown> =>
  JSON.parse(await readFile(join(root, path), 'utf8'))

test('an empty folder gets month folders, markdown and an index', async () => {
  const root = await makeRoot()
  const store = await openStore(root)
  await store.save(makeDocument())
  await store.save(makeDocument({ id: 'traj_two', status: 'active', completedAt: undefined }))
  await store.close()
  expect([await listTree(root), await readEntries(root)]).toEqual([
    ['active/traj_two.json', 'completed/2026-02/traj_one.json', 'completed/2026-02/traj_one.md', 'index.json'],
    {
      traj_one: {
        title: 'Mend the import',
        status: 'completed',
        startedAt: '2026-02-03T10:00:00.000Z',
        completedAt: '2026-02-03T11:00:00.000Z',
        path: '.trajectories/completed/2026-02/traj_one.json',
      },
      traj_two: {
        title: 'Mend the import',
        status: 'active',
        startedAt: '2026-02-03T10:00:00.000Z',
        path: '.trajectories/active/traj_two.json',
      },
    },
  ])
})

test("what is Rundesk's own in the folder is not for git", async () => {
  const root = await makeRoot()
  const store = await openStore(root)
  await store.save(makeDocument())
  expect(await readFile(join(root, '.rundesk/.gitignore'), 'utf8')).toBe('*\n')
})

test('reconciling a folder without an index makes nothing', async () => {
  const root = join(await makeTemporaryFolder(), '.agentworkforce', 'trajectories')
  await writeTree(root, { 'completed/2026-01/traj_old/trajectory.json': makeDocument({ id: 'traj_old' }) })
  const result = await (await openStore(root)).reconcile()
  expect([result.scanned, await readdir(root)]).toEqual([1, ['completed']])
})

test('where records have folders of their own a new one gets one too, and no index', async () => {
  const root = join(await makeTemporaryFolder(), '.agentworkforce', 'trajectories')
  await writeTree(root, { 'completed/2026-01/traj_old/trajectory.json': makeDocument({ id: 'traj_old' }) })
  const store = await openStore(root)
  await store.save(makeDocument())
  await store.close()
  expect([await listTree(root), await readdir(root)]).toEqual([
    [
      'completed/2026-01/traj_old/trajectory.json',
      'completed/2026-02/traj_one/summary.md',
      'completed/2026-02/traj_one/trajectory.json',
    ],
    ['completed'],
  ])
})

test('the folder of tools without an index keeps its month files and gets no index', async () => {
  const root = join(await makeTemporaryFolder(), '.agentworkforce', 'trajectories')
  await writeTree(root, { 'completed/2026-01/traj_old.json': makeDocument({ id: 'traj_old' }) })
  const store = await openStore(root)
  await store.save(makeDocument())
  await store.close()
  expect(await listTree(root)).toEqual([
    'completed/2026-01/traj_old.json',
    'completed/2026-02/traj_one.json',
    'completed/2026-02/traj_one.md',
  ])
})

test('an index that is missing beside month files is built with all of them', async () => {
  const root = await makeRoot()
  await writeTree(root, { 'completed/2026-01/traj_old.json': makeDocument({ id: 'traj_old' }) })
  const store = await openStore(root)
  await store.save(makeDocument())
  await store.close()
  expect(Object.keys(await readEntries(root))).toEqual(['traj_old', 'traj_one'])
})

test.each([
  ['active/traj_one.json'],
  ['active/traj_one/trajectory.json'],
  ['completed/2026-02/traj_one.json'],
  ['completed/traj_one.json'],
])('fields that only %s has survive a save', async (path) => {
  const root = await makeRoot()
  const before = makeDocument({ mood: 'calm', _trace: { startRef: 'a' }, task: { title: 'old', ticket: 7 } })
  await writeTree(root, { [path]: { ...before, status: path.startsWith('active') ? 'active' : 'completed' } })
  const store = await openStore(root)
  await store.save(makeDocument())
  const saved = await store.get('traj_one')
  expect(JSON.parse(await readFile(saved?.path ?? '', 'utf8'))).toEqual({
    ...makeDocument(),
    mood: 'calm',
    _trace: { startRef: 'a' },
    task: { title: 'Mend the import', ticket: 7 },
  })
})

test('a record that ends leaves active/, and one that goes on leaves completed/', async () => {
  const root = await makeRoot()
  const store = await openStore(root)
  const going = makeDocument({ status: 'active', completedAt: undefined, retrospective: undefined })
  const steps: (readonly string[])[] = []
  for (const document of [going, makeDocument(), going]) {
    await store.save(JSON.parse(JSON.stringify(document)))
    steps.push((await listTree(root)).filter((path) => path !== 'index.json'))
  }
  expect([steps, await readJson(root, 'active/traj_one.json')]).toEqual([
    [
      ['active/traj_one.json'],
      ['completed/2026-02/traj_one.json', 'completed/2026-02/traj_one.md'],
      ['active/traj_one.json'],
    ],
    JSON.parse(JSON.stringify(going)),
  ])
})

test('a record stays in the month in which it was filed', async () => {
  const root = await makeRoot()
  await writeTree(root, { 'completed/2026-03/traj_one.json': makeDocument() })
  const store = await openStore(root)
  await store.save(makeDocument({ task: { title: 'new' } }))
  await store.close()
  expect(await listTree(root)).toEqual([
    'completed/2026-03/traj_one.json',
    'completed/2026-03/traj_one.md',
    'index.json',
  ])
})

test('an old copy stays until the new one is there', async () => {
  const root = await makeRoot()
  await writeTree(root, {
    'active/traj_one.json': makeDocument({ status: 'active' }),
    completed: 'a file is in the way',
  })
  const store = await openStore(root)
  await expect(store.save(makeDocument())).rejects.toThrow()
  expect([store.list().map(({ id }) => id), store.problems()[0]?.code]).toEqual([['traj_one'], 'trajectory_not_saved'])
})

test('a save that works again takes its problem back', async () => {
  const root = await makeRoot()
  await writeTree(root, { completed: 'a file is in the way' })
  const store = await openStore(root)
  await store.save(makeDocument()).catch(() => undefined)
  await rm(join(root, 'completed'))
  await store.save(makeDocument())
  expect(store.problems()).toEqual([])
})

test('markdown is made of any record, also of decisions without alternatives', async () => {
  const root = await makeRoot()
  const store = await openStore(root)
  const events = [
    {
      ts: 1,
      type: 'decision',
      content: 'Which way: left',
      raw: { question: 'Which way', chosen: 'left', reasoning: 'shorter' },
    },
    { ts: 2, type: 'decision', content: 'x', raw: { question: 7, alternatives: 'none' } },
    { ts: 3, type: 'decision', content: 'y' },
    { content: '# not a heading\n> nor a quote' },
    null,
  ]
  const chapter = { id: 'c', title: 'Work', agentName: 'ada', startedAt: 'never', events }
  await store.save(makeDocument({ chapters: [chapter, 'odd'], agents: 7, retrospective: [] }))
  expect(await readFile(join(root, 'completed/2026-02/traj_one.md'), 'utf8')).toBe(`# Trajectory: Mend the import

> **Status:** Completed
> **Started:** 2026-02-03T10:00:00.000Z
> **Completed:** 2026-02-03T11:00:00.000Z

---

## Key decisions

### Which way
- **Chose:** left
- **Reasoning:** shorter

---

## Chapters

### 1. Work
*Agent: ada*

- Which way: left
- x
- y
- # not a heading > nor a quote
`)
})

test('twenty saves at once all land', async () => {
  const root = await makeRoot()
  const store = await openStore(root)
  const ids = Array.from({ length: 20 }, (_, number) => `traj_${number}`)
  await Promise.all(ids.map((id) => store.save(makeDocument({ id }))))
  await store.close()
  expect([
    Object.keys(await readEntries(root)).sort(),
    store
      .list()
      .map(({ id }) => id)
      .sort(),
  ]).toEqual([[...ids].sort(), [...ids].sort()])
})

test('saves of one record happen in their order', async () => {
  const root = await makeRoot()
  const store = await openStore(root)
  const titles = Array.from({ length: 10 }, (_, number) => `title ${number}`)
  await Promise.all(
    titles.map((title, number) =>
      store.save(makeDocument({ task: { title }, status: number % 2 ? 'completed' : 'active' })),
    ),
  )
  await store.close()
  expect([await listTree(root), (await readEntries(root)).traj_one?.title]).toEqual([
    ['completed/2026-02/traj_one.json', 'completed/2026-02/traj_one.md', 'index.json'],
    'title 9',
  ])
})

/** Reads the index over and over until `done`, and gives every text that was no JSON. */
async function readMeanwhile(root: string, done: Promise<unknown>): Promise<readonly string[]> {
  const broken: string[] = []
  let reading = true
  void done.then(() => {
    reading = false
  })
  while (reading) {
    const text = await readFile(join(root, 'index.json'), 'utf8').catch(() => '{}')
    try {
      JSON.parse(text)
    } catch {
      broken.push(text)
    }
  }
  return broken
}

const isLong = process.env.RUNDESK_LONG === '1'

test.each([
  [4, 25],
  [8, isLong ? 2_500 : 250],
])(
  '%i processes with %i saves each all land, and no reader sees half an index',
  async (processes, saves) => {
    const root = await makeRoot()
    await writeTree(root, {
      'completed/2026-02/traj_own.json': makeDocument({ id: 'traj_own' }),
      'index.json': makeIndex({ traj_own: { path: 'odd' } }),
    })
    const children = await Promise.all(
      Array.from({ length: processes }, (_, number) => startSaving(root, `p${number}`, saves)),
    )
    const told = Promise.all(children.map(linesOf))
    const broken = await readMeanwhile(root, told)
    const ids = (await told).flat()
    expect([ids.length, broken, Object.keys(await readEntries(root)).sort()]).toEqual([
      processes * saves,
      [],
      [...ids, 'traj_own'].sort(),
    ])
  },
  600_000,
)

test('what a process told as saved is there after it was killed', async () => {
  const root = await makeRoot()
  const told: string[] = []
  for (let round = 0; round < 3; round++) {
    const child = await startSaving(root, `r${round}`, 100_000)
    const lines = linesOf(child)
    let seen = 0
    child.stdout?.on('data', () => {
      seen++
    })
    await eventually('some saves', () => seen > 20)
    child.kill('SIGKILL')
    told.push(...(await lines).slice(0, -1))
  }
  const store = await openStore(root)
  const listed = new Set(store.list().map(({ id }) => id))
  await store.save(makeDocument())
  await store.close()
  const entries = await readEntries(root)
  expect([told.length > 30, told.filter((id) => !listed.has(id)), told.filter((id) => !entries[id])]).toEqual([
    true,
    [],
    [],
  ])
})

test('saves that another tool wiped out of the index come back with the next save', async () => {
  const root = await makeRoot()
  const store = await openStore(root)
  await store.save(makeDocument({ id: 'traj_a' }))
  await store.close()
  await writeTree(root, { 'index.json': makeIndex({}) })
  const other = await openStore(root)
  await other.save(makeDocument({ id: 'traj_b' }))
  await other.close()
  expect(Object.keys(await readEntries(root))).toEqual(['traj_a', 'traj_b'])
})

test('what another tool made of a record since is not undone', async () => {
  const root = await makeRoot()
  const store = await openStore(root)
  await store.save(makeDocument({ id: 'traj_a', status: 'active', completedAt: undefined }))
  await store.close()
  await rm(join(root, 'active/traj_a.json'))
  await writeTree(root, { 'completed/2026-02/traj_a.json': makeDocument({ id: 'traj_a' }) })
  const theirs = {
    ...(await readEntries(root)).traj_a,
    status: 'completed',
    path: join(root, 'completed/2026-02/traj_a.json'),
  }
  await writeTree(root, { 'index.json': makeIndex({ traj_a: theirs }) })
  const other = await openStore(root)
  await other.save(makeDocument({ id: 'traj_b' }))
  await other.close()
  expect((await readEntries(root)).traj_a).toEqual(theirs)
})

test('a record that was removed does not come back', async () => {
  const root = await makeRoot()
  const store = await openStore(root)
  await store.save(makeDocument({ id: 'traj_a' }))
  await store.save(makeDocument({ id: 'traj_b' }))
  await store.remove('traj_a')
  await store.close()
  const other = await openStore(root)
  await other.save(makeDocument({ id: 'traj_c' }))
  await other.close()
  expect(Object.keys(await readEntries(root))).toEqual(['traj_b', 'traj_c'])
})

test('the journal begins anew when it has grown, and nothing is lost', async () => {
  const root = await makeRoot()
  const title = 'x'.repeat(20_000)
  for (let round = 0; round < 4; round++) {
    const store = await openStore(root)
    for (let number = 0; number < 5; number++)
      await store.save(makeDocument({ id: `traj_${number}`, task: { title: `${title} ${round}` } }))
    await store.close()
  }
  const bytes = (await readFile(join(root, '.rundesk/index.jsonl'), 'utf8').catch(() => '')).length
  const titles = Object.values(await readEntries(root)).map((entry) => String(entry.title).slice(-1))
  expect([bytes < 4 * 5 * title.length, titles]).toEqual([true, ['3', '3', '3', '3', '3']])
})

test('half a line that a dead process left in the journal costs nothing but itself', async () => {
  const root = await makeRoot()
  await mkdir(join(root, '.rundesk'), { recursive: true })
  await writeFile(join(root, '.rundesk/index.jsonl'), '{"id":"traj_half","tit')
  const store = await openStore(root)
  await store.save(makeDocument())
  await store.close()
  expect(Object.keys(await readEntries(root))).toEqual(['traj_one'])
})

test('a folder that another tool moves away is not made again', async () => {
  const root = await makeRoot()
  const store = createTrajectoryStore({ root })
  await store.save(makeDocument())
  await rm(root, { recursive: true })
  await store.close()
  await expect(readdir(root)).rejects.toThrow('ENOENT')
})
