import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { makeDeadLetter, makeMount, makeOutboxRecord, sha256 } from './mountDesk.testkit'
import { watchMount } from './watchMount.testkit'

test.each([
  'with spaces',
  'new\nline',
  '-leading-dash',
  'weird.error',
  'a%2F..%2Fb',
  '%2e%2e%2f',
  'ünïcödé ✓',
  'x'.repeat(245),
  '__proto__',
  'constructor',
  '$(touch x)',
])('an operation with the id %j is listed', async (opId) => {
  const mount = await makeMount({ 'docs/a.md': 'x', [`.relay/dead-letter/${opId}.json`]: makeDeadLetter({ opId }) })
  const watched = await watchMount(mount)
  expect([
    (await watched.item('/docs/a.md')).records.map((record) => record.opId),
    await watched.problemCodes(),
  ]).toEqual([[opId], []])
})

test.each(['../../outside', '..', '/etc/passwd', 'a/b'])(
  'a record that names the operation %j is shown under its file, and told',
  async (opId) => {
    const mount = await makeMount({ 'docs/a.md': 'x', '.relay/dead-letter/op_1.json': makeDeadLetter({ opId }) })
    const watched = await watchMount(mount)
    expect([(await watched.item('/docs/a.md')).records[0]?.file, await watched.problemCodes()]).toEqual([
      'op_1.json',
      ['misnamed_record'],
    ])
  },
)

test('a record without an id has its name as id', async () => {
  const mount = await makeMount({ 'docs/a.md': 'x', '.relay/dead-letter/op_7.json': makeDeadLetter({ opId: ' ' }) })
  const watched = await watchMount(mount)
  expect([(await watched.item('/docs/a.md')).records[0]?.opId, await watched.problemCodes()]).toEqual(['op_7', []])
})

test('records whose id ends in .error keep their own sidecars', async () => {
  const mount = await makeMount({
    'docs/a.md': 'x',
    '.relay/dead-letter/weird.error.json': makeDeadLetter({ opId: 'weird.error', lastBody: '' }),
    '.relay/dead-letter/weird.error.error.json': { code: 'provider_4xx', providerResponse: { message: 'its own' } },
  })
  expect((await (await watchMount(mount)).item('/docs/a.md')).message).toBe('its own')
})

test.each(['__proto__', 'constructor', 'hasOwnProperty'])('a path named %s is a path like any other', async (name) => {
  const mount = await makeMount({
    [`docs/${name}`]: 'x',
    '.relay/dead-letter/op_1.json': makeDeadLetter({ path: `/docs/${name}` }),
    '.relay/state.json': `{"workspaceId":"ws","remoteRoot":"/","files":{"/docs/${name}":{"status":"ready"},"__proto__":{"status":"ready"}}}`,
  })
  expect(await (await watchMount(mount)).states()).toEqual([[`/docs/${name}`, 'unknown']])
})

test('the same path, written in two ways, is one item', async () => {
  const mount = await makeMount({
    'docs/a.md': 'x',
    '.relay/dead-letter/op_1.json': makeDeadLetter({ path: 'docs//a.md' }),
    '.relay/dead-letter/op_2.json': makeDeadLetter({ opId: 'op_2', path: '\\docs\\a.md' }),
  })
  const states = (await (await watchMount(mount)).look()).items.map(({ item }) => [item.path, item.records.length])
  expect(states).toEqual([['/docs/a.md', 2]])
})

test('a list of paths is cut where the mount knows the parts', async () => {
  const mount = await makeMount({
    'docs/a,/b.md': 'x',
    'docs/c.md': 'x',
    '.relay/dead-letter/op_1.json': makeDeadLetter({ path: '/docs/a,/b.md,/docs/c.md' }),
  })
  expect((await (await watchMount(mount)).states()).map(([path]) => path)).toEqual(['/docs/a,/b.md', '/docs/c.md'])
})

test('a list of paths is cut anew when its parts become known', async () => {
  const mount = await makeMount({ '.relay/dead-letter/op_1.json': makeDeadLetter({ path: '/docs/a,/b.md' }) })
  const watched = await watchMount(mount)
  const before = (await watched.states()).map(([path]) => path)
  await mkdir(`${mount}/docs/a,`, { recursive: true })
  await writeFile(`${mount}/docs/a,/b.md`, 'x')
  expect([before, (await watched.states()).map(([path]) => path)]).toEqual([['/b.md', '/docs/a'], ['/docs/a,/b.md']])
})

test('a local file behind a folder that leads out of the mount is not read', async () => {
  const outside = await makeMount({ 'secret.md': 'new\n' })
  const mount = await makeMount({
    '.relay/outbox/pending/mountcmd_1.json': makeOutboxRecord({ remotePath: '/out/secret.md' }),
  })
  await symlink(outside, `${mount}/out`)
  const found = (await (await watchMount(mount)).look()).byPath('/out/secret.md')
  expect(found?.local).toEqual({ exists: false, sizeBytes: null, sha256: null })
})

test('a link is what a mount sends of it: the name of its target', async () => {
  const mount = await makeMount({
    '.relay/outbox/pending/mountcmd_1.json': makeOutboxRecord({ remotePath: '/docs/link.md', hash: sha256('long.md') }),
    'docs/long.md': 'x',
  })
  await symlink('long.md', `${mount}/docs/link.md`)
  expect((await (await watchMount(mount)).look()).byPath('/docs/link.md')?.local.sha256).toBe(sha256('long.md'))
})
