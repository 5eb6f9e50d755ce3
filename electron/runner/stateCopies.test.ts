import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { createStateCopies } from './stateCopies'

async function copies() {
  const dir = await makeTemporaryFolder()
  const [memoryDir, diskDir] = [join(dir, 'memory'), join(dir, 'disk')]
  await Promise.all([memoryDir, diskDir].map((folder) => mkdir(folder)))
  return { memoryDir, diskDir, ...createStateCopies({ memoryDir, diskDir }) }
}

test('a copy that was foreseen is used when its state is still the same, and once', async () => {
  const { memoryDir, foresee, make } = await copies()
  const state = { a: 1 }
  foresee('one.json', state)
  const before = await readdir(memoryDir)
  const copy = make('one.json', state)
  const patch = await copy.readPatch()
  const again = make('one.json', state)
  expect([before, patch, await readFile(again.path, 'utf8')]).toEqual([['one.json'], undefined, '{"a":1}'])
})

test('a state that changed since its copy was foreseen is written anew', async () => {
  const { foresee, make } = await copies()
  foresee('one.json', { a: 1 })
  const copy = make('one.json', { a: 1, b: 2 })
  expect([await readFile(copy.path, 'utf8'), await copy.readPatch()]).toEqual(['{"a":1,"b":2}', undefined])
})

test.each([
  ['written to', (path: string) => writeFile(path, '{"a":2}')],
  ['taken away', (path: string) => rm(path)],
])('a copy that was %s since it was foreseen is written anew', async (_what, touch) => {
  const { memoryDir, foresee, make } = await copies()
  const state = { a: 1 }
  foresee('one.json', state)
  await touch(join(memoryDir, 'one.json'))
  const copy = make('one.json', state)
  expect([await readFile(copy.path, 'utf8'), await copy.readPatch()]).toEqual(['{"a":1}', undefined])
})

test('another file of the same size and time in the place of a copy is read', async () => {
  const { memoryDir, make } = await copies()
  const copy = make('one.json', { a: 1 })
  const { atime, mtime } = await stat(copy.path)
  const other = join(memoryDir, 'other')
  await writeFile(other, '{"a":2}')
  await utimes(other, atime, mtime)
  await rename(other, copy.path)
  expect(await copy.readPatch()).toEqual({ set: { a: 2 }, unset: [] })
})

test('where there is no room in memory a copy lies on the disk', async () => {
  const { diskDir } = await copies()
  const { foresee, make } = createStateCopies({ memoryDir: join(diskDir, 'gone'), diskDir })
  foresee('one.json', {})
  expect(make('one.json', {}).path).toBe(`${diskDir}/one.json`)
})
