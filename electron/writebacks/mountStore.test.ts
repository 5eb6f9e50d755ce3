import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { makeDeadLetter, makeMount } from './mountDesk.testkit'
import { createMountStore } from './mountStore'

test('each item that changed is told with what it was before; what the first look finds is not', async () => {
  const localDir = await makeMount({ 'docs/a.md': 'x', '.relay/dead-letter/op_1.json': makeDeadLetter() })
  const changes: unknown[] = []
  const store = createMountStore({
    ...{ localDir, workspaceId: 'w', home: await makeTemporaryFolder(), watched: false, verified: () => new Map() },
    onItemChange: ({ before, after }) => changes.push([before?.item.path, after?.item.path]),
  })
  onTestFinished(() => store.close())
  const look = async (): Promise<unknown> => {
    await store.refresh({ sweep: true })
    return changes.splice(0)
  }
  const first = await look()
  const second = makeDeadLetter({ opId: 'op_2', path: '/docs/b.md' })
  await writeFile(join(localDir, 'docs/b.md'), 'x')
  await writeFile(join(localDir, '.relay/dead-letter/op_2.json'), JSON.stringify(second))
  const come = await look()
  await rm(join(localDir, '.relay/dead-letter/op_1.json'))
  expect([first, come, await look(), await look()]).toEqual([
    [],
    [[undefined, '/docs/b.md']],
    [['/docs/a.md', undefined]],
    [],
  ])
})
