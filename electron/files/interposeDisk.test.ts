import fs from 'node:fs'
import { appendFile, open, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { type DiskHooks, interposeDisk } from './interposeDisk.testkit'
import { makeTemporaryFolder } from './temporaryFolder.testkit'

async function hookedFolder(hooks: DiskHooks): Promise<string> {
  const folder = await makeTemporaryFolder()
  onTestFinished(interposeDisk(folder, hooks))
  return folder
}

const ways: Readonly<Record<string, (path: string) => Promise<void>>> = {
  'a handle': async (path) => {
    const handle = await open(path, 'a')
    await handle.write(Buffer.from('-abc-'), 1, 3).finally(() => handle.close())
  },
  'a handle, whole': async (path) => {
    const handle = await open(path, 'w')
    await handle.writeFile('abc').finally(() => handle.close())
  },
  'a promise': (path) => writeFile(path, 'abc'),
  'an appending promise': (path) => appendFile(path, 'abc'),
  'a descriptor': async (path) => {
    const fd = fs.openSync(path, 'a')
    try {
      fs.writeSync(fd, 'abc')
    } finally {
      fs.closeSync(fd)
    }
  },
  'a whole file at once': async (path) => fs.writeFileSync(path, 'abc'),
  'an append at once': async (path) => fs.appendFileSync(path, 'abc'),
  'a callback': (path) => promisify(fs.writeFile)(path, 'abc'),
  'a stream': (path) => pipeline(Readable.from(['abc']), fs.createWriteStream(path)),
}

test.each(Object.keys(ways))('a write by %s passes the hooks', async (way) => {
  const written: string[] = []
  const folder = await hookedFolder({
    after: ({ kind, data }) => void (kind === 'write' && written.push(String(data))),
  })
  await ways[way]?.(join(folder, 'file'))
  expect([written, await readFile(join(folder, 'file'), 'utf8')]).toEqual([['abc'], 'abc'])
})

test.each(Object.keys(ways))('a write by %s can be cut and refused', async (way) => {
  const folder = await hookedFolder({
    before: ({ kind }) =>
      kind === 'write' ? { bytes: 2, end: () => Object.assign(new Error('full'), { code: 'ENOSPC' }) } : undefined,
  })
  await Promise.resolve(ways[way]?.(join(folder, 'file'))).catch(() => undefined)
  expect(await readFile(join(folder, 'file'), 'utf8')).toBe('ab')
})

test.each(Object.keys(ways))('a write by %s can be short', async (way) => {
  const lengths: number[] = []
  const folder = await hookedFolder({
    before: ({ kind }) => (kind === 'write' && lengths.length === 0 ? { bytes: 1 } : undefined),
    after: ({ kind }, bytes) => void (kind === 'write' && lengths.push(bytes)),
  })
  await ways[way]?.(join(folder, 'file'))
  expect(lengths[0]).toBe(1)
})

test('every way to sync a file passes the hooks', async () => {
  const seen: string[] = []
  const folder = await hookedFolder({ before: ({ kind }) => void seen.push(kind) })
  const handle = await open(join(folder, 'file'), 'w')
  await handle.sync()
  await handle.datasync()
  fs.fsyncSync(handle.fd)
  await handle.close()
  const fd = fs.openSync(join(folder, 'file'), 'r+')
  fs.fsyncSync(fd)
  fs.fdatasyncSync(fd)
  await promisify(fs.fsync)(fd)
  fs.closeSync(fd)
  expect(seen).toEqual(['open', 'sync', 'sync', 'sync', 'open', 'sync', 'sync', 'sync'])
})

test('renames tell both names, and what lies elsewhere passes unseen', async () => {
  const seen: string[] = []
  const folder = await hookedFolder({ before: ({ kind, path, from }) => void seen.push(`${kind} ${from} ${path}`) })
  const elsewhere = await makeTemporaryFolder()
  await writeFile(join(elsewhere, 'a'), '')
  fs.writeFileSync(join(folder, 'a'), '')
  seen.length = 0
  await rename(join(folder, 'a'), join(folder, 'b'))
  expect(seen).toEqual([`rename ${join(folder, 'a')} ${join(folder, 'b')}`])
})
