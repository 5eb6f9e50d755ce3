import { spawnSync } from 'node:child_process'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryPath } from '../files/temporaryFiles'
import { eventually, makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { beginRetry, itemsOf, makeWorld, retryAll, whenDone } from './deskWorld.testkit'
import type { LedgerLine } from './ledgerLines'

const postsOf = (calls: readonly { readonly method: string }[]): number =>
  calls.filter(({ method }) => method === 'POST').length

test('a preview freezes a set: what changes after it is skipped and said so, the rest is done', async () => {
  const { openWindow, server, mount } = await makeWorld({ items: 3 })
  const desk = await openWindow()
  const preview = desk.acts.preview('retry', await desk.select({ workspaceId: null }))
  await writeFile(join(mount, 'docs/1.md'), 'changed since')
  const { operation } = await desk.acts.retry({ setId: preview.setId, reason: null, waitSeconds: 5 })
  const { items } = await whenDone(desk, operation.id)
  expect([
    preview.counts,
    preview.total,
    items.map(({ path, outcome }) => [path, outcome]),
    [...server.applied.keys()].sort(),
  ]).toEqual([
    { 're-arm': 0, direct: 3, replay: 0, dismiss: 0, refused: 0 },
    3,
    [
      ['/docs/0.md', 'delivered'],
      ['/docs/1.md', 'changed'],
      ['/docs/2.md', 'delivered'],
    ],
    ['/docs/0.md', '/docs/2.md'],
  ])
})

test('a canary tries one item; when it fails nothing else is tried, and the ledger knows every item', async () => {
  const { openWindow, server } = await makeWorld({ items: 20 })
  server.setFault(({ method }) => (method === 'POST' ? { kind: 'answer', status: 422 } : undefined))
  const { operation, items } = await retryAll(await openWindow(), { plan: { canary: true } })
  expect([
    operation.counts.failed,
    operation.counts.skipped,
    items.length,
    operation.stopped,
    postsOf(server.calls),
  ]).toEqual([1, 19, 20, 'The first item failed, so nothing else was tried.', 1])
})

test('with a limit of failures no more items fail than that, however many are under way', async () => {
  const { openWindow, server } = await makeWorld({ items: 200 })
  server.setFault(({ method }) => (method === 'POST' ? { kind: 'answer', status: 422 } : undefined))
  const { operation } = await retryAll(await openWindow(), { plan: { stopAfterFailures: 3 } })
  const { failed, skipped } = operation.counts
  expect([failed, skipped, operation.stopped, postsOf(server.calls)]).toEqual([3, 197, 'Stopped after 3 failures.', 3])
})

test('an interrupted act with a canary goes on behind it, whatever failed since', async () => {
  const { openWindow, server } = await makeWorld({ items: 40, letters: false })
  const isBad = (path: string | null): boolean => path !== null && Number(/(\d+)\.md$/.exec(path)?.[1]) % 10 === 9
  server.setFault(({ method, path }) =>
    method === 'POST' && isBad(path) ? { kind: 'answer', status: 422 } : undefined,
  )
  const first = await openWindow()
  const items = (await itemsOf(first)).toSorted((left, right) => Number(isBad(left.path)) - Number(isBad(right.path)))
  const ordered = [...items.slice(0, 11), ...items.slice(-4), ...items.slice(11, -4)]
  const { operation } = await beginRetry(first, ordered, { plan: { canary: true, perSecond: 40 } })
  await eventually('some failed behind the canary', async () => {
    const page = await first.operations.page({ operationId: operation.id, offset: 0, limit: 0 })
    return page.operation.counts.failed > 1
  })
  await first.close()
  const second = await openWindow()
  await second.operations.resume(operation.id)
  const { operation: ended } = await whenDone(second, operation.id)
  expect([ended.stopped, ended.counts.delivered, ended.counts.failed]).toEqual([null, 36, 4])
})

test('a canary that is not confirmed in time pauses the act until a person goes on', async () => {
  const { openWindow, server } = await makeWorld({ items: 3 })
  server.newOps.status = 'pending'
  const desk = await openWindow()
  const paused = await retryAll(desk, { plan: { canary: true }, waitSeconds: 0, states: ['paused'] })
  const sentBefore = postsOf(server.calls)
  server.newOps.status = 'succeeded'
  for (const op of server.ops.values()) op.status = 'succeeded'
  await desk.operations.resume(paused.operation.id)
  const { operation } = await whenDone(desk, paused.operation.id)
  expect([sentBefore, operation.counts.delivered]).toEqual([1, 3])
})

test('a paused operation sends nothing; it goes on when a person says so', async () => {
  const { openWindow, server } = await makeWorld({ items: 100, delayMs: 5 })
  const desk = await openWindow()
  const { operation } = await beginRetry(desk, await itemsOf(desk), { plan: { perSecond: 100 } })
  await eventually('some were sent', () => server.applied.size > 5)
  await desk.operations.pause(operation.id)
  const still = await eventually('nothing is sent any more', async () => {
    const before = server.calls.length
    await new Promise((resolve) => setTimeout(resolve, 150))
    return server.calls.length === before ? server.applied.size : undefined
  })
  const { operation: paused } = await desk.operations.page({ operationId: operation.id, offset: 0, limit: 0 })
  await desk.operations.resume(operation.id)
  const { operation: ended } = await whenDone(desk, operation.id)
  expect([still < 100, paused.state, ended.counts.delivered]).toEqual([true, 'paused', 100])
})

test('an aborted operation begins nothing more and knows what became of every item', async () => {
  const { openWindow, server } = await makeWorld({ items: 400, delayMs: 20 })
  const desk = await openWindow()
  const { operation } = await beginRetry(desk, await itemsOf(desk), { plan: { perSecond: 50 } })
  await eventually('some were sent', () => server.applied.size > 5)
  await desk.operations.abort(operation.id)
  const { operation: ended } = await whenDone(desk, operation.id)
  const { delivered, skipped, failed, sent } = ended.counts
  expect([ended.done, delivered + skipped, failed + sent, skipped > 0, delivered]).toEqual([
    400,
    400,
    0,
    true,
    server.applied.size,
  ])
})

test('an abort does not wait for a server that hangs', async () => {
  const { openWindow, server } = await makeWorld({ items: 40 })
  server.setFault(({ method }) => (method === 'POST' ? { kind: 'hang' } : undefined))
  const desk = await openWindow()
  const { operation } = await beginRetry(desk, await itemsOf(desk))
  await eventually('some were sent', () => postsOf(server.calls) > 5)
  await desk.operations.abort(operation.id)
  const { operation: ended } = await desk.operations.page({ operationId: operation.id, offset: 0, limit: 0 })
  expect([ended.done, ended.state === 'running']).toEqual([40, false])
})

test('of two windows on one mount one gets each item, and the other is told', async () => {
  const { openWindow, server } = await makeWorld({ items: 30, delayMs: 10 })
  const [one, other] = [await openWindow(), await openWindow()]
  const [items, others] = [await itemsOf(one), await itemsOf(other)]
  const [first, second] = await Promise.all([beginRetry(one, items), beginRetry(other, others)])
  const ended = await Promise.all([whenDone(one, first.operation.id), whenDone(other, second.operation.id)])
  const outcomes = ended.map(({ operation }) => [operation.counts.delivered, operation.counts.changed])
  expect([outcomes.sort(), Math.max(...server.applied.values()), server.applied.size]).toEqual([
    [
      [0, 30],
      [30, 0],
    ],
    1,
    30,
  ])
})

test('an operation whose process is gone is interrupted; continued, it looks before it sends the rest', async () => {
  const { openWindow, server, mount } = await makeWorld({ items: 50 })
  const first = await openWindow()
  const { operation } = await beginRetry(first, await itemsOf(first), { plan: { perSecond: 20 } })
  await eventually('some were sent', () => server.applied.size > 3)
  await first.close()
  const second = await openWindow()
  const { operation: found } = await second.operations.page({ operationId: operation.id, offset: 0, limit: 0 })
  await second.operations.resume(operation.id)
  const { operation: ended } = await whenDone(second, operation.id)
  const lines = (await readFile(join(mount, '.relay/rundesk/ledger.jsonl'), 'utf8')).trim().split('\n')
  expect([
    found.state,
    ended.counts.delivered,
    Math.max(...server.applied.values()),
    (JSON.parse(lines.at(-1) ?? '{}') as LedgerLine).kind,
  ]).toEqual(['interrupted', 50, 1, 'end'])
})

test('a half-written record that a killed process left in the outbox goes with the next one that works there', async () => {
  const { openWindow, mount } = await makeWorld({ items: 2 })
  const pending = join(mount, '.relay/outbox/pending')
  const { pid: dead } = spawnSync(process.execPath, ['-e', ''])
  const left = temporaryPath(join(pending, 'mountcmd_0.json')).replace(`.tmp-${process.pid}-`, `.tmp-${dead}-`)
  await writeFile(left, '{"commandId":')
  await retryAll(await openWindow())
  expect((await readdir(pending)).sort()).toEqual(['mountcmd_0.json', 'mountcmd_1.json'])
})

test('an interrupted operation can be closed: what was not begun is skipped', async () => {
  const { openWindow, server } = await makeWorld({ items: 50 })
  const first = await openWindow()
  const { operation } = await beginRetry(first, await itemsOf(first), { plan: { perSecond: 20 } })
  await eventually('some were sent', () => server.applied.size > 3)
  await first.close()
  const second = await openWindow()
  const closed = await second.operations.close(operation.id)
  expect([
    closed.state,
    closed.done,
    closed.counts.skipped > 0,
    closed.counts.delivered <= server.applied.size,
  ]).toEqual(['ended', 50, true, true])
})

test('an item of an operation that has not ended is refused to others, also when its process is gone', async () => {
  const { openWindow, server } = await makeWorld({ items: 50 })
  const first = await openWindow()
  const { operation } = await beginRetry(first, await itemsOf(first), { plan: { perSecond: 20 } })
  await eventually('some were sent', () => server.applied.size > 3)
  await first.close()
  const second = await openWindow()
  const left = (await itemsOf(second)).filter(({ state }) => state === 'stuck')
  const { items } = await beginRetry(second, left.slice(-1))
  expect([items[0]?.outcome, items[0]?.detail.includes(operation.id)]).toEqual(['changed', true])
})

test('a rate is kept: so many items take so long', async () => {
  const { openWindow, server } = await makeWorld({ items: 12 })
  const times: number[] = []
  server.setFault(({ method }) => {
    if (method === 'POST') times.push(performance.now())
    return undefined
  })
  await retryAll(await openWindow(), { plan: { perSecond: 20 } })
  const spanMs = (times.at(-1) ?? 0) - (times[0] ?? 0)
  expect(spanMs > (11 * 50) / 2).toBe(true)
})

test('a mount whose ledger cannot be written sends nothing', async () => {
  const { openWindow, server, mount } = await makeWorld({ items: 3 })
  const desk = await openWindow()
  await rm(join(mount, '.relay/rundesk'), { recursive: true, force: true })
  await writeFile(join(mount, '.relay/rundesk'), 'in the way')
  const outcome = await beginRetry(desk, await itemsOf(desk)).then(
    () => 'begun',
    (error: Error) => error.message,
  )
  expect([outcome === 'begun', server.applied.size]).toEqual([false, 0])
})

test('a dismissal is taken back by its operation', async () => {
  const { openWindow } = await makeWorld({ items: 3, more: { 'docs/0.md': 'other' } })
  const desk = await openWindow({ dataDir: await makeTemporaryFolder() })
  const before = (await itemsOf(desk)).map(({ records }) => records.length)
  const refs = (await itemsOf(desk)).map(({ key, version }) => ({ key, version }))
  const dismissed = await desk.acts.dismiss({ items: refs, reason: 'old' })
  const between = (await itemsOf(desk)).map(({ records }) => records.length)
  const undone = await desk.acts.undo(dismissed.operation.id)
  const after = (await itemsOf(desk)).map(({ records }) => records.length)
  expect([before, between, after, undone.operation.undoes, undone.operation.counts.restored]).toEqual([
    [1, 1, 1],
    [0, 0, 0],
    [1, 1, 1],
    dismissed.operation.id,
    3,
  ])
})

test('an item whose backup cannot be written is refused, and nothing of it is sent', async () => {
  const { openWindow, server } = await makeWorld({ items: 2 })
  const dataDir = join(await makeTemporaryFolder(), 'data')
  await writeFile(dataDir, 'in the way')
  const desk = await openWindow({ dataDir })
  const { operation } = await retryAll(desk)
  expect([operation.counts.refused, server.applied.size]).toEqual([2, 0])
})
