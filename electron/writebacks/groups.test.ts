import { appendFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { WritebackGroup } from '../../shared/writebacks'
import { eventually } from '../files/temporaryFolder.testkit'
import { makeDeadLetter, makeMount, makeOutboxRecord } from './mountDesk.testkit'
import { body, everything, letters, openDesk } from './openDesk.testkit'
import type { WritebackDesk } from './writebackDesk'

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
