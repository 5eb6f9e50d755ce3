import { readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { eventually, makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { beginRetry, itemsOf, makeWorld, retryAll, token, whenDone } from './deskWorld.testkit'
import { makeOutboxRecord, sha256 } from './mountDesk.testkit'

test('without a daemon the file is sent by Rundesk itself, onto its revision, under the identity of its record', async () => {
  const { openWindow, server } = await makeWorld()
  const desk = await openWindow()
  const { items } = await retryAll(desk)
  const posts = server.calls.filter(({ method }) => method === 'POST')
  expect([
    items.map(({ outcome, way }) => [outcome, way]),
    posts.map(({ path, identity, ifMatch }) => [path, identity, ifMatch]),
    server.files.get('/docs/0.md')?.content,
  ]).toEqual([[['delivered', 'direct']], [['/docs/0.md', 'mount-command mountcmd_0', 'rev_1']], 'new 0'])
})

test('after a verified delivery its evidence lies in the trash and the stuck record is armed, and nothing before', async () => {
  const { openWindow, server, mount } = await makeWorld()
  const desk = await openWindow()
  const before = await readdir(join(mount, '.relay/dead-letter'))
  const { operation } = await retryAll(desk)
  const record = JSON.parse(await readFile(join(mount, '.relay/outbox/pending/mountcmd_0.json'), 'utf8'))
  expect([
    before,
    await readdir(join(mount, '.relay/dead-letter')),
    await readdir(join(mount, '.relay/rundesk/trash', operation.id)),
    [record.attemptCount, record.needsAttention, record.content],
    server.applied.get('/docs/0.md'),
  ]).toEqual([['op_failed_0.json'], [], ['op_failed_0.json'], [0, undefined, 'new 0'], 1])
})

test('evidence of a delivery that cannot be tidied up is told with its file, and tidied up once it can be', async () => {
  const { openWindow, mount } = await makeWorld({ more: { '.relay/rundesk/trash': 'in the way' } })
  const desk = await openWindow()
  const { operation, items } = await retryAll(desk)
  const folder = join(mount, '.relay/dead-letter')
  const before = await readdir(folder)
  const detailNow = async () => (await whenDone(desk, operation.id)).items[0]?.detail ?? ''
  const lines = async () => (await readFile(join(mount, '.relay/rundesk/ledger.jsonl'), 'utf8')).split('\n').length
  const linesBefore = await lines()
  await desk.desks()[0]?.refresh({ force: true })
  const linesAfter = await lines()
  await rm(join(mount, '.relay/rundesk/trash'))
  await eventually('the evidence is tidied up', async () => (await readdir(folder)).length === 0)
  const tidied = await eventually('that is told', async () => !(await detailNow()).includes('stays') || undefined)
  expect([
    [items[0]?.outcome, before, linesAfter - linesBefore, tidied],
    [`stays in the mount: ${join(folder, 'op_failed_0.json')}`, 'leads through a file'].map((part) =>
      items[0]?.detail.includes(part),
    ),
  ]).toEqual([
    ['delivered', ['op_failed_0.json'], 0, true],
    [true, true],
  ])
})

test('what the server has already is not sent again', async () => {
  const { openWindow, server } = await makeWorld()
  server.put('/docs/0.md', 'new 0')
  const { items } = await retryAll(await openWindow())
  expect([items[0]?.outcome, server.calls.map(({ method }) => method)]).toEqual(['delivered', ['GET']])
})

test('a newer version at the server is never written over', async () => {
  const { openWindow, server, mount } = await makeWorld()
  server.put('/docs/0.md', 'of somebody else')
  const { items } = await retryAll(await openWindow())
  expect([
    items[0]?.outcome,
    /Nothing was overwritten.*rev_2, not rev_1/.test(items[0]?.detail ?? ''),
    server.files.get('/docs/0.md')?.content,
    await readFile(join(mount, 'docs/0.md'), 'utf8'),
  ]).toEqual(['failed', true, 'of somebody else', 'new 0'])
})

test('an answer that names a refusal of the file is a failure with the words of the server, without any token', async () => {
  const { openWindow, server } = await makeWorld()
  server.setFault(({ method }) =>
    method === 'POST'
      ? { kind: 'answer', status: 422, body: { code: 'validation_failed', message: `priority; ${token}` } }
      : undefined,
  )
  const { items } = await retryAll(await openWindow())
  expect(items.map(({ outcome, detail }) => [outcome, detail])).toEqual([['failed', 'HTTP 422: priority; [token]']])
})

test('a write whose answer was lost is looked at before it is called failed', async () => {
  const { openWindow, server } = await makeWorld()
  server.setFault(({ method }) => (method === 'POST' ? { kind: 'drop', when: 'after' } : undefined))
  const { items } = await retryAll(await openWindow())
  expect([items[0]?.outcome, server.applied.get('/docs/0.md')]).toEqual(['delivered', 1])
})

test('what the provider has not confirmed yet is sent, not delivered, and followed until it is', async () => {
  const { openWindow, server, mount } = await makeWorld()
  server.newOps.status = 'pending'
  const desk = await openWindow()
  const first = await retryAll(desk, { waitSeconds: 0, states: ['following'] })
  const evidence = await readdir(join(mount, '.relay/dead-letter'))
  for (const op of server.ops.values()) op.status = 'succeeded'
  const last = await whenDone(desk, first.operation.id)
  expect([first.items[0]?.outcome, evidence.length, last.items[0]?.outcome]).toEqual(['sent', 1, 'delivered'])
})

test('an operation that the provider refused is replayed at the server', async () => {
  const { openWindow, server } = await makeWorld({
    items: 0,
    more: {
      'docs/a.md': 'x',
      '.relay/outbox/failed/mountcmd_1.json': makeOutboxRecord({
        opId: 'op_1',
        hash: sha256('x'),
        lastError: 'provider said no',
        dispatchStatus: 'dead_lettered',
      }),
    },
  })
  server.ops.set('op_1', { status: 'dead_lettered', path: '/docs/a.md', updatedAt: 'then' })
  const { items } = await retryAll(await openWindow())
  expect([items.map(({ way, outcome }) => [way, outcome]), server.calls.map(({ route }) => route)]).toEqual([
    [['replay', 'delivered']],
    ['ops/op_1', 'ops/op_1/replay', 'ops/op_1'],
  ])
})

test('the content that was sent is backed up, and nobody else may enter that folder', async () => {
  const { openWindow } = await makeWorld()
  const dataDir = await makeTemporaryFolder()
  const desk = await openWindow({ dataDir })
  const { operation, items } = await retryAll(desk)
  const folder = join(dataDir, 'backups', operation.id)
  expect(await readFile(join(folder, `${items[0]?.key}.file`), 'utf8')).toBe('new 0')
})

test('a local file that became a link out of the mount is not read and not sent', async () => {
  const { openWindow, server, mount } = await makeWorld()
  const desk = await openWindow()
  const items = await itemsOf(desk)
  const outside = await makeTemporaryFolder()
  await writeFile(join(outside, '0.md'), 'new 0')
  await rename(join(mount, 'docs'), join(mount, 'old'))
  await symlink(outside, join(mount, 'docs'))
  const { operation } = await beginRetry(desk, items)
  const { items: done } = await whenDone(desk, operation.id)
  expect([done[0]?.outcome, server.applied.size]).toEqual([expect.stringMatching(/^(refused|changed)$/), 0])
})

test('a retry on a token of another workspace is refused, and nothing is sent', async () => {
  const { openWindow, server, home } = await makeWorld()
  const claims = Buffer.from(JSON.stringify({ wks: 'ws_other', exp: 4_000_000_000 })).toString('base64url')
  await writeFile(
    join(home, '.relayfile/credentials.json'),
    JSON.stringify({ server: server.url, token: `x.${claims}.y` }),
  )
  const desk = await openWindow()
  const [item] = await itemsOf(desk)
  expect([item?.retry.kind, server.calls.length]).toEqual(['refused', 0])
})

test('a long name is backed up and delivered', async () => {
  const name = `${'n'.repeat(240)}.md`
  const { openWindow } = await makeWorld({
    items: 0,
    more: {
      [`docs/${name}`]: 'x',
      '.relay/outbox/pending/mountcmd_1.json': makeOutboxRecord({
        remotePath: `/docs/${name}`,
        hash: sha256('x'),
        expectedRevision: '0',
      }),
    },
  })
  const { items } = await retryAll(await openWindow())
  expect(items[0]?.outcome).toBe('delivered')
})
