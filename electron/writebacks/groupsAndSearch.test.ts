import { appendFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { WritebackGroup } from '../../shared/writebacks'
import { eventually, makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { makeDeadLetter, makeMount, makeOutboxRecord } from './mountDesk.testkit'
import { createWritebackDesk, type WritebackDesk } from './writebackDesk'

const everything = { workspaceId: null, offset: 0, limit: 100 }

async function openDesk(
  folders: readonly string[],
  { home, dataDir }: { readonly home?: string; readonly dataDir?: string } = {},
): Promise<WritebackDesk> {
  const desk = createWritebackDesk({
    dataDir: dataDir ?? (await makeTemporaryFolder()),
    home: home ?? (await makeTemporaryFolder()),
    operator: 'tester@here',
    readOnly: false,
    trashDays: null,
    onChanged: () => undefined,
    onOperationChanged: () => undefined,
  })
  onTestFinished(() => desk.close())
  await desk.setFolders(folders.map((path, index) => ({ workspaceId: `w${index}`, path })))
  return desk
}

function letters(count: number, change: (index: number) => object = () => ({})): Record<string, unknown> {
  const files: Record<string, unknown> = {}
  for (let index = 0; index < count; index++) {
    const opId = `op_${index}`
    files[`.relay/dead-letter/${opId}.json`] = makeDeadLetter({ opId, path: `/linear/${index}.md`, ...change(index) })
    files[`linear/${index}.md`] = 'x'
  }
  return files
}

const body = (message: string): string => JSON.stringify({ code: 'validation_failed', message })

test('items that failed for the same reason are one cause, over mounts', async () => {
  const change = (index: number): object => ({ lastBody: body(`state "S${index}" of AGE-${index} does not exist`) })
  const desk = await openDesk([await makeMount(letters(3, change)), await makeMount(letters(2, change))])
  const { groups } = await desk.query(everything)
  expect(
    groups.map(({ count, undelivered, mounts, provider, class: of, state }) => [
      count,
      undelivered,
      mounts,
      provider,
      of,
      state,
    ]),
  ).toEqual([[5, 5, 2, 'linear', 'invalid', 'open']])
})

test.each([
  ['another status', (index: number) => ({ lastStatus: index === 0 ? 422 : 503 })],
  ['another message', (index: number) => ({ lastBody: body(index === 0 ? 'not valid' : 'not allowed') })],
  ['another provider', (index: number) => ({ path: index === 0 ? '/linear/0.md' : '/github/0.md' })],
])('%s is another cause', async (_what, change) => {
  const desk = await openDesk([await makeMount(letters(2, change))])
  expect((await desk.query(everything)).groups.length).toBe(2)
})

test('a cause tells when it happened', async () => {
  const desk = await openDesk([await makeMount(letters(3, (index) => ({ ts: `2026-11-20T1${index}:00:00Z` })))])
  const [group] = (await desk.query(everything)).groups
  expect([
    group?.firstFailedAt,
    group?.lastFailedAt,
    group?.activity.length,
    group?.activity.filter((count) => count > 0),
    group?.activityFrom,
  ]).toEqual(['2026-11-20T10:00:00.000Z', '2026-11-20T12:00:00.000Z', 24, [1, 1, 1], '2026-11-20T10:00:00.000Z'])
})

async function onlyGroup(desk: WritebackDesk): Promise<WritebackGroup> {
  const [group] = (await desk.query(everything)).groups
  if (!group) throw new Error('There is no group')
  return group
}

test('a resolved cause opens again when it happens again', async () => {
  const mount = await makeMount(letters(1))
  const desk = await openDesk([mount])
  const { key } = await onlyGroup(desk)
  const resolved = await desk.setGroup({ groupKey: key, state: 'resolved' })
  const ts = new Date(Date.now() + 60_000).toISOString()
  await writeFile(
    join(mount, '.relay/dead-letter/op_9.json'),
    JSON.stringify(makeDeadLetter({ opId: 'op_9', path: '/linear/0.md', ts })),
  )
  const again = await eventually('the cause to open', async () => {
    const group = await onlyGroup(desk)
    return group.state === 'open' ? group : undefined
  })
  expect([resolved.state, again.key]).toEqual(['resolved', key])
})

test('a cause of which nothing is undelivered is resolved by itself', async () => {
  const desk = await openDesk([
    await makeMount({
      ...letters(1),
      '.relay/outbox/pending/m.json': makeOutboxRecord({ remotePath: '/linear/0.md', opId: 'op_7' }),
    }),
  ])
  expect((await onlyGroup(desk)).state).toBe('resolved')
})

test('what is said of a cause is seen by another person on the same mount', async () => {
  const mount = await makeMount(letters(1))
  const [first, second] = [await openDesk([mount]), await openDesk([mount])]
  const { key } = await onlyGroup(first)
  const until = new Date(Date.now() + 3_600_000).toISOString()
  await first.setGroup({ groupKey: key, state: 'ignored', until })
  await first.addNote({ groupKey: key, text: 'Linear is told; ask Ann' })
  const seen = await eventually('the note', async () => {
    const group = await onlyGroup(second)
    return group.notes.length > 0 && group.state === 'ignored' ? group : undefined
  })
  expect([seen.ignoredUntil, seen.notes.map(({ by, text }) => [by, text])]).toEqual([
    until,
    [['tester@here', 'Linear is told; ask Ann']],
  ])
})

test('a time that is over ignores nothing', async () => {
  const desk = await openDesk([await makeMount(letters(1))])
  const { key } = await onlyGroup(desk)
  const until = new Date(Date.now() - 1000).toISOString()
  expect((await desk.setGroup({ groupKey: key, state: 'ignored', until })).state).toBe('open')
})

test('a damaged line of what people said hides no other', async () => {
  const mount = await makeMount(letters(1))
  const first = await openDesk([mount])
  const { key } = await onlyGroup(first)
  await first.addNote({ groupKey: key, text: 'one' })
  const file = join(mount, '.relay/rundesk/groups.jsonl')
  await appendFile(file, '{"kind":"note"\n{"kind":"state","groupKey":5}\n')
  await first.addNote({ groupKey: key, text: 'two' })
  expect((await onlyGroup(await openDesk([mount]))).notes.map(({ text }) => text)).toEqual(['one', 'two'])
})

test('nothing is written beside a mount before somebody says something', async () => {
  const mount = await makeMount(letters(1))
  await onlyGroup(await openDesk([mount]))
  expect(await readdir(join(mount, '.relay'))).not.toContain('rundesk')
})

test('a cause that is not there is told', async () => {
  const desk = await openDesk([await makeMount({})])
  await expect(desk.setGroup({ groupKey: 'f'.repeat(16), state: 'resolved' })).rejects.toMatchObject({
    code: 'not_found',
  })
})

test.each([
  ['a path', '/linear/7', 1],
  ['a word of the message', 'dunno', 3],
  ['any case', 'DUNNO', 3],
  ['several words, wherever they stand', 'dunno linear', 3],
  ['words in quotes', '"dunno exist"', 0],
  ['words in quotes that stand together', '"does not exist"', 3],
  ['what only the answer holds', 'corr-17', 1],
  ['an operation', 'op_3', 1],
  ['nothing like it', 'zebra', 0],
])('a search finds by %s, and counts exactly', async (_what, search, total) => {
  const answer = (index: number): string =>
    index % 3 === 0 ? `{"message":"state Dunno does not exist","trace":"corr-1${index + 1}"}` : body('other')
  const desk = await openDesk([await makeMount(letters(8, (index) => ({ lastBody: answer(index) })))])
  expect((await desk.query({ ...everything, search, limit: 2 })).total).toBe(total)
})

test('totals of every state do not depend on the state that is asked for', async () => {
  const mount = await makeMount({
    ...letters(3),
    '.relay/outbox/pending/m.json': makeOutboxRecord({ remotePath: '/linear/0.md' }),
  })
  const desk = await openDesk([mount])
  const page = await desk.query({ ...everything, state: 'stuck' })
  expect([page.total, page.totals, page.coverage]).toEqual([
    1,
    { stuck: 1, unknown: 2 },
    { searched: 'paths, messages and bodies', items: 3, withoutBody: 0 },
  ])
})

test.each([
  ['path', ['/linear/0.md', '/linear/1.md', '/linear/2.md']],
  ['newest', ['/linear/1.md', '/linear/2.md', '/linear/0.md']],
  ['oldest', ['/linear/0.md', '/linear/2.md', '/linear/1.md']],
] as const)('items are sorted by %s', async (sort, paths) => {
  const ts = ['2026-11-20T10:00:00Z', '2026-11-20T12:00:00Z', '2026-11-20T11:00:00Z']
  const desk = await openDesk([await makeMount(letters(3, (index) => ({ ts: ts[index] })))])
  expect((await desk.query({ ...everything, sort })).items.map(({ path }) => path)).toEqual(paths)
})

test('evidence that another tool prunes is still told', async () => {
  const mount = await makeMount({
    ...letters(2),
    '.relay/outbox/pending/m.json': makeOutboxRecord({ remotePath: '/linear/0.md', content: 'SECRET CONTENT' }),
  })
  const dataDir = await makeTemporaryFolder()
  const desk = await openDesk([mount], { dataDir })
  const before = (await desk.history(everything)).total
  await rm(join(mount, '.relay/dead-letter'), { recursive: true })
  const after = await eventually('the records to be missed', async () => {
    const page = await desk.history(everything)
    return page.total === 2 ? page : undefined
  })
  const [item] = (await desk.query(everything)).items
  const { attempts } = await desk.get(item?.key ?? '')
  const kept = await readFile(join(dataDir, 'history', 'evidence.jsonl'), 'utf8')
  expect([
    before,
    after.rows.map(({ kind, path, status }) => [kind, path, status]).sort(),
    attempts.map(({ source }) => source).sort(),
    kept.includes('SECRET CONTENT'),
  ]).toEqual([
    0,
    [
      ['dead-letter', '/linear/0.md', 422],
      ['dead-letter', '/linear/1.md', 422],
    ],
    ['history', 'outbox'],
    false,
  ])
})

test('evidence is kept once, whoever sees it', async () => {
  const mount = await makeMount(letters(3))
  const dataDir = await makeTemporaryFolder()
  for (let life = 0; life < 3; life++) {
    const desk = await openDesk([mount], { dataDir })
    await desk.close()
  }
  const lines = (await readFile(join(dataDir, 'history', 'evidence.jsonl'), 'utf8')).trim().split('\n')
  expect(lines.length).toBe(3)
})

test('no token is kept, shown or found', async () => {
  const token = 'eyJhbGciOiJSUzI1NiJ9.eyJ3a3MiOiJ3c19hIn0.c2lnbmF0dXJl'
  const mount = await makeMount(letters(1, () => ({ lastBody: body(`denied for Bearer ${token}`) })))
  const dataDir = await makeTemporaryFolder()
  const desk = await openDesk([mount], { dataDir })
  const page = await desk.query(everything)
  const detail = await desk.get(page.items[0]?.key ?? '')
  await desk.close()
  const kept = await readFile(join(dataDir, 'history', 'evidence.jsonl'), 'utf8')
  expect([JSON.stringify([page, detail]), kept].map((text) => text.includes(token))).toEqual([false, false])
})

test('the detail of an item tells every try in order, and what to type', async () => {
  const mount = await makeMount({
    'linear/0.md': 'x',
    '.relay/dead-letter/op_1.json': makeDeadLetter({ path: '/linear/0.md', ts: '2026-11-20T10:00:00Z' }),
    '.relay/dead-letter/op_2.json': makeDeadLetter({ opId: 'op_2', path: '/linear/0.md', ts: '2026-11-20T09:00:00Z' }),
    '.relay/outbox/pending/m.json': makeOutboxRecord({
      remotePath: '/linear/0.md',
      lastAttemptAt: '2026-11-20T11:00:00Z',
    }),
  })
  const desk = await openDesk([mount])
  const { key } = (await desk.query(everything)).items[0] ?? { key: '' }
  const { attempts, commands } = await desk.get(key)
  expect([
    attempts.map(({ source, opId }) => [source, opId]),
    commands.find(({ act }) => act === 'retry')?.text,
  ]).toEqual([
    [
      ['dead-letter', 'op_2'],
      ['dead-letter', 'op_1'],
      ['outbox', null],
    ],
    `rundesk retry ${key} -w ${mount}`,
  ])
})

test('one damaged entry of the registry hides no other, and is told', async () => {
  const home = await makeTemporaryFolder()
  const mount = await makeMount(letters(1))
  await mkdir(join(home, '.relayfile'))
  const entries = [{ name: 'bad', localDir: 5 }, 'text', null, { name: 'none' }, { name: 'good', localDir: mount }]
  await writeFile(join(home, '.relayfile/workspaces.json'), JSON.stringify({ workspaces: entries }))
  const desk = await openDesk([mount], { home })
  const { mounts, problems } = await desk.query(everything)
  expect([
    mounts.map(({ name, registered }) => [name, registered]),
    problems.filter(({ code }) => code === 'unreadable_registry').length,
    (await desk.registryMounts()).mounts.length,
  ]).toEqual([[['good', true]], 3, 1])
})

test('a folder that two workspaces claim is watched once, and told', async () => {
  const home = await makeTemporaryFolder()
  const mount = await makeMount(letters(1))
  await mkdir(join(home, '.relayfile'))
  const entries = ['one', 'two'].map((name) => ({ name, id: name, localDir: mount }))
  await writeFile(join(home, '.relayfile/workspaces.json'), JSON.stringify({ workspaces: entries }))
  const desk = await openDesk([mount, mount], { home })
  const { mounts, total, problems } = await desk.query(everything)
  expect([mounts.length, total, problems.map(({ code }) => code)]).toEqual([1, 1, ['duplicate_registration']])
})

test('a registered mount whose folder is gone is a problem, not "no failures"', async () => {
  const home = await makeTemporaryFolder()
  const mount = await makeMount(letters(1))
  await mkdir(join(home, '.relayfile'))
  await writeFile(
    join(home, '.relayfile/workspaces.json'),
    JSON.stringify({ workspaces: [{ name: 'a', localDir: mount }] }),
  )
  const desk = await openDesk([mount], { home })
  await rm(dirname(mount), { recursive: true })
  const page = await eventually('the missing folder', async () => {
    const answer = await desk.query(everything)
    return answer.mounts[0]?.folderMissing ? answer : undefined
  })
  expect([page.mounts.length, page.problems.map(({ code }) => code)]).toEqual([1, ['mount_missing']])
})
