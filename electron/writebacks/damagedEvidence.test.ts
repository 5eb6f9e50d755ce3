import { execFileSync } from 'node:child_process'
import { appendFile, chmod, mkdir, open, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeDeadLetter, makeMount, makeOutboxRecord } from './mountDesk.testkit'
import { watchMount } from './watchMount.testkit'

/** One good item of each kind beside what is damaged. */
const good = {
  'docs/stuck.md': 'new\n',
  'docs/lost.md': 'x',
  '.relay/outbox/pending/mountcmd_good.json': makeOutboxRecord({ remotePath: '/docs/stuck.md' }),
  '.relay/outbox/failed/mountcmd_bad.json': makeOutboxRecord({ remotePath: '/docs/refused.md', lastError: 'no' }),
  '.relay/dead-letter/op_good.json': makeDeadLetter({ opId: 'op_good', path: '/docs/lost.md' }),
}
const goodStates = [
  ['/docs/lost.md', 'unknown'],
  ['/docs/refused.md', 'rejected'],
  ['/docs/stuck.md', 'stuck'],
]
const whole = JSON.stringify(makeDeadLetter({ path: '/docs/torn.md' }), null, 2)
const places = ['.relay/dead-letter', '.relay/outbox/pending', '.relay/outbox/failed', '.relay/outbox/acked']

const damages: readonly (readonly [string, (path: string) => Promise<unknown>])[] = [
  ['empty', (path) => writeFile(path, '')],
  ['garbage', (path) => writeFile(path, Buffer.from([0, 255, 254, 1, 2]))],
  ['a list', (path) => writeFile(path, '[1,2]')],
  ['null', (path) => writeFile(path, 'null')],
  ['a text', (path) => writeFile(path, '"text"')],
  ['of wrong types', (path) => writeFile(path, '{"path":5,"remotePath":{},"opId":[],"lastStatus":"x","ts":1}')],
  ['cut off', (path) => writeFile(path, whole.slice(0, 40))],
  ['a folder', (path) => mkdir(path)],
  ['a pipe', async (path) => execFileSync('mkfifo', [path])],
  ['a link out of the folder', (path) => symlink('/etc/passwd', path)],
  ['a link to nothing', (path) => symlink('/nowhere/at/all', path)],
  ['100 MB long', (path) => sparse(path, 100 * 1024 * 1024)],
]

async function sparse(path: string, size: number): Promise<void> {
  const file = await open(path, 'w')
  await file.truncate(size)
  await file.close()
}

test.each(damages)('a record that is %s hides nothing else, wherever it lies, and is told', async (_what, damage) => {
  const mount = await makeMount({ ...good, '.relay/outbox/acked/.keep': '' })
  for (const place of places) await damage(join(mount, place, 'broken.json'))
  const watched = await watchMount(mount)
  const codes = await watched.problemCodes()
  expect([
    await watched.states(),
    codes.filter((code) => code === 'unreadable_record').length,
    codes.filter((code) => code === 'unreadable_outbox_record').length,
  ]).toEqual([[[null, 'unreadable'], [null, 'unreadable'], [null, 'unreadable'], ...goodStates], 1, 3])
})

test('a record cut off at any byte is either whole or told as unreadable, and hides nothing else', async () => {
  const files: Record<string, unknown> = { ...good }
  for (let length = 0; length < whole.length; length += 7)
    files[`.relay/dead-letter/torn-${length}.json`] = whole.slice(0, length)
  const count = Object.keys(files).length - Object.keys(good).length
  const watched = await watchMount(await makeMount(files))
  const states = await watched.states()
  expect([states.filter(([path]) => path === null).length, states.filter(([path]) => path !== null)]).toEqual([
    count,
    goodStates,
  ])
})

test('a damaged sidecar is told, and its record is shown without it', async () => {
  const watched = await watchMount(await makeMount({ ...good, '.relay/dead-letter/op_good.error.json': '{"code":' }))
  const item = await watched.item('/docs/lost.md')
  expect([item.message, await watched.problemCodes()]).toEqual(
    ['not valid', ['damaged_sidecar', 'daemon_not_running']].map((one) =>
      Array.isArray(one) ? expect.arrayContaining(one) : one,
    ),
  )
})

test('a sidecar without its record is harmless', async () => {
  const sidecar = { code: 'provider_4xx', message: 'x', attempts: 1 }
  const watched = await watchMount(await makeMount({ ...good, '.relay/dead-letter/alone.error.json': sidecar }))
  expect([await watched.states(), (await watched.problemCodes()).includes('damaged_sidecar')]).toEqual([
    goodStates,
    false,
  ])
})

test.skipIf(process.getuid?.() === 0)('a record that may not be read is told, and is read once it may', async () => {
  const mount = await makeMount(good)
  const path = join(mount, '.relay/dead-letter/op_good.json')
  await chmod(path, 0o000)
  const watched = await watchMount(mount)
  const before = await watched.states()
  await chmod(path, 0o644)
  expect([before[0], await watched.states()]).toEqual([[null, 'unreadable'], goodStates])
})

test.skipIf(process.getuid?.() === 0)('what was read of a folder stays when it may not be read any more', async () => {
  const mount = await makeMount(good)
  const folder = join(mount, '.relay/dead-letter')
  const watched = await watchMount(mount)
  const before = await watched.states()
  await chmod(folder, 0o000)
  const then = [await watched.states(), (await watched.problemCodes()).includes('unreadable_folder')]
  await chmod(folder, 0o755)
  expect([before, ...then]).toEqual([goodStates, goodStates, true])
})

test.skipIf(process.getuid?.() === 0)('a local file that may not be read is not gone', async () => {
  const mount = await makeMount(good)
  await chmod(join(mount, 'docs/lost.md'), 0o000)
  expect((await (await watchMount(mount)).item('/docs/lost.md')).state).toBe('unknown')
})

test.each([
  ['a file in place of the dead-letter folder', '.relay/dead-letter'],
  ['a file in place of the outbox', '.relay/outbox/pending'],
])('%s is told', async (_what, place) => {
  const mount = await makeMount({ [place]: 'file' })
  expect(await (await watchMount(mount)).problemCodes()).toEqual(['unreadable_folder'])
})

test('missing folders and a missing state are fine', async () => {
  const mount = await makeMount({})
  await rm(join(mount, '.relay'), { recursive: true })
  const watched = await watchMount(mount)
  expect([await watched.states(), await watched.problemCodes()]).toEqual([[], []])
})

test.each([
  ['damaged', '{"workspaceId":"ws', 'damaged_state'],
  ['a list', '[]', 'damaged_state'],
])('a state document that is %s is told and hides nothing', async (_what, text, code) => {
  const watched = await watchMount(await makeMount({ ...good, '.relay/state.json': text }))
  expect([await watched.states(), (await watched.problemCodes()).includes(code)]).toEqual([goodStates, true])
})

test('a state document of wrong types tells what can be told', async () => {
  const state = { workspaceId: 5, remoteRoot: ['/'], files: { '/docs/lost.md': 'ready' }, lastError: 'x', circuit: 1 }
  const watched = await watchMount(await makeMount({ ...good, '.relay/state.json': state }))
  expect(await watched.states()).toEqual(goodStates)
})

test('a record of many megabytes is read without its content', async () => {
  const content = `"\\${'content '.repeat(1_500_000)}`
  const record = makeOutboxRecord({ content, remotePath: '/docs/stuck.md' })
  const watched = await watchMount(await makeMount({ ...good, '.relay/outbox/pending/mountcmd_good.json': record }))
  const file = (await watched.look()).scan.outboxFile('pending', 'mountcmd_good.json')
  expect([await watched.states(), file?.value?.contentBytes]).toEqual([goodStates, Buffer.byteLength(content)])
})

test('records that come, change and vanish while they are read never break the reading', async () => {
  const mount = await makeMount(good)
  const watched = await watchMount(mount)
  let going = true
  const churn = (async () => {
    for (let n = 0; going; n++) {
      const path = join(mount, '.relay/dead-letter', `churn-${n % 40}.json`)
      await writeFile(path, whole.slice(0, (n * 31) % whole.length))
      await appendFile(path, whole)
      await rm(path)
    }
  })()
  for (let look = 0; look < 40; look++) await watched.look()
  going = false
  await churn
  expect(await watched.states()).toEqual(goodStates)
})
