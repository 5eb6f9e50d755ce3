import { readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { createLogFile } from './logFile'

test('lines of several writers all stand in the files once, in the order of each, and no file grows for ever', async () => {
  const dir = await makeTemporaryFolder()
  const writers = [0, 1, 2].map(() => createLogFile({ dir, maxBytes: 2_000, files: 100 }))
  for (let round = 0; round < 100; round++) {
    for (const [name, writer] of writers.entries()) writer.append(`${name} ${round}`.padEnd(50, '.'))
    if (round % 5 === 0) await Promise.all(writers.map(({ settled }) => settled()))
  }
  await Promise.all(writers.map(({ settled }) => settled()))
  const lines = (await writers[0]?.newest(1_000))?.map((line) => line.replace(/\.+$/, '')) ?? []
  const sizes = await Promise.all((await readdir(dir)).map(async (name) => (await stat(join(dir, name))).size))
  expect(lines.length).toBe(300)
  for (const name of [0, 1, 2]) {
    const own = lines.filter((line) => line.startsWith(`${name} `))
    expect(own).toEqual(Array.from({ length: 100 }, (_, round) => `${name} ${round}`))
  }
  expect(sizes.length).toBeGreaterThan(5)
  expect(Math.max(...sizes)).toBeLessThan(4_000)
})

test('only so many files are kept, and only the user may read them', async () => {
  const dir = join(await makeTemporaryFolder(), 'logs')
  const log = createLogFile({ dir, maxBytes: 100, files: 3 })
  for (let line = 0; line < 30; line++) {
    log.append(`${line}`.padEnd(60, '.'))
    await log.settled()
  }
  const names = (await readdir(dir)).sort()
  const modes = await Promise.all(names.map(async (name) => (await stat(join(dir, name))).mode & 0o777))
  expect([names, modes, (await stat(dir)).mode & 0o777]).toEqual([
    ['rundesk.1.log', 'rundesk.2.log', 'rundesk.log'],
    [0o600, 0o600, 0o600],
    0o700,
  ])
  expect((await log.newest(1))[0]).toMatch(/^29\./)
})

test('a file that others may read becomes private again', async () => {
  const dir = await makeTemporaryFolder()
  await writeFile(join(dir, 'rundesk.log'), 'old\n', { mode: 0o644 })
  const log = createLogFile({ dir })
  log.append('new')
  await log.settled()
  expect([(await stat(join(dir, 'rundesk.log'))).mode & 0o777, await log.newest(5)]).toEqual([0o600, ['old', 'new']])
})

test('a link in its place is not followed', async () => {
  const dir = await makeTemporaryFolder()
  const elsewhere = join(await makeTemporaryFolder(), 'precious.txt')
  await writeFile(elsewhere, 'precious')
  await symlink(elsewhere, join(dir, 'rundesk.log'))
  const log = createLogFile({ dir })
  log.append('new')
  await log.settled()
  expect(await readFile(elsewhere, 'utf8')).toBe('precious')
})

test('lines that the disk refuses are told of, kept, and written when it takes them again', async () => {
  const dir = await makeTemporaryFolder()
  await writeFile(join(dir, 'logs'), 'a file where the folder should be')
  const log = createLogFile({ dir: join(dir, 'logs') })
  log.append('first')
  await log.settled()
  const trouble = log.trouble()?.message ?? ''
  await rm(join(dir, 'logs'))
  log.append('second')
  await log.settled()
  expect([trouble.includes('rundesk.log cannot be written ('), log.trouble()]).toEqual([true, null])
  expect(await log.newest(5)).toEqual(['first', 'second'])
})

test('a disk that takes nothing for long costs the oldest lines, and nothing else', async () => {
  const dir = await makeTemporaryFolder()
  await writeFile(join(dir, 'logs'), 'a file where the folder should be')
  const log = createLogFile({ dir: join(dir, 'logs') })
  for (let line = 0; line < 2_500; line++) {
    log.append(`${line}`)
    if (line % 900 === 0) await log.settled()
  }
  await log.settled()
  await rm(join(dir, 'logs'))
  log.append('last')
  await log.settled()
  const lines = await log.newest(5_000)
  expect([lines.length, lines[0], lines.at(-1)]).toEqual([1_000, '1501', 'last'])
})
