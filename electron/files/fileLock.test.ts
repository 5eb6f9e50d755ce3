import { mkdir, readdir, readFile, symlink, utimes, writeFile } from 'node:fs/promises'
import { uptime } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { withFileLock } from './fileLock'
import { interposeDisk } from './interposeDisk.testkit'
import { hostIdentity } from './processIdentity'
import { makeTemporaryFolder } from './temporaryFolder.testkit'

const holder = (change: object): string =>
  JSON.stringify({ token: 'a'.repeat(24), pid: 999_999_999, startTime: 'never', host: hostIdentity, ...change })

test('only one of many callers is inside at a time, and the lock is gone afterwards', async () => {
  const path = join(await makeTemporaryFolder(), 'locks', 'store.lock')
  let inside = 0
  let most = 0
  await Promise.all(
    Array.from({ length: 50 }, () =>
      withFileLock(path, async () => {
        most = Math.max(most, ++inside)
        await readdir(dirname(path))
        inside--
      }),
    ),
  )
  expect({ most, left: await readdir(dirname(path)) }).toEqual({ most: 1, left: [] })
})

test("a dead owner's lock is taken over", async () => {
  const path = join(await makeTemporaryFolder(), 'store.lock')
  await writeFile(path, holder({}))
  expect(await withFileLock(path, async () => 'in')).toBe('in')
})

test('a pid that was used again is not the owner', async () => {
  const path = join(await makeTemporaryFolder(), 'store.lock')
  await writeFile(path, holder({ pid: process.pid, startTime: 'another life' }))
  expect(await withFileLock(path, async () => 'in')).toBe('in')
})

test('takes over also after somebody died in the middle of a take-over', async () => {
  const path = join(await makeTemporaryFolder(), 'store.lock')
  await writeFile(path, holder({}))
  await writeFile(`${path}.${'a'.repeat(24)}`, holder({ token: 'b'.repeat(24) }))
  expect(await withFileLock(path, async () => 'in')).toBe('in')
})

test("a living owner's lock is waited for, then named", async () => {
  const path = join(await makeTemporaryFolder(), 'store.lock')
  await writeFile(path, holder({ pid: process.ppid, startTime: null }))
  await expect(withFileLock(path, async () => 'in', { waitMs: 50 })).rejects.toMatchObject({
    code: 'locked',
    details: { pid: process.ppid },
  })
})

test("another machine's lock is never broken", async () => {
  const path = join(await makeTemporaryFolder(), 'store.lock')
  await writeFile(path, holder({ host: 'elsewhere' }))
  await expect(withFileLock(path, async () => 'in', { waitMs: 50 })).rejects.toMatchObject({ code: 'locked' })
  expect(JSON.parse(await readFile(path, 'utf8')).host).toBe('elsewhere')
})

test('a failing action gives the lock back', async () => {
  const path = join(await makeTemporaryFolder(), 'store.lock')
  await expect(withFileLock(path, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(await withFileLock(path, async () => 'in')).toBe('in')
})

test('a folder that cannot hold a lock is told by its code', async () => {
  const folder = await makeTemporaryFolder()
  await writeFile(join(folder, 'file'), '')
  await mkdir(join(folder, 'x'))
  await expect(withFileLock(join(folder, 'file', 'lock'), async () => 'in')).rejects.toThrow(/ENOTDIR|EEXIST/)
})

test('callers that name the lock by different paths queue all the same', async () => {
  const folder = await makeTemporaryFolder()
  await mkdir(join(folder, 'real'))
  await symlink('real', join(folder, 'link'))
  const order: string[] = []
  await Promise.all(
    ['real', 'link', 'real/../link'].map((name) =>
      withFileLock(`${folder}/${name}/lock`, async () => {
        order.push(`${name} in`)
        await new Promise(setImmediate)
        order.push(`${name} out`)
      }),
    ),
  )
  expect(order.filter((_, index) => index % 2 === 0).map((entry) => entry.replace(' in', ' out'))).toEqual(
    order.filter((_, index) => index % 2 === 1),
  )
})

test('a lock that a power cut left damaged is taken over, one that was damaged since is not', async () => {
  const path = join(await makeTemporaryFolder(), 'store.lock')
  await writeFile(path, '')
  const start = Date.now() / 1000 - uptime()
  const recently = Date.now() / 1000 - 10
  await utimes(path, recently, recently)
  await expect(withFileLock(path, async () => 'in', { waitMs: 50 })).rejects.toThrow('is damaged')
  await utimes(path, start - 60, start - 60)
  expect(await withFileLock(path, async () => 'in')).toBe('in')
})

test.each([{ withLinks: true }, { withLinks: false }])(
  'a lock that does not fit on the disk any more leaves nothing behind ($withLinks links)',
  async ({ withLinks }) => {
    const folder = await makeTemporaryFolder()
    const refused = (code: string) => () => Object.assign(new Error(code), { code })
    const isFull = (path: string): boolean => withLinks || path.endsWith('store.lock')
    onTestFinished(
      interposeDisk(folder, {
        before: ({ kind, path }) => {
          if (kind === 'link' && !withLinks) return { bytes: 0, end: refused('EPERM') }
          return kind === 'write' && isFull(path) ? { bytes: 0, end: refused('ENOSPC') } : undefined
        },
      }),
    )
    const outcome = await withFileLock(join(folder, 'store.lock'), async () => 'in').catch(
      (error: Error) => error.message,
    )
    expect([outcome, await readdir(folder)]).toEqual(['ENOSPC', []])
  },
)
