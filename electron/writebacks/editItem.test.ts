import { readdir, readFile, realpath, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { OperationPage } from '../../shared/operations'
import { makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { compareVersions, readServerFile } from './compareVersions'
import { itemsOf, makeWorld, whenDone } from './deskWorld.testkit'
import type { EditRequest } from './editItem'
import { sha256 } from './mountDesk.testkit'
import type { WritebackDesk } from './writebackDesk'

async function edited(
  desk: WritebackDesk,
  change: Partial<EditRequest>,
  states: readonly string[] = ['ended', 'following'],
): Promise<OperationPage> {
  const [item] = await itemsOf(desk)
  const ref = { key: item?.key ?? '', version: item?.version ?? '', reason: 'by hand' }
  const { operation } = await desk.acts.edit({ ...ref, ...change })
  return whenDone(desk, operation.id, [...states])
}

const conflict = {
  'docs/a.md': 'theirs, as the mount left it',
  '.relay/outbox/failed/mountcmd_1.json': {
    commandId: 'mountcmd_1',
    workspaceId: 'ws_test',
    remotePath: '/docs/a.md',
    contentType: 'text/markdown',
    content: 'mine',
    hash: sha256('mine'),
    status: 'failed',
    firstSeenAt: '2026-11-20T10:00:00Z',
    lastAttemptAt: '2026-11-20T10:00:05Z',
    attemptCount: 1,
    lastError: 'conflict: expected revision "rev_0"',
    expectedRevision: 'rev_0',
  },
  '.relay/conflicts/docs/a.md.rev_0.local': 'mine',
}

test('new content becomes the local file, is backed up before, and is sent onto the revision of the record', async () => {
  const { openWindow, server, mount } = await makeWorld()
  const dataDir = await makeTemporaryFolder()
  const desk = await openWindow({ dataDir })
  const { operation, items } = await edited(desk, { content: 'better\n' })
  const backups = join(dataDir, 'backups', operation.id)
  expect([
    items[0]?.outcome,
    await readFile(join(mount, 'docs/0.md'), 'utf8'),
    await readFile(join(backups, `${items[0]?.key}.file`), 'utf8'),
    server.files.get('/docs/0.md')?.content,
    await readdir(join(mount, '.relay/rundesk/trash', operation.id)),
  ]).toEqual(['delivered', 'better\n', 'new 0', 'better\n', ['mountcmd_0.json', 'op_failed_0.json']])
})

test('an edit is no success while the mount would still send the old content: the record is named', async () => {
  const { openWindow, server, mount } = await makeWorld({ more: { '.relay/rundesk/trash': 'in the way' } })
  const { items } = await edited(await openWindow(), { content: 'better\n' })
  const record = join(mount, '.relay/outbox/pending/mountcmd_0.json')
  expect([
    [items[0]?.outcome, server.files.get('/docs/0.md')?.content, JSON.parse(await readFile(record, 'utf8')).content],
    [record, 'leads through a file', 'try again'].map((part) => items[0]?.detail.includes(part)),
  ]).toEqual([
    ['failed', 'better\n', 'new 0'],
    [true, true, true],
  ])
})

test('with a living daemon the mount sends the edited file, and nothing is sent twice', async () => {
  const { openWindow, server } = await makeWorld({
    more: { '.relay/mount.pid': { pid: process.pid, executable: await realpath(process.execPath) } },
  })
  const { items } = await edited(await openWindow(), { content: 'better\n' })
  expect([items[0]?.outcome, server.applied.size]).toEqual(['sent', 0])
})

test("in a conflict the three versions can be compared, and one's own be sent onto the server's", async () => {
  const { openWindow, server, mount } = await makeWorld({ items: 0, more: conflict })
  server.put('/docs/a.md', 'theirs')
  const desk = await openWindow()
  const [folded] = await desk.select({ workspaceId: null })
  const context = desk.desks()[0]?.context
  if (!folded || !context) throw new Error('There is no item')
  const versions = await compareVersions(context, folded)
  const { items } = await edited(desk, { take: 'conflict-copy', serverRevision: versions.serverRevision })
  expect([
    [versions.local, versions.server, versions.conflictCopy, versions.serverRevision],
    items[0]?.outcome,
    server.files.get('/docs/a.md')?.content,
    await readFile(join(mount, 'docs/a.md'), 'utf8'),
  ]).toEqual([['theirs, as the mount left it', 'theirs', 'mine', 'rev_1'], 'delivered', 'mine', 'mine'])
})

test("the server's version can be taken: nothing is sent", async () => {
  const { openWindow, server, mount } = await makeWorld({ items: 0, more: conflict })
  server.put('/docs/a.md', 'theirs')
  const { items } = await edited(await openWindow(), { take: 'server' })
  expect([
    items[0]?.outcome,
    await readFile(join(mount, 'docs/a.md'), 'utf8'),
    server.calls.some(({ method }) => method === 'POST'),
  ]).toEqual(['delivered', 'theirs', false])
})

test('what the server got meanwhile is not written over by a choice that was made before', async () => {
  const { openWindow, server } = await makeWorld({ items: 0, more: conflict })
  server.put('/docs/a.md', 'theirs')
  const desk = await openWindow()
  server.put('/docs/a.md', 'theirs, newer')
  const { items } = await edited(desk, { take: 'conflict-copy', serverRevision: 'rev_1' })
  expect([items[0]?.outcome, server.files.get('/docs/a.md')?.content]).toEqual(['failed', 'theirs, newer'])
})

test('after a choice that came too late, the versions that are asked for again can be chosen from at once', async () => {
  const { openWindow, server } = await makeWorld({ items: 0, more: conflict })
  server.put('/docs/a.md', 'theirs')
  const desk = await openWindow()
  const [folded] = await desk.select({ workspaceId: null })
  const context = desk.desks()[0]?.context
  if (!folded || !context) throw new Error('There is no item')
  server.put('/docs/a.md', 'theirs, newer')
  const choice = { key: folded.item.key, reason: null, take: 'conflict-copy' } as const
  const late = await desk.acts.edit({ ...choice, version: folded.item.version, serverRevision: 'rev_1' })
  await whenDone(desk, late.operation.id)
  const { version, serverRevision } = await compareVersions(context, folded)
  const { operation } = await desk.acts.edit({ ...choice, version, serverRevision })
  const { items } = await whenDone(desk, operation.id)
  expect([items[0]?.outcome, server.files.get('/docs/a.md')?.content]).toEqual(['delivered', 'mine'])
})

test('a file that changed since it was shown is left as it is', async () => {
  const { openWindow, mount } = await makeWorld()
  const desk = await openWindow()
  const [item] = await itemsOf(desk)
  await writeFile(join(mount, 'docs/0.md'), 'changed meanwhile')
  const ref = { key: item?.key ?? '', version: item?.version ?? '', reason: null }
  const { operation } = await desk.acts.edit({ ...ref, content: 'better' })
  const { items } = await whenDone(desk, operation.id)
  expect([items[0]?.outcome, await readFile(join(mount, 'docs/0.md'), 'utf8')]).toEqual([
    'changed',
    'changed meanwhile',
  ])
})

test("an item's server version is fetched on request, and compared with the local file", async () => {
  const { openWindow, server } = await makeWorld()
  const desk = await openWindow()
  const [folded] = await desk.select({ workspaceId: null })
  const context = desk.desks()[0]?.context
  if (!folded || !context) throw new Error('There is no item')
  const before = await readServerFile(context, folded)
  server.put('/docs/0.md', 'new 0')
  const after = await readServerFile(context, folded)
  expect([before.text, before.equalsLocal, after.text, after.equalsLocal]).toEqual(['old 0', false, 'new 0', true])
})

test('no temporary file is left in the mount', async () => {
  const { openWindow, mount } = await makeWorld()
  await edited(await openWindow(), { content: 'better\n' })
  expect(await readdir(join(mount, 'docs'))).toEqual(['0.md'])
})
