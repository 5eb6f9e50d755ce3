import { mkdir, readdir, readFile, symlink, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { listTree, makeDocument, makeIndex, makeRoot, openStore, readEntries, writeTree } from './trajectories.testkit'

const path = 'completed/2026-02/traj_one.json'
const entry = {
  title: 'Mend the import',
  status: 'completed',
  startedAt: '2026-02-03T10:00:00.000Z',
  completedAt: '2026-02-03T11:00:00.000Z',
  path: `.trajectories/${path}`,
}

async function openWith(index: unknown): Promise<{ root: string; store: Awaited<ReturnType<typeof openStore>> }> {
  const root = await makeRoot()
  await writeTree(root, { [path]: makeDocument(), 'index.json': index })
  return { root, store: await openStore(root) }
}

const conflict = `{
  "version": 1,
  "trajectories": {
<<<<<<< HEAD
    "traj_one": {
      "title": "Mend the import",
      "compactedInto": "compact_x"
    }
=======
>>>>>>> other
  }
}`

test('an empty index is empty, and nobody is told', async () => {
  const { store } = await openWith('')
  expect([store.list().length, store.problems()]).toEqual([1, []])
})

test.each([
  ['a torn file', '{"version":1,"trajectories":{"traj_'],
  ['an empty object', '{}'],
  ['null', 'null'],
  ['a list', '[]'],
  ['a list of trajectories', '{"version":1,"trajectories":[]}'],
  ['no trajectories', '{"version":1,"trajectories":null}'],
  ['merge conflicts', conflict],
])('%s is a problem at once and hides nothing', async (_name, text) => {
  const { root, store } = await openWith(text)
  expect([
    store.list().length,
    store.problems().map(({ code }) => code),
    await readFile(join(root, 'index.json'), 'utf8'),
  ]).toEqual([1, ['index_malformed'], text])
})

test.each([[''], ['null'], ['{}'], [conflict]])(
  'the next save keeps %j aside and builds the index anew',
  async (text) => {
    const { root, store } = await openWith(text)
    await store.save(makeDocument({ id: 'traj_two' }))
    await store.close()
    const names = await readdir(root)
    const aside = names.filter((name) => name.startsWith('index.json.corrupt-'))
    expect([Object.keys(await readEntries(root)), aside.length]).toEqual([
      ['traj_one', 'traj_two'],
      text === '' ? 0 : 1,
    ])
    for (const name of aside) expect(await readFile(join(root, name), 'utf8')).toBe(text)
  },
)

test('what a malformed index told of compactions is kept', async () => {
  const { root, store } = await openWith(conflict)
  await store.reconcile()
  expect((await readEntries(root)).traj_one).toEqual({ ...entry, compactedInto: 'compact_x' })
})

test('every beginning of an index is opened and told of, and nothing throws', async () => {
  const text = JSON.stringify(makeIndex({ traj_one: entry }), null, 2)
  const { root, store } = await openWith(text)
  const codes = new Map<number, readonly string[]>()
  for (let length = 0; length <= text.length; length++) {
    await writeFile(join(root, 'index.json'), text.slice(0, length))
    await utimes(join(root, 'index.json'), 0, 0) // As if nobody was about to write it.
    await store.refresh()
    codes.set(
      length,
      store.problems().map(({ code }) => code),
    )
  }
  const expected = new Map(
    Array.from({ length: text.length + 1 }, (_, length) => [
      length,
      length === 0 || length === text.length ? [] : ['index_malformed'],
    ]),
  )
  expect(codes).toEqual(expected)
})

test('an index with any one byte changed hides no record, and reading leaves it as it is', async () => {
  const whole = Buffer.from(JSON.stringify(makeIndex({ traj_one: entry }), null, 2))
  const { root, store } = await openWith(whole.toString())
  const wrong: number[] = []
  for (let at = 0; at < whole.length; at++) {
    const bytes = Buffer.from(whole)
    bytes[at] = (bytes[at] ?? 0) ^ 0x10
    await writeFile(join(root, 'index.json'), bytes)
    await utimes(join(root, 'index.json'), at, at) // As if nobody was about to write it.
    await store.refresh()
    const listed = store.list().map(({ id }) => id)
    const left = await readFile(join(root, 'index.json'))
    if (listed.join() !== 'traj_one' || !left.equals(bytes)) wrong.push(at)
  }
  expect(wrong).toEqual([])
})

test('an index of a later version is left as it is', async () => {
  const index = JSON.stringify({ version: 2, trajectories: {} })
  const { root, store } = await openWith(index)
  await store.save(makeDocument({ id: 'traj_two' }))
  await store.close()
  expect([await readFile(join(root, 'index.json'), 'utf8'), store.problems().map(({ code }) => code)]).toEqual([
    index,
    ['index_not_written', 'index_newer'],
  ])
})

test('entries keep their order and every field that others put there', async () => {
  const { root, store } = await openWith({
    owner: 'team',
    ...makeIndex({ traj_z: { title: 'elsewhere', odd: 1 }, traj_one: { ...entry, starred: true }, traj_a: 7 }),
  })
  await store.save(makeDocument({ status: 'abandoned' }))
  await store.close()
  const whole = JSON.parse(await readFile(join(root, 'index.json'), 'utf8'))
  expect([whole.owner, Object.entries(whole.trajectories)]).toEqual([
    'team',
    [
      ['traj_z', { title: 'elsewhere', odd: 1 }],
      ['traj_one', { ...entry, status: 'abandoned', starred: true }],
      ['traj_a', 7],
    ],
  ])
})

test('reconciling adds, corrects and drops, and says how many', async () => {
  const root = await makeRoot()
  await writeTree(root, {
    [path]: makeDocument(),
    'active/traj_two.json': makeDocument({ id: 'traj_two', status: 'active', completedAt: undefined }),
    'completed/2026-02/traj_new.json': makeDocument({ id: 'traj_new' }),
    'completed/2026-02/traj_torn.json': '{',
    'index.json': makeIndex({
      traj_one: entry,
      traj_two: { ...entry, title: 'old', path: '/home/dev/else/.trajectories/active/traj_two.json' },
      traj_gone: { ...entry, path: '.trajectories/completed/2026-02/traj_gone.json' },
    }),
  })
  const store = await openStore(root)
  const before = store.problems().map(({ code }) => code)
  const result = await store.reconcile()
  expect([before, result, await readEntries(root), store.problems().map(({ code }) => code)]).toEqual([
    ['index_path', 'index_no_file', 'index_missing', 'unreadable_trajectory'],
    {
      scanned: 4,
      added: 1,
      corrected: 1,
      dropped: 1,
      unchanged: 1,
      keptAside: null,
      failures: [
        { path: join(root, 'completed/2026-02/traj_torn.json'), message: expect.stringContaining('is no JSON') },
      ],
    },
    {
      traj_one: entry,
      traj_two: {
        title: 'Mend the import',
        status: 'active',
        startedAt: entry.startedAt,
        path: '.trajectories/active/traj_two.json',
      },
      traj_new: { ...entry, path: '.trajectories/completed/2026-02/traj_new.json' },
    },
    ['unreadable_trajectory'],
  ])
})

test.each([['an absolute path'], ['a path with dots'], ['a path with dots behind the folder']])(
  '%s in the index never leads out of the folder, not even to delete',
  async (form) => {
    const outside = await makeTemporaryFolder()
    const victim = join(outside, 'victim.json')
    await writeFile(victim, 'precious')
    const root = join(outside, '.trajectories')
    const hostile = {
      'an absolute path': victim,
      'a path with dots': '../victim.json',
      'a path with dots behind the folder': '.trajectories/../victim.json',
    }[form]
    await writeTree(root, {
      [path]: makeDocument(),
      'index.json': makeIndex({ traj_one: { ...entry, path: hostile }, traj_evil: { ...entry, path: hostile } }),
    })
    const store = await openStore(root)
    const read = await store.get('traj_evil')
    await store.remove('traj_evil')
    await store.remove('traj_one')
    await store.reconcile()
    expect([read, await readFile(victim, 'utf8'), await readEntries(root)]).toEqual([undefined, 'precious', {}])
  },
)

test.each([['traj_../../evil'], ['../evil'], ['traj_A'], [''], ['traj_x/y'], ['traj_\0']])(
  'the id %j does not become a file',
  async (id) => {
    const root = await makeRoot()
    await mkdir(root)
    const store = await openStore(root)
    await expect(store.save(makeDocument({ id }))).rejects.toMatchObject({ code: 'refused' })
    expect(await listTree(dirname(root))).toEqual([])
  },
)

test.each([['completed'], ['completed/2026-02'], ['.rundesk']])(
  'nothing is written through %s when it is a link that leads out',
  async (name) => {
    const [root, outside] = [await makeRoot(), await makeTemporaryFolder()]
    await mkdir(dirname(join(root, name)), { recursive: true })
    await symlink(outside, join(root, name))
    const store = await openStore(root)
    await expect(store.save(makeDocument())).rejects.toMatchObject({ code: 'refused' })
    expect([await readdir(outside), store.problems()[0]?.code]).toEqual([[], 'trajectory_not_saved'])
  },
)

test('an index that is a link is not written through', async () => {
  const [root, outside] = [await makeRoot(), await makeTemporaryFolder()]
  await writeFile(join(outside, 'profile'), 'precious')
  await mkdir(root)
  await symlink(join(outside, 'profile'), join(root, 'index.json'))
  const store = await openStore(root)
  await store.save(makeDocument())
  await store.close()
  expect([await readFile(join(outside, 'profile'), 'utf8'), store.problems().map(({ code }) => code)]).toEqual([
    'precious',
    ['index_not_written', 'index_unreadable'],
  ])
})
