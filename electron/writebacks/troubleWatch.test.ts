import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { assert, expect, test, vi } from 'vitest'
import type { WritebackState } from '../../shared/writebacks'
import { eventually } from '../files/temporaryFolder.testkit'
import { itemsOf, makeWorld } from './deskWorld.testkit'
import { makeDeadLetter } from './mountDesk.testkit'
import { createTroubleWatch, type Trouble } from './troubleWatch'

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

test('writebacks that begin to need a person are told once; what was there before is not', async () => {
  const { troubles, refuse } = await openWatched()
  await refuse('/docs/late.md')
  await eventually('the first to be told', () => troubles.length > 0)
  await refuse('/docs/later.md')
  await eventually('the second to be told', () => troubles.length > 1)
  expect(troubles.map(({ workspaceId, count, path }) => [workspaceId, count, path])).toEqual([
    ['w', 1, '/docs/late.md'],
    ['w', 1, '/docs/later.md'],
  ])
})

test('what comes shortly after one another is told together, and not what is settled by then', async () => {
  const [known] = await itemsOf((await openWatched()).desk)
  assert(known)
  const held = (name: string, state: WritebackState) => ({
    item: { ...known, key: name, path: `/${name}`, message: null, state },
  })
  vi.useFakeTimers()
  try {
    const troubles: Trouble[] = []
    const { changed } = createTroubleWatch({ isIgnored: () => false, onTrouble: (trouble) => troubles.push(trouble) })
    changed({ before: undefined, after: held('first', 'stuck') })
    vi.advanceTimersByTime(1_900)
    changed({ before: undefined, after: held('second', 'conflict') })
    changed({ before: undefined, after: held('third', 'stuck') })
    changed({ before: held('third', 'stuck'), after: held('third', 'delivered') })
    expect(troubles).toEqual([])
    vi.advanceTimersByTime(200)
    expect(troubles).toEqual([{ workspaceId: 'w', count: 2, path: '/first', message: null }])
  } finally {
    vi.useRealTimers()
  }
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
