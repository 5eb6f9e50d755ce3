import { expect, test } from 'vitest'
import { auditOf } from './audit'
import { itemsOf, makeWorld, retryAll } from './deskWorld.testkit'
import { exportAudit, exportItems } from './exportItems'
import { makeDeadLetter } from './mountDesk.testkit'

test('an export names the items as they are shown; a cell that looks like a formula is made harmless', async () => {
  const { openWindow } = await makeWorld({
    items: 0,
    more: {
      'docs/a.md': 'x',
      '.relay/dead-letter/op_1.json': makeDeadLetter({ lastBody: '{"message":"=HYPERLINK(\\"x\\")"}' }),
    },
  })
  const desk = await openWindow()
  const items = await desk.select({ workspaceId: null })
  const { text, cut } = exportItems(items, 'csv')
  const [head, row] = text.split('\r\n')
  expect([head?.startsWith('"key","mount","path"'), row?.includes(`"'=HYPERLINK(""x"")"`), cut]).toEqual([
    true,
    true,
    false,
  ])
})

test('a document holds every item, and nothing that looks like a token', async () => {
  const { openWindow } = await makeWorld({
    items: 0,
    more: {
      'docs/a.md': 'x',
      '.relay/dead-letter/op_1.json': makeDeadLetter({ lastBody: '{"message":"Bearer abcdefghijkl was refused"}' }),
    },
  })
  const desk = await openWindow()
  const { text } = exportItems(await desk.select({ workspaceId: null }), 'json')
  expect([JSON.parse(text).length, text.includes('abcdefghijkl')]).toEqual([(await itemsOf(desk)).length, false])
})

test('the audit tells who did what to which item, why and with what outcome, and can be filtered', async () => {
  const { openWindow } = await makeWorld({ items: 2 })
  const desk = await openWindow()
  const { operation } = await retryAll(desk)
  const parts = desk.operations.parts()
  const all = await auditOf(parts, {})
  const found = await auditOf(parts, { search: 'docs/1.md', by: 'tester', act: 'retry', outcome: 'delivered' })
  const none = await auditOf(parts, { to: '2020-01-01T00:00:00Z' })
  expect([
    all.length,
    found.map(({ operationId, by, reason, path, way, outcome }) => [operationId, by, reason, path, way, outcome]),
    none.length,
    exportAudit(all, 'csv').text.split('\r\n').length,
  ]).toEqual([2, [[operation.id, 'tester@here', 'try again', '/docs/1.md', 'direct', 'delivered']], 0, 4])
})
