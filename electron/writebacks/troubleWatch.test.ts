import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { eventually } from '../files/temporaryFolder.testkit'
import { itemsOf, makeWorld } from './deskWorld.testkit'
import { makeDeadLetter } from './mountDesk.testkit'
import type { Trouble } from './troubleWatch'

async function openWatched(): Promise<{
  readonly troubles: readonly Trouble[]
  readonly desk: Awaited<ReturnType<Awaited<ReturnType<typeof makeWorld>>['openWindow']>>
  readonly refuse: (path: string) => Promise<void>
}> {
  const { mount, openWindow } = await makeWorld({ items: 2 })
  const troubles: Trouble[] = []
  const desk = await openWindow({ onTrouble: (trouble) => troubles.push(trouble) })
  const refuse = async (path: string): Promise<void> => {
    const opId = `op_${path.replaceAll('/', '_')}`
    await mkdir(dirname(join(mount, path)), { recursive: true })
    await writeFile(join(mount, path), path)
    const record = JSON.stringify(makeDeadLetter({ opId, path }))
    await writeFile(join(mount, '.relay', 'dead-letter', `${opId}.json`), record)
  }
  return { troubles, desk, refuse }
}

test('writebacks that begin to need a person are told once, together; what was there before is not', async () => {
  const { troubles, refuse } = await openWatched()
  await refuse('/docs/late.md')
  await refuse('/docs/later.md')
  await eventually('trouble to be told', () => troubles.length > 0)
  expect(troubles.map(({ workspaceId, count, path }) => [workspaceId, count, path])).toEqual([
    ['w', 2, '/docs/late.md'],
  ])
})

test('trouble of an ignored cause is not told', async () => {
  const { troubles, desk, refuse } = await openWatched()
  const [known] = await itemsOf(desk)
  await desk.setGroup({ groupKey: known?.groupKey ?? '', state: 'ignored' })
  await refuse('/docs/late.md')
  await eventually('the new one to be seen', async () => (await itemsOf(desk)).length === 3)
  await refuse('/other/place.md')
  await eventually('trouble to be told', () => troubles.length > 0)
  expect(troubles.map(({ count, path }) => [count, path])).toEqual([[1, '/other/place.md']])
})
