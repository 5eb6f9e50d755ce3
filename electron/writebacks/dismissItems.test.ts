import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { OperationPage } from '../../shared/operations'
import { type DeskWorld, itemsOf, makeWorld } from './deskWorld.testkit'
import { dismissItems } from './dismissItems'
import type { LedgerLine, MovedFile } from './ledgerLines'
import { makeDeadLetter } from './mountDesk.testkit'
import type { WritebackDesk } from './writebackDesk'

const id = 'op_00000000000000d1'
const letter = '.relay/dead-letter/op_failed_0.json'
const sidecar = '.relay/dead-letter/op_failed_0.error.json'

/** Something that no file can be moved to, for whomever, stands where a record is to lie in the trash. */
async function blockTrash(mount: string, name: string): Promise<void> {
  await mkdir(join(mount, '.relay/rundesk/trash', id, name, 'in the way'), { recursive: true })
}

/** Dismisses all items under a known operation. */
async function dismissAll(desk: WritebackDesk): Promise<OperationPage> {
  const refs = (await itemsOf(desk)).map(({ key, version }) => ({ key, version }))
  for (const { context } of desk.desks()) await dismissItems(context, { id, refs, reason: null })
  return desk.operations.page({ operationId: id, offset: 0, limit: 10 })
}

const outcomes = ({ items }: OperationPage) => items.map(({ path, outcome }) => [path, outcome])
const recordsOf = async (mount: string) => (await readdir(join(mount, '.relay/dead-letter'))).sort()

test('a record that cannot be moved is a failure that names it and what to do; the others are put aside', async () => {
  const { mount, openWindow } = await makeWorld({ items: 2 })
  await blockTrash(mount, 'op_failed_1.json')
  const page = await dismissAll(await openWindow())
  const detail = page.items[1]?.detail ?? ''
  const named = [join(mount, '.relay/dead-letter/op_failed_1.json'), 'exists already', 'try again'].map((part) =>
    detail.includes(part),
  )
  expect([page.operation.state, outcomes(page), named, await recordsOf(mount)]).toEqual([
    'ended',
    [
      ['/docs/0.md', 'dismissed'],
      ['/docs/1.md', 'failed'],
    ],
    [true, true, true],
    ['op_failed_1.json'],
  ])
})

test('a trash that cannot be made fails every item and moves nothing; once it can be, they are put aside', async () => {
  const { mount, openWindow } = await makeWorld({ items: 2 })
  await mkdir(join(mount, '.relay/rundesk'))
  await writeFile(join(mount, '.relay/rundesk/trash'), 'in the way')
  const desk = await openWindow()
  const failed = await dismissAll(desk)
  await rm(join(mount, '.relay/rundesk/trash'))
  const items = (await itemsOf(desk)).map(({ key, version }) => ({ key, version }))
  const again = await desk.acts.dismiss({ items, reason: null })
  expect([
    failed.operation.state,
    failed.operation.counts.failed,
    items.length,
    again.operation.counts.dismissed,
  ]).toEqual(['ended', 2, 2, 2])
})

test('when the second file of an item cannot be moved, the first goes back', async () => {
  const { mount, openWindow } = await makeWorld({ more: { [sidecar]: { code: 'provider_4xx', message: 'x' } } })
  await blockTrash(mount, 'op_failed_0.error.json')
  const desk = await openWindow()
  const page = await dismissAll(desk)
  const undo = await desk.acts.undo(id).catch((error: Error) => error.message)
  expect([outcomes(page), await recordsOf(mount), undo]).toEqual([
    [['/docs/0.md', 'failed']],
    ['op_failed_0.error.json', 'op_failed_0.json'],
    'Nothing was put aside.',
  ])
})

test('items that share a record are put aside together or not at all', async () => {
  const both = makeDeadLetter({ opId: 'op_both', path: '/docs/0.md,/docs/1.md' })
  const { mount, openWindow } = await makeWorld({ items: 3, more: { '.relay/dead-letter/op_both.json': both } })
  await blockTrash(mount, 'op_failed_1.json')
  const page = await dismissAll(await openWindow())
  expect([outcomes(page), await recordsOf(mount)]).toEqual([
    [
      ['/docs/0.md', 'failed'],
      ['/docs/1.md', 'failed'],
      ['/docs/2.md', 'dismissed'],
    ],
    ['op_both.json', 'op_failed_0.json', 'op_failed_1.json'],
  ])
})

test('of a dismissal of which a part failed, undo brings back what was put aside', async () => {
  const { mount, openWindow } = await makeWorld({ items: 2 })
  await blockTrash(mount, 'op_failed_1.json')
  const desk = await openWindow()
  await dismissAll(desk)
  const undone = await desk.acts.undo(id)
  expect([outcomes(undone), await recordsOf(mount)]).toEqual([
    [['/docs/0.md', 'restored']],
    ['op_failed_0.json', 'op_failed_1.json'],
  ])
})

test('what cannot be brought back is a failure that names it, stays in the trash, and comes back later', async () => {
  const { mount, openWindow } = await makeWorld()
  const desk = await openWindow()
  const { items } = await dismissAll(desk)
  await rm(join(mount, '.relay/dead-letter'), { recursive: true })
  await writeFile(join(mount, '.relay/dead-letter'), 'in the way')
  const refused = await desk.acts.undo(id)
  const detail = refused.items[0]?.detail ?? ''
  const inTrash = await readdir(join(mount, '.relay/rundesk/trash', id))
  await rm(join(mount, '.relay/dead-letter'))
  const restored = await desk.acts.restore([items[0]?.key ?? ''])
  expect([
    [outcomes(refused), detail.includes(join(mount, letter)), inTrash],
    [outcomes(restored), await recordsOf(mount)],
  ]).toEqual([
    [[['/docs/0.md', 'failed']], true, ['op_failed_0.json']],
    [[['/docs/0.md', 'restored']], ['op_failed_0.json']],
  ])
})

/** A dismissal of a process that died before, or while, it moved the files of its only item. */
async function interrupted(
  { mount, openWindow }: DeskWorld,
  files: readonly string[],
): Promise<{ readonly desk: WritebackDesk; readonly moved: readonly MovedFile[] }> {
  const desk = await openWindow()
  const [item] = await itemsOf(desk)
  const of = { id, at: '2026-11-21T12:00:00Z', key: item?.key ?? '' }
  const trash = join(mount, '.relay/rundesk/trash', id)
  await mkdir(trash, { recursive: true })
  const moved = files.map((file) => ({ from: join(mount, file), to: join(trash, file.split('/').at(-1) ?? '') }))
  const chosen = { key: of.key, path: item?.path ?? null, version: item?.version ?? '' }
  const lines: LedgerLine[] = [
    { kind: 'begin', version: 1, id, at: of.at, act: 'dismiss', by: 'x', reason: null, items: [chosen], total: 1 },
    { kind: 'moving', ...of, moved },
  ]
  await writeFile(join(mount, '.relay/rundesk/ledger.jsonl'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
  return { desk, moved }
}

test('a continued dismissal of which another tool took the records is no failure, and is not to be undone', async () => {
  const world = await makeWorld()
  const { desk, moved } = await interrupted(world, [letter])
  for (const { from } of moved) await rm(from)
  const operation = await desk.operations.resume(id)
  const page = await desk.operations.page({ operationId: id, offset: 0, limit: 10 })
  expect([outcomes(page), page.items[0]?.detail, operation.undo.kind]).toEqual([
    [['/docs/0.md', 'changed']],
    'Its records are gone.',
    'refused',
  ])
})

test('a continued dismissal puts aside what was not yet, and tells what was gone', async () => {
  const world = await makeWorld()
  const { desk } = await interrupted(world, [letter, sidecar])
  await desk.operations.resume(id)
  const page = await desk.operations.page({ operationId: id, offset: 0, limit: 10 })
  const undone = await desk.acts.undo(id)
  expect([
    [outcomes(page), page.items[0]?.detail.includes(join(world.mount, sidecar))],
    [outcomes(undone), await recordsOf(world.mount)],
  ]).toEqual([
    [[['/docs/0.md', 'dismissed']], true],
    [[['/docs/0.md', 'restored']], ['op_failed_0.json']],
  ])
})

test('an interrupted dismissal that is closed is put aside where all of it was moved', async () => {
  const { desk, moved } = await interrupted(await makeWorld(), [letter])
  for (const { from, to } of moved) await rename(from, to)
  const { undo } = await desk.operations.close(id)
  const page = await desk.operations.page({ operationId: id, offset: 0, limit: 10 })
  expect([outcomes(page), undo.kind]).toEqual([[['/docs/0.md', 'dismissed']], 'allowed'])
})

test('an interrupted dismissal that is closed goes back where a part of it was moved', async () => {
  const world = await makeWorld({ more: { [sidecar]: { code: 'provider_4xx', message: 'x' } } })
  const { desk, moved } = await interrupted(world, [letter, sidecar])
  for (const { from, to } of moved.slice(0, 1)) await rename(from, to)
  const { undo } = await desk.operations.close(id)
  const page = await desk.operations.page({ operationId: id, offset: 0, limit: 10 })
  expect([outcomes(page), undo.kind, await recordsOf(world.mount)]).toEqual([
    [['/docs/0.md', 'skipped']],
    'refused',
    ['op_failed_0.error.json', 'op_failed_0.json'],
  ])
})

test('a file that cannot go back is told where it lies, nothing is written over, and it can be restored', async () => {
  const world = await makeWorld({ more: { [sidecar]: { code: 'provider_4xx', message: 'x' } } })
  const { desk, moved } = await interrupted(world, [letter, sidecar])
  await rename(join(world.mount, letter), moved[0]?.to ?? '')
  await writeFile(join(world.mount, letter), 'of another tool')
  await blockTrash(world.mount, 'op_failed_0.error.json')
  await desk.operations.resume(id)
  const page = await desk.operations.page({ operationId: id, offset: 0, limit: 10 })
  const there = await readFile(join(world.mount, letter), 'utf8')
  await rm(join(world.mount, letter))
  const restored = await desk.acts.restore([page.items[0]?.key ?? ''])
  expect([
    [outcomes(page), page.items[0]?.detail.includes(moved[0]?.to ?? '?'), there],
    [outcomes(restored), await recordsOf(world.mount)],
  ]).toEqual([
    [[['/docs/0.md', 'failed']], true, 'of another tool'],
    [[['/docs/0.md', 'restored']], ['op_failed_0.error.json', 'op_failed_0.json']],
  ])
})

test('an interrupted restore that is closed is told as done where the records are back', async () => {
  const { mount, openWindow } = await makeWorld()
  const desk = await openWindow()
  const { items } = await dismissAll(desk)
  const restoreId = 'op_00000000000000d2'
  const begin = {
    version: 1,
    id: restoreId,
    at: '2026-11-21T12:00:00Z',
    act: 'restore',
    by: 'x',
    reason: null,
  } as const
  const chosen = { key: items[0]?.key ?? '', path: '/docs/0.md', version: '' }
  const [context] = desk.desks().map((one) => one.context)
  await context?.ledger.write([{ kind: 'begin', ...begin, items: [chosen], total: 1, undoes: id }])
  await rename(join(mount, '.relay/rundesk/trash', id, 'op_failed_0.json'), join(mount, letter))
  await desk.operations.close(restoreId)
  const page = await desk.operations.page({ operationId: restoreId, offset: 0, limit: 10 })
  const again = await desk.acts.restore([chosen.key])
  expect([outcomes(page), again.items.map(({ outcome }) => outcome)]).toEqual([
    [['/docs/0.md', 'restored']],
    ['refused'],
  ])
})
