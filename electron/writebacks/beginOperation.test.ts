import { assert, expect, onTestFinished, test } from 'vitest'
import { eventually, makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { changed } from './beginOperation'
import { beginRetry, itemsOf, makeWorld } from './deskWorld.testkit'
import { createMountDesk } from './mountDesk'

test('what another window delivered is not begun again, also while only the ledger tells of it', async () => {
  const { mount, home, openWindow } = await makeWorld()
  const { context, refresh, view, close } = createMountDesk({
    ...{ localDir: mount, workspaceId: 'w', home, dataDir: await makeTemporaryFolder(), by: 'tester@here' },
    ...{ watched: false, readOnly: () => false, onItemChange: undefined },
    onSeen: () => undefined,
    isRunning: () => false,
    onOperationChanged: () => undefined,
  })
  onTestFinished(close)
  await refresh()
  const [folded] = view()?.items ?? []
  assert(folded)
  const seen = { key: folded.item.key, version: folded.item.version }
  const before = changed(context, seen, folded)
  const other = await openWindow()
  const { operation } = await beginRetry(other, await itemsOf(other))
  await eventually('the other window to deliver it', async () => {
    const { operation: now } = await other.operations.page({ operationId: operation.id, offset: 0, limit: 0 })
    return now.endedAt !== null
  })
  await context.ledger.refresh()
  expect([before, changed(context, seen, folded)]).toEqual([null, expect.objectContaining({ outcome: 'changed' })])
})
