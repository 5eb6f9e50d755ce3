import { mkdir, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { OperationPage } from '../../shared/operations'
import type { WritebackItem } from '../../shared/writebacks'
import { eventually, makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { makeDeadLetter, makeMount, makeOutboxRecord, sha256 } from './mountDesk.testkit'
import { createWritebackDesk, type WritebackDesk } from './writebackDesk'

const waitSeconds = 0
const everything = { workspaceId: null, offset: 0, limit: 100 }

async function openDesk(folder: string, home?: string): Promise<WritebackDesk> {
  const desk = createWritebackDesk({
    dataDir: await makeTemporaryFolder(),
    home: home ?? (await makeTemporaryFolder()),
    operator: 'tester@here',
    onChanged: () => undefined,
    onOperationChanged: () => undefined,
  })
  onTestFinished(() => desk.close())
  await desk.setFolders([{ workspaceId: 'w', path: folder }])
  return desk
}

/** Retries the items as they were seen, and waits until something came of each. */
async function retried(desk: WritebackDesk, items: readonly (WritebackItem | undefined)[]): Promise<OperationPage> {
  const refs = items.map((item) => ({ key: item?.key ?? '', version: item?.version ?? '' }))
  const { operation } = await desk.acts.retry({ items: refs, reason: 'try again', waitSeconds })
  return eventually('an outcome of every item', async () => {
    const page = await desk.operations.page({ operationId: operation.id, offset: 0, limit: 500 })
    return page.operation.state !== 'running' ? page : undefined
  })
}

async function alivePid(): Promise<object> {
  return { pid: process.pid, executable: await realpath(process.execPath) }
}

const stuck = {
  'docs/a.md': 'new\n',
  '.relay/outbox/pending/mountcmd_1.json': makeOutboxRecord(),
  '.relay/dead-letter/op_1.json': makeDeadLetter(),
}

async function statesOf(
  files: Readonly<Record<string, unknown>>,
): Promise<readonly (readonly [string | null, string])[]> {
  const desk = await openDesk(await makeMount(files))
  return (await desk.query(everything)).items.map((item) => [item.path, item.state] as const)
}

test.each([
  ['stuck', stuck],
  [
    'retrying',
    { ...stuck, '.relay/outbox/pending/mountcmd_1.json': makeOutboxRecord({ attemptCount: 2, needsAttention: false }) },
  ],
  [
    'waiting',
    { ...stuck, '.relay/outbox/pending/mountcmd_1.json': makeOutboxRecord({ attemptCount: 0, needsAttention: false }) },
  ],
  ['accepted', { ...stuck, '.relay/outbox/pending/mountcmd_1.json': makeOutboxRecord({ opId: 'op_9' }) }],
  [
    'rejected',
    {
      'docs/a.md': 'new\n',
      '.relay/outbox/failed/mountcmd_1.json': makeOutboxRecord({ opId: 'op_9', lastError: 'provider refused' }),
    },
  ],
  [
    'conflict',
    {
      'docs/a.md': 'new\n',
      '.relay/outbox/failed/mountcmd_1.json': makeOutboxRecord({ lastError: 'conflict' }),
      '.relay/conflicts/docs/a.md.rev_1.local': 'new\n',
    },
  ],
  [
    'stale',
    {
      'docs/a.md': 'new\n',
      '.relay/dead-letter/op_1.json': makeDeadLetter(),
      '.relay/outbox/acked/mountcmd_1.json': makeOutboxRecord({
        status: 'acked',
        dispatchStatus: 'succeeded',
        ackedAt: '2026-11-20T11:00:00Z',
      }),
    },
  ],
  [
    'stale',
    {
      'docs/a.md': 'new\n',
      '.relay/dead-letter/op_1.json': makeDeadLetter(),
      '.relayfile-mount-state.json': { files: { '/docs/a.md': { hash: sha256('new\n') } } },
    },
  ],
  ['gone', { '.relay/dead-letter/op_1.json': makeDeadLetter() }],
  ['unknown', { 'docs/a.md': 'new\n', '.relay/dead-letter/op_1.json': makeDeadLetter() }],
  ['rejected', { '.relayfile-mount-state.json': { files: { '/docs/a.md': { hash: 'x', deletePending: true } } } }],
])('evidence makes the item %s', async (state, files) => {
  expect(await statesOf(files)).toEqual([['/docs/a.md', state]])
})

test('one unreadable record hides nothing else, and is told', async () => {
  const desk = await openDesk(await makeMount({ ...stuck, '.relay/dead-letter/broken.json': '{"opId":"bro' }))
  const page = await desk.query(everything)
  expect([
    page.items.map(({ path, state }) => [path, state]),
    page.problems.filter(({ code }) => code === 'unreadable_record').length,
  ]).toEqual([
    [
      [null, 'unreadable'],
      ['/docs/a.md', 'stuck'],
    ],
    1,
  ])
})

test('a comma-joined record belongs to each of its paths', async () => {
  const states = await statesOf({
    'docs/a,b.md': 'x',
    'docs/c.md': 'y',
    '.relay/dead-letter/op_1.json': makeDeadLetter({ path: '/docs/a,b.md,/docs/c.md' }),
  })
  expect(states).toEqual([
    ['/docs/a,b.md', 'unknown'],
    ['/docs/c.md', 'unknown'],
  ])
})

test('an id that ends in .error is a record, not a sidecar', async () => {
  const desk = await openDesk(
    await makeMount({
      'docs/a.md': 'x',
      '.relay/dead-letter/weird.error.json': makeDeadLetter({ opId: 'weird.error' }),
    }),
  )
  expect((await desk.query(everything)).items[0]?.records).toEqual([
    { opId: 'weird.error', file: 'weird.error.json', at: '2026-11-20T10:00:00Z', status: 422 },
  ])
})

test('paths below a remote root are mapped, hostile ones are not', async () => {
  const mount = await makeMount({
    '.relay/state.json': { workspaceId: 'ws', remoteRoot: '/github' },
    'repos/x.json': 'x',
    '.relay/dead-letter/op_1.json': makeDeadLetter({ path: '/github/repos/x.json' }),
    '.relay/dead-letter/op_2.json': makeDeadLetter({ opId: 'op_2', path: '/github/../../etc/passwd' }),
  })
  const states = (await (await openDesk(mount)).query(everything)).items.map(({ path, state }) => [path, state])
  expect(states).toEqual([
    ['/github/../../etc/passwd', 'gone'],
    ['/github/repos/x.json', 'unknown'],
  ])
})

test("no content of a user's file is ever given", async () => {
  const desk = await openDesk(
    await makeMount({ ...stuck, '.relay/outbox/pending/mountcmd_1.json': makeOutboxRecord({ content: 'SECRET' }) }),
  )
  const [item] = (await desk.query(everything)).items
  expect(JSON.stringify([await desk.query(everything), await desk.get(item?.key ?? '')])).not.toContain('SECRET')
})

test.each([
  ['no daemon is alive', {}, /No mount daemon is alive/],
  [
    'the server accepted it',
    { '.relay/outbox/pending/mountcmd_1.json': makeOutboxRecord({ opId: 'op_9' }) },
    /accepted it already/,
  ],
  ['the file changed', { 'docs/a.md': 'newer\n' }, /changed since/],
])('retry is refused when %s, and changes nothing', async (_when, change, words) => {
  const mount = await makeMount({ ...stuck, ...change })
  const desk = await openDesk(mount)
  const before = await readFile(join(mount, '.relay/outbox/pending/mountcmd_1.json'), 'utf8')
  const { items } = await desk.query(everything)
  const operation = await retried(desk, items)
  expect([
    operation.items[0]?.outcome,
    words.test(operation.items[0]?.detail ?? ''),
    await readFile(join(mount, '.relay/outbox/pending/mountcmd_1.json'), 'utf8'),
    (await readdir(join(mount, '.relay'))).includes('rundesk'),
  ]).toEqual(['refused', true, before, false])
})

test('retry re-arms the record, keeps every other key, and is sent until it is confirmed', async () => {
  const mount = await makeMount({
    ...stuck,
    '.relay/mount.pid': await alivePid(),
    '.relay/outbox/pending/mountcmd_1.json': makeOutboxRecord({ odd: { kept: 1 } }),
  })
  const desk = await openDesk(mount)
  const [item] = (await desk.query(everything)).items
  const operation = await retried(desk, [item])
  const { attemptCount, needsAttention, lastError, odd, content } = JSON.parse(
    await readFile(join(mount, '.relay/outbox/pending/mountcmd_1.json'), 'utf8'),
  )
  expect([
    operation.items[0]?.outcome,
    operation.operation.state,
    attemptCount,
    needsAttention,
    lastError,
    odd,
    content,
  ]).toEqual(['sent', 'following', 0, undefined, undefined, { kept: 1 }, 'new\n'])
})

test('what changed since it was seen is skipped and said so', async () => {
  const mount = await makeMount({ ...stuck, '.relay/mount.pid': await alivePid() })
  const desk = await openDesk(mount)
  const [item] = (await desk.query(everything)).items
  await writeFile(join(mount, '.relay/dead-letter/op_2.json'), JSON.stringify(makeDeadLetter({ opId: 'op_2' })))
  const operation = await retried(desk, [item])
  expect(operation.items[0]?.outcome).toBe('changed')
})

test('an operation goes on after its process is gone: it is watched, not repeated', async () => {
  const mount = await makeMount({ ...stuck, '.relay/mount.pid': await alivePid() })
  const first = await openDesk(mount)
  const [item] = (await first.query(everything)).items
  const { id } = (await retried(first, [item])).operation
  await first.close()
  const record = JSON.parse(await readFile(join(mount, '.relay/outbox/pending/mountcmd_1.json'), 'utf8'))
  await writeFile(
    join(mount, '.relay/outbox/pending/mountcmd_1.json'),
    JSON.stringify({ ...record, attemptCount: 1, lastError: 'http 422: not valid' }),
  )
  const second = await openDesk(mount)
  expect((await second.operations.page({ operationId: id, offset: 0, limit: 10 })).items[0]).toMatchObject({
    outcome: 'failed',
    detail: 'Failed again: http 422: not valid (attempt 1 of 5, the mount goes on trying)',
  })
})

test('what failed again and is then delivered by the mount itself is told as delivered', async () => {
  const mount = await makeMount({ ...stuck, '.relay/mount.pid': await alivePid(), '.relay/outbox/acked/.keep': '' })
  const desk = await openDesk(mount)
  const [item] = (await desk.query(everything)).items
  const { id } = (await retried(desk, [item])).operation
  const pending = join(mount, '.relay/outbox/pending/mountcmd_1.json')
  const record = JSON.parse(await readFile(pending, 'utf8'))
  await writeFile(pending, JSON.stringify({ ...record, attemptCount: 1, lastError: 'http 503: busy' }))
  const when = (wanted: string): Promise<OperationPage> =>
    eventually(wanted, async () => {
      const page = await desk.operations.page({ operationId: id, offset: 0, limit: 10 })
      return page.items[0]?.outcome === wanted && page.operation.endedAt !== null ? page : undefined
    })
  const failed = await when('failed')
  await writeFile(
    join(mount, '.relay/outbox/acked/mountcmd_1.json'),
    JSON.stringify({ ...record, opId: 'op_9', status: 'acked', dispatchStatus: 'succeeded' }),
  )
  await rm(pending)
  expect((await when('delivered')).operation.endedAt).toBe(failed.operation.endedAt)
})

test('dismiss moves the records aside, and restore brings them back', async () => {
  const mount = await makeMount({
    'docs/a.md': 'x',
    '.relay/dead-letter/op_1.json': makeDeadLetter(),
    '.relay/dead-letter/op_1.error.json': { code: 'provider_4xx', message: 'x', attempts: 1 },
  })
  const desk = await openDesk(mount)
  const [item] = (await desk.query(everything)).items
  const dismissed = await desk.acts.dismiss({
    items: [{ key: item?.key ?? '', version: item?.version ?? '' }],
    reason: null,
  })
  const without = [await readdir(join(mount, '.relay/dead-letter')), (await desk.query(everything)).total]
  const restored = await desk.acts.restore([item?.key ?? ''])
  expect([
    dismissed.items[0]?.outcome,
    without,
    restored.items[0]?.outcome,
    (await readdir(join(mount, '.relay/dead-letter'))).sort(),
  ]).toEqual(['dismissed', [[], 0], 'restored', ['op_1.error.json', 'op_1.json']])
})

test('an unreadable registry is a problem, never "no failures"', async () => {
  const home = await makeTemporaryFolder()
  await mkdir(join(home, '.relayfile'))
  await writeFile(join(home, '.relayfile', 'workspaces.json'), '{broken')
  const desk = await openDesk(await makeMount({}), home)
  expect([home === homedir(), desk.problems(null).map(({ code }) => code)]).toEqual([false, ['unreadable_registry']])
})
