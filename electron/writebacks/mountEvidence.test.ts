import { appendFile, mkdir, rename, rm, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { eventually, makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { daemonOf } from './daemon'
import { makeDeadLetter, makeMount, makeOutboxRecord, sha256 } from './mountDesk.testkit'
import { watchMount } from './watchMount.testkit'

const now = new Date().toISOString()
const old = new Date('2020-01-01T00:00:00Z')
const publicState = (files: object, more: object = {}): object => ({
  workspaceId: 'ws_test',
  remoteRoot: '/',
  intervalMs: 5_000,
  files,
  ...more,
})

test('a write that a mount reverted is rejected, although nothing but its log tells', async () => {
  const watched = await watchMount(
    await makeMount({
      'docs/a.md': 'old\n',
      '.relay/permissions-denied.log': `[${now}] WRITE_REVERTED /docs/a.md: no fs:write scope: see policy\n[${now}] READ_DENIED /docs/b.md: no\nnoise\n`,
    }),
  )
  const { state, class: errorClass, message, denied } = await watched.item('/docs/a.md')
  expect([(await watched.states()).length, state, errorClass, message, denied?.kind]).toEqual([
    1,
    'rejected',
    'permission',
    'WRITE_REVERTED: no fs:write scope: see policy',
    'WRITE_REVERTED',
  ])
})

test.each([
  ['a day passed and the mount does not refuse it any more', '2020-01-01T00:00:00Z', {}],
  ['the path was delivered since', now, { '.relay/outbox/acked/mountcmd_1.json': acked('2100-01-01T00:00:00Z') }],
])('a refused write does not count when %s', async (_when, at, more) => {
  const files = { 'docs/a.md': 'x', '.relay/permissions-denied.log': `[${at}] WRITE_DENIED /docs/a.md: no\n`, ...more }
  expect(await (await watchMount(await makeMount(files))).states()).toEqual([])
})

test('an old refusal counts as long as the mount lists the path as denied', async () => {
  const files = {
    'docs/a.md': 'x',
    '.relay/state.json': publicState({ '/docs/a.md': { status: 'write-denied' } }),
    '.relay/permissions-denied.log': '[2020-01-01T00:00:00Z] WRITE_DENIED /docs/a.md: no\n',
  }
  expect(await (await watchMount(await makeMount(files))).states()).toEqual([['/docs/a.md', 'rejected']])
})

test('a log of any length is read by its end', async () => {
  const mount = await makeMount({ 'docs/a.md': 'x', '.relay/permissions-denied.log': '' })
  const line = `[${now}] WRITE_DENIED /docs/other.md: no\n`
  await appendFile(join(mount, '.relay/permissions-denied.log'), line.repeat(100_000))
  await appendFile(join(mount, '.relay/permissions-denied.log'), `[${now}] WRITE_DENIED /docs/a.md: no\n`)
  expect((await (await watchMount(mount)).states()).map(([path]) => path)).toEqual(['/docs/a.md', '/docs/other.md'])
})

test('a version that was put aside is a conflict, although nothing else tells of it any more', async () => {
  const mount = await makeMount({ 'docs/a.md': 'theirs', '.relay/conflicts/docs/a.md.rev_1.local': 'mine' })
  const item = await (await watchMount(mount)).item('/docs/a.md')
  expect([item.state, item.kinds, item.conflictCopies]).toEqual([
    'conflict',
    ['conflict-copy'],
    [join(mount, '.relay/conflicts/docs/a.md.rev_1.local')],
  ])
})

test.each([
  ['it was resolved', '.relay/conflicts/resolved/docs/a.md.rev_1.local', {}],
  [
    'the path was delivered since',
    '.relay/conflicts/docs/a.md.rev_1.local',
    { '.relay/outbox/acked/mountcmd_1.json': acked('2100-01-01T00:00:00Z') },
  ],
])('a version that was put aside does not count when %s', async (_when, copy, more) => {
  const mount = await makeMount({ 'docs/a.md': 'x', [copy]: 'mine', ...more })
  expect(await (await watchMount(mount)).states()).toEqual([])
})

test('a version belongs to the path that is known, whatever dots its name holds', async () => {
  const mount = await makeMount({
    'docs/a.md': 'x',
    'docs/a': 'x',
    '.relay/state.json': publicState({ '/docs/a.md': { status: 'ready' }, '/docs/a': { status: 'ready' } }),
    '.relay/conflicts/docs/a.md.1.2.3.local': 'mine',
    '.relay/conflicts/docs/b.json.invalid.20261120T101112Z': '{',
  })
  expect(await (await watchMount(mount)).states()).toEqual([
    ['/docs/a.md', 'conflict'],
    ['/docs/b.json', 'conflict'],
  ])
})

test('versions of a mount with a remote root belong to remote paths', async () => {
  const mount = await makeMount({
    '.relay/state.json': { workspaceId: 'ws', remoteRoot: '/github' },
    'repos/x.json': 'x',
    '.relay/conflicts/repos/x.json.rev_1.local': 'mine',
  })
  expect(await (await watchMount(mount)).states()).toEqual([['/github/repos/x.json', 'conflict']])
})

test.each([
  ['the mount lists the file as ready', publicState({ '/docs/a.md': { status: 'ready' } }), {}],
  [
    'the private state is clean with the local content',
    publicState({}),
    { '.relayfile-mount-state.json': { files: { '/docs/a.md': { hash: sha256('merged\n') } } } },
  ],
])('a merged conflict is delivered when %s', async (_when, state, more) => {
  const mount = await makeMount({
    'docs/a.md': 'merged\n',
    '.relay/state.json': state,
    '.relay/outbox/failed/mountcmd_1.json': makeOutboxRecord({
      lastError: 'expected revision "rev_1" but current revision is "rev_2"',
    }),
    ...more,
  })
  expect(await (await watchMount(mount)).states()).toEqual([['/docs/a.md', 'stale']])
})

test('a delete that waits longer than a cycle was refused', async () => {
  const files = {
    '.relay/state.json': publicState({ '/docs/a.md': { status: 'writeback-pending' } }),
    'docs/b.md': 'x',
  }
  const mount = await makeMount(files)
  const watched = await watchMount(mount)
  const fresh = await watched.states()
  await utimes(join(mount, 'docs'), old, old)
  const item = await watched.item('/docs/a.md')
  expect([fresh, item.state, item.kinds, item.message]).toEqual([
    [],
    'rejected',
    ['refused-delete'],
    'The server refused to delete it.',
  ])
})

test('a file that a retry lists as pending is no refused delete while it is there', async () => {
  const files = {
    'docs/a.md': 'x',
    '.relay/state.json': publicState({ '/docs/a.md': { status: 'writeback-pending' } }),
  }
  expect(await (await watchMount(await makeMount(files))).states()).toEqual([])
})

test('a mount tells its own troubles', async () => {
  const state = publicState(
    {},
    {
      stallReason: 'http 500: upstream exploded',
      lastError: { kind: 'http', statusCode: 403, message: 'forbidden', at: now },
      circuit: { open: true, nextRetry: '2026-11-21T01:00:00Z' },
    },
  )
  expect(await (await watchMount(await makeMount({ '.relay/state.json': state }))).problemCodes()).toEqual([
    'mount_stalled',
    'mount_error',
    'circuit_open',
  ])
})

test('the breaker of the command line’s own state counts as well', async () => {
  const state = publicState({}, { guards: { circuit: { open: true, nextRetry: '0001-01-01T00:00:00Z' } } })
  expect(await (await watchMount(await makeMount({ '.relay/state.json': state }))).problemCodes()).toEqual([
    'circuit_open',
  ])
})

test('a marker of a failed record asks for attention', async () => {
  const mount = await makeMount({
    'docs/a.md': 'x',
    '.relay/outbox/failed/mountcmd_1.json': makeOutboxRecord({ opId: 'op_9', lastError: 'Linear said no' }),
    '.relay/outbox/attention/mountcmd_1.marker': 'attention\n',
  })
  expect((await (await watchMount(mount)).item('/docs/a.md')).kinds).toEqual(['failed', 'attention'])
})

test('a large state document tells the same as a small one', async () => {
  const files: Record<string, object> = { '/docs/a.md': { status: 'write-denied' } }
  for (let n = 0; n < 20_000; n++) files[`/docs/many/${n} "quoted" {}.md`] = { status: 'ready', revision: `rev_${n}` }
  const mount = await makeMount({
    'docs/a.md': 'x',
    '.relay/state.json': publicState(files, { status: 'ready', failedWritebacks: 7 }),
    '.relay/permissions-denied.log': '[2020-01-01T00:00:00Z] WRITE_DENIED /docs/a.md: no\n',
  })
  const watched = await watchMount(mount)
  const { scan } = await watched.look()
  expect([await watched.states(), scan.publicFiles.size, scan.state?.failedWritebacks]).toEqual([
    [['/docs/a.md', 'rejected']],
    20_001,
    7,
  ])
})

test.each([
  ['a running process of that program', process.pid, process.execPath, { alive: true, pid: process.pid, stale: false }],
  ['another program', process.pid, '/usr/bin/relayfile', { alive: false, pid: process.pid, stale: true }],
  ['nothing that runs', 2 ** 22 + 1, process.execPath, { alive: false, pid: 2 ** 22 + 1, stale: true }],
])('a pid file that names %s', async (_what, pid, executable, state) => {
  const mount = await makeMount({ '.relay/mount.pid': { pid, executable } })
  expect(await daemonOf(mount, { home: await makeTemporaryFolder() })).toEqual(state)
})

test.each([
  ['a damaged pid file', '{"pid":'],
  ['a bare number', String(2 ** 22 + 1)],
])('%s is a stale one', async (_what, text) => {
  const mount = await makeMount({ '.relay/mount.pid': text })
  expect((await daemonOf(mount, { home: await makeTemporaryFolder() })).stale).toBe(true)
})

test('damaged leases hide no other, and one of a process that is no mount does not count', async () => {
  const mount = await makeMount({})
  const home = await makeTemporaryFolder()
  const leases = join(home, '.cache/relayfile/mount-leases')
  await mkdir(leases, { recursive: true })
  await writeFile(join(leases, 'a.lock'), '{"pid":')
  await writeFile(join(leases, 'b.lock'), JSON.stringify({ pid: process.pid, localRoot: mount }))
  expect(await daemonOf(mount, { home })).toEqual({ alive: false, pid: null, stale: false })
})

test('only what changed is folded again', async () => {
  const mount = await makeMount({
    'docs/a.md': 'x',
    'docs/b.md': 'x',
    '.relay/dead-letter/op_1.json': makeDeadLetter(),
    '.relay/dead-letter/op_2.json': makeDeadLetter({ opId: 'op_2', path: '/docs/b.md' }),
  })
  const watched = await watchMount(mount)
  const before = new Map((await watched.look()).items.map((folded) => [folded.item.path, folded]))
  await writeFile(join(mount, '.relay/dead-letter/op_3.json'), JSON.stringify(makeDeadLetter({ opId: 'op_3' })))
  const after = await watched.look()
  expect([
    after.byPath('/docs/b.md') === before.get('/docs/b.md'),
    after.byPath('/docs/a.md') === before.get('/docs/a.md'),
    after.byPath('/docs/a.md')?.item.records.length,
  ]).toEqual([true, false, 2])
})

test('a look that finds nothing new changes nothing', async () => {
  const watched = await watchMount(
    await makeMount({ 'docs/a.md': 'x', '.relay/dead-letter/op_1.json': makeDeadLetter() }),
  )
  const first = await watched.look()
  expect([await watched.store.refresh({ sweep: true }), watched.store.view() === first]).toEqual([false, true])
})

test('what changes is seen without looking at every file', async () => {
  const mount = await makeMount({ 'docs/a.md': 'x', '.relay/dead-letter/op_1.json': makeDeadLetter() })
  const watched = await watchMount(mount, { watched: true })
  await watched.look()
  const seen = (what: string, wanted: (records: readonly string[]) => boolean): Promise<true> =>
    eventually(what, async () => {
      await watched.store.refresh()
      return wanted(
        watched.store
          .view()
          ?.byPath('/docs/a.md')
          ?.item.records.map(({ opId }) => opId) ?? [],
      )
    }) as Promise<true>
  const to = join(mount, '.relay/dead-letter/op_2.json')
  await writeFile(`${to}.tmp`, JSON.stringify(makeDeadLetter({ opId: 'op_2' })))
  await rename(`${to}.tmp`, to)
  await seen('the new record', (records) => records.length === 2)
  await rm(to)
  await seen('its going', (records) => records.length === 1)
  await rm(join(mount, '.relay/dead-letter'), { recursive: true })
  await seen('the going of the folder', (records) => records.length === 0)
  await mkdir(join(mount, '.relay/dead-letter'))
  await writeFile(join(mount, '.relay/dead-letter/op_9.json'), JSON.stringify(makeDeadLetter({ opId: 'op_9' })))
  expect(await seen('a record in the new folder', (records) => records.includes('op_9'))).toBe(true)
})

test('a local file that changes is seen, although no record does', async () => {
  const mount = await makeMount({ 'docs/a.md': 'new\n', '.relay/outbox/pending/mountcmd_1.json': makeOutboxRecord() })
  const watched = await watchMount(mount)
  const before = await watched.item('/docs/a.md')
  await writeFile(join(mount, 'docs/a.md'), 'newer\n')
  expect((await watched.item('/docs/a.md')).version).not.toBe(before.version)
})

function acked(at: string): object {
  return makeOutboxRecord({
    status: 'acked',
    dispatchStatus: 'succeeded',
    opId: 'op_9',
    ackedAt: at,
    lastAttemptAt: at,
  })
}
