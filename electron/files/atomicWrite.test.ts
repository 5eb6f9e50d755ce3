import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'
import { writeFileAtomic } from './atomicWrite'
import { temporaryPath } from './temporaryFiles'
import { makeTemporaryFolder } from './temporaryFolder.testkit'

test('replaces the content, keeps the mode, and leaves no temporary file', async () => {
  const folder = await makeTemporaryFolder()
  const file = join(folder, 'index.json')
  await writeFile(file, 'old')
  await chmod(file, 0o640)
  await writeFileAtomic(file, 'new')
  expect({
    text: await readFile(file, 'utf8'),
    mode: (await stat(file)).mode & 0o777,
    names: await readdir(folder),
  }).toEqual({
    text: 'new',
    mode: 0o640,
    names: ['index.json'],
  })
})

test('writes through a symlink', async () => {
  const folder = await makeTemporaryFolder()
  await writeFile(join(folder, 'real'), 'old')
  await symlink('real', join(folder, 'link'))
  await writeFileAtomic(join(folder, 'link'), 'new')
  expect([await readFile(join(folder, 'real'), 'utf8'), await readFile(join(folder, 'link'), 'utf8')]).toEqual([
    'new',
    'new',
  ])
})

test('a failed write leaves the old content and no temporary file', async () => {
  const folder = await makeTemporaryFolder()
  await mkdir(join(folder, 'taken'))
  await writeFile(join(folder, 'taken', 'inside'), '')
  await expect(writeFileAtomic(join(folder, 'taken'), 'x')).rejects.toThrow()
  expect(await readdir(folder)).toEqual(['taken'])
})

test('removes at its first write what dead writers left, and nothing else', async () => {
  const folder = await makeTemporaryFolder()
  const mine = basename(temporaryPath(join(folder, 'a')))
  const dead = mine.replace(`-${process.pid}-`, '-999999999-')
  const elsewhere = '.a.tmp-999999999-0123456789abcdef'
  for (const name of [mine, dead, elsewhere, 'a.tmp']) await writeFile(join(folder, name), '')
  await writeFileAtomic(join(folder, 'a'), 'new')
  expect((await readdir(folder)).sort()).toEqual([mine, elsewhere, 'a', 'a.tmp'].sort())
})

test('readers never see half a file while writers race', async () => {
  const file = join(await makeTemporaryFolder(), 'doc.json')
  const bodies = Array.from({ length: 20 }, (_, index) => JSON.stringify({ index, text: 'x'.repeat(50_000) }))
  await writeFileAtomic(file, bodies[0] ?? '')
  let writing = true
  const writers = Promise.all(bodies.map((body) => writeFileAtomic(file, body))).then(() => (writing = false))
  while (writing) expect(bodies).toContain(await readFile(file, 'utf8'))
  await writers
})
