import { chmod, mkdir, readdir, rename, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { listTree, makeDocument, makeIndex, makeRoot, openStore, writeTree } from './trajectories.testkit'
import { createTrajectoryStore } from './trajectoryStore'

const at = '2026-02-03T10:00:00.000Z'
const compacted = {
  id: 'compact_x',
  version: 1,
  type: 'compacted',
  compactedAt: at,
  sourceTrajectories: ['traj_a', 'traj_b'],
  dateRange: { start: '2026-01-01T00:00:00Z', end: at },
  summary: { totalDecisions: 1, totalEvents: 1, uniqueAgents: ['ada'] },
  decisionGroups: [
    { category: 'other', decisions: [{ question: 'q', chosen: 'c', reasoning: 'r', fromTrajectory: 'a' }] },
  ],
  keyLearnings: ['learned'],
  keyFindings: [],
  filesAffected: ['a.js'],
  commits: ['5a58501'],
}

test('records of every layout are listed, newest first, and nothing else is', async () => {
  const root = await makeRoot()
  const record = (id: string, hour: number, change: object = {}): object =>
    makeDocument({ id, startedAt: `2026-02-03T${String(hour).padStart(2, '0')}:00:00.000Z`, ...change })
  await writeTree(root, {
    'active/traj_a.json': record('traj_a', 20, { status: 'active' }),
    'active/traj_b/trajectory.json': record('traj_b', 19, { status: 'active' }),
    'completed/traj_c.json': record('traj_c', 18),
    'completed/2026-02/traj_d.json': record('traj_d', 17),
    'completed/2026-02/traj_d.md': '# d',
    'completed/2026-02/traj_d.trace.json': { version: '1.0.0' },
    'completed/2026-02/traj_d.compaction.json': { trajectoryId: 'traj_d', compactedInto: 'compact_x', compactedAt: at },
    'completed/2026-02/traj_e/trajectory.json': record('traj_e', 16),
    'completed/2026-02/traj_e/summary.md': '# e',
    'completed/2026-02/traj_e/compaction.json': { trajectoryId: 'traj_e', compactedInto: 'compact_x', compactedAt: at },
    'invalid/completed/2026-02/traj_f.json': record('traj_f', 15),
    'quarantine/traj_g.json': record('traj_g', 14),
    'quarantine/package.json': { name: 'no record' },
    'some-task/completed/traj_h.json': record('traj_h', 13),
    'compacted/compact_x_2026-02-03.json': compacted,
    'index.json': makeIndex({}),
    'index.json.12.3f.tmp': '{',
    'notes.json': { hello: 1 },
  })
  const store = await openStore(root)
  expect(store.list().map(({ id, place, compactedInto }) => [id, place, compactedInto])).toEqual([
    ['traj_a', 'active', null],
    ['traj_b', 'active', null],
    ['traj_c', 'completed', null],
    ['traj_d', 'completed', 'compact_x'],
    ['traj_e', 'completed', 'compact_x'],
    ['traj_f', 'invalid', null],
    ['traj_g', 'quarantine', null],
    ['traj_h', 'elsewhere', null],
    ['compact_x', 'compacted', null],
  ])
})

test('a compacted record is shown with its decisions and its sources', async () => {
  const root = await makeRoot()
  await writeTree(root, { 'compacted/release-1.json': compacted })
  expect(await (await openStore(root)).get('compact_x')).toMatchObject({
    kind: 'compacted',
    status: 'compacted',
    sources: ['traj_a', 'traj_b'],
    chapters: [{ title: 'other', events: [{ decision: { question: 'q', chosen: 'c', reasoning: 'r' } }] }],
    retrospective: { learnings: ['learned'] },
    problems: [],
  })
})

test('reading changes nothing on disk', async () => {
  const root = await makeRoot()
  await writeTree(root, { 'completed/2026-02/traj_one.json': makeDocument(), 'index.json': '{ torn' })
  const before = await readdir(root, { recursive: true })
  const store = await openStore(root)
  await store.get('traj_one')
  store.problems()
  await store.close()
  expect(await readdir(root, { recursive: true })).toEqual(before)
})

test('a folder that is not there is an empty one and is not made', async () => {
  const root = await makeRoot()
  const store = await openStore(root)
  expect([store.list(), store.problems(), await readdir(dirname(root))]).toEqual([[], [], []])
})

test('a damaged file is shown with its problem and hides nothing else', async () => {
  const root = await makeRoot()
  await writeTree(root, { 'active/traj_torn.json': '{"id":"traj_t', 'completed/2026-02/traj_one.json': makeDocument() })
  const store = await openStore(root)
  expect([
    store.list().map(({ id, status }) => [id, status]),
    store.problems().map(({ code, path }) => [code, path]),
  ]).toEqual([
    [
      ['traj_one', 'completed'],
      ['traj_torn', 'unreadable'],
    ],
    [['unreadable_trajectory', join(root, 'active/traj_torn.json')]],
  ])
})

test.skipIf(process.getuid?.() === 0)('a file that may not be read is shown with its problem', async () => {
  const root = await makeRoot()
  await writeTree(root, { 'active/traj_one.json': makeDocument() })
  await chmod(join(root, 'active/traj_one.json'), 0)
  expect((await openStore(root)).problems()[0]?.message).toContain('the permission is missing')
})

test('of two files with one id the one that ended later is shown, and the other is a problem', async () => {
  const root = await makeRoot()
  await writeTree(root, {
    'active/traj_one.json': makeDocument({
      status: 'active',
      completedAt: undefined,
      startedAt: '2026-02-03T10:30:00.000Z',
    }),
    'completed/2026-02/traj_one.json': makeDocument({ startedAt: at, completedAt: '2026-02-03T11:00:00.000Z' }),
  })
  const store = await openStore(root)
  expect([
    store.list().map(({ id, status }) => [id, status]),
    store.problems().map(({ code, path }) => [code, path]),
  ]).toEqual([[['traj_one', 'completed']], [['duplicate_trajectory', join(root, 'active/traj_one.json')]]])
})

test('links that lead out of the folder are not followed', async () => {
  const root = await makeRoot()
  const outside = await makeTemporaryFolder()
  await writeTree(outside, {
    'traj_out.json': makeDocument({ id: 'traj_out' }),
    '2026-03/traj_deep.json': makeDocument(),
  })
  await mkdir(join(root, 'completed'), { recursive: true })
  await symlink(join(outside, 'traj_out.json'), join(root, 'completed', 'traj_out.json'))
  await symlink(join(outside, '2026-03'), join(root, 'completed', '2026-03'))
  const store = await openStore(root)
  expect([store.list(), store.problems().map(({ code }) => code)]).toEqual([
    [],
    ['unreadable_folder', 'unreadable_folder'],
  ])
})

test('what other tools change is found by the next look', async () => {
  const root = await makeRoot()
  await writeTree(root, {
    'active/traj_a.json': makeDocument({ id: 'traj_a', status: 'active' }),
    'active/traj_b.json': makeDocument({ id: 'traj_b' }),
  })
  const store = await openStore(root)
  await rm(join(root, 'active/traj_b.json'))
  await mkdir(join(root, 'completed/2026-02'), { recursive: true })
  await rename(join(root, 'active/traj_a.json'), join(root, 'completed/2026-02/traj_a.json'))
  await writeTree(root, { 'completed/2026-02/traj_c.json': makeDocument({ id: 'traj_c' }) })
  const did = [await store.refresh(), await store.refresh()]
  expect([did, store.list().map(({ id, place }) => [id, place])]).toEqual([
    [true, false],
    [
      ['traj_a', 'completed'],
      ['traj_c', 'completed'],
    ],
  ])
})

test('a file that is written again at once and in the same length is read again', async () => {
  const root = await makeRoot()
  const file = join(root, 'active/traj_one.json')
  await writeTree(root, { 'active/traj_one.json': makeDocument({ task: { title: 'aaa' } }) })
  const { mtime } = await stat(file)
  const store = await openStore(root)
  await writeFile(file, JSON.stringify(makeDocument({ task: { title: 'bbb' } }), null, 2))
  await utimes(file, mtime, mtime)
  await store.refresh()
  expect(store.list()[0]?.title).toBe('bbb')
})

const old = new Date('2026-01-01T00:00:00Z')

async function settle(root: string): Promise<void> {
  for (const path of await readdir(root, { recursive: true })) await utimes(join(root, path), old, old)
  await utimes(root, old, old)
}

test('what one process learned spares the next one the reading, as long as the files are the same', async () => {
  const [root, cacheDir] = [await makeRoot(), await makeTemporaryFolder()]
  const [one, two] = [
    makeDocument({ id: 'traj_a', task: { title: 'aaa' } }),
    makeDocument({ id: 'traj_b', task: { title: 'bbb' } }),
  ]
  await writeTree(root, { 'active/traj_a.json': one, 'active/traj_b.json': two })
  await settle(root)
  await (await openStore(root, cacheDir)).close()
  // In the same length and with the old time: nobody can tell that the first was changed, so the cache must be asked.
  await writeFile(join(root, 'active/traj_a.json'), JSON.stringify(one, null, 2).replace('aaa', 'xxx'))
  await utimes(join(root, 'active/traj_a.json'), old, old)
  await writeTree(root, { 'active/traj_b.json': { ...two, task: { title: 'changed' } } })
  const store = await openStore(root, cacheDir)
  expect(store.list().map(({ title }) => title)).toEqual(['aaa', 'changed'])
})

test('what was read too soon after it was written is read once more, and then known', async () => {
  const [root, cacheDir] = [await makeRoot(), await makeTemporaryFolder()]
  const one = makeDocument({ task: { title: 'aaa' } })
  await writeTree(root, { 'active/traj_one.json': one })
  await (await openStore(root, cacheDir)).close()
  const later = new Date(Date.now() - 10_000)
  const file = join(root, 'active/traj_one.json')
  await utimes(file, later, later)
  await (await openStore(root, cacheDir)).close()
  await writeFile(file, JSON.stringify(one, null, 2).replace('aaa', 'xxx'))
  await utimes(file, later, later)
  expect((await openStore(root, cacheDir)).list()[0]?.title).toBe('aaa')
})

test.each([['{"format":0}\n'], ['garbage'], [''], ['\0\0\0']])(
  'a cache that holds %j is an empty one',
  async (text) => {
    const [root, cacheDir] = [await makeRoot(), await makeTemporaryFolder()]
    await writeTree(root, { 'active/traj_one.json': makeDocument() })
    await (await openStore(root, cacheDir)).close()
    for (const name of await readdir(cacheDir)) await writeFile(join(cacheDir, name), text)
    expect((await openStore(root, cacheDir)).list()).toHaveLength(1)
  },
)

test('the cache keeps records, markers and problems', async () => {
  const [root, cacheDir] = [await makeRoot(), await makeTemporaryFolder()]
  await writeTree(root, {
    'active/traj_one.json': makeDocument({ status: 'odd', tags: ['t'] }),
    'completed/2026-02/traj_one.compaction.json': { trajectoryId: 'traj_one', compactedInto: 'compact_x' },
    'other/notes.json': {},
  })
  await settle(root)
  const first = await openStore(root, cacheDir)
  await first.close()
  const second = await openStore(root, cacheDir)
  expect([second.list(), second.problems()]).toEqual([first.list(), first.problems()])
})

test('a cache that cannot be written is not missed', async () => {
  const root = await makeRoot()
  await writeTree(root, { 'active/traj_one.json': makeDocument() })
  const store = createTrajectoryStore({ root, cacheDir: join(root, 'active/traj_one.json', 'cache') })
  await store.refresh()
  await expect(store.close()).resolves.toBeUndefined()
})

test('a record is removed with all that belongs to it', async () => {
  const root = await makeRoot()
  await writeTree(root, {
    'completed/2026-02/traj_one.json': makeDocument(),
    'completed/2026-02/traj_one.md': '# one',
    'completed/2026-02/traj_one.trace.json': {},
    'completed/2026-02/traj_one.compaction.json': {},
    'completed/2026-02/traj_two.json': makeDocument({ id: 'traj_two' }),
  })
  const store = await openStore(root)
  const did = [await store.remove('traj_one'), await store.remove('traj_one')]
  await store.close()
  expect([did, await listTree(root)]).toEqual([
    [true, false],
    ['completed/2026-02/traj_two.json', 'index.json'],
  ])
})

test('a record in a folder of its own is removed with it', async () => {
  const root = await makeRoot()
  await writeTree(root, {
    'completed/2026-02/traj_one/trajectory.json': makeDocument(),
    'completed/2026-02/traj_one/summary.md': '# one',
    'completed/2026-02/traj_one/compaction.json': {},
    'completed/2026-02/traj_one.trace.json': {},
  })
  const store = await openStore(root)
  await store.remove('traj_one')
  expect(await readdir(join(root, 'completed/2026-02'))).toEqual([])
})
