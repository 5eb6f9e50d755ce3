import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryPath } from '../files/temporaryFiles'
import { makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { createStoreFaults } from './storeFaults'

/** No process has this id: it is above every limit. */
const deadPid = 2 ** 30

async function makeFolder(): Promise<string> {
  const relayDir = join(await makeTemporaryFolder(), '.agent-relay')
  await mkdir(join(relayDir, 'rundesk', 'leases'), { recursive: true })
  return relayDir
}

test('what a dead writer left is found and deleted, what a living one writes is not', async () => {
  const relayDir = await makeFolder()
  const mine = temporaryPath(join(relayDir, 'workflow-runs.jsonl'))
  const left = mine.replace(`-${process.pid}-`, `-${deadPid}-`)
  await Promise.all([writeFile(mine, ''), writeFile(left, '')])
  const faults = createStoreFaults(relayDir)
  const found = await faults.find()
  await faults.repair(found[0] ?? { code: '', path: '' })
  expect([found.map(({ code, path }) => [code, path]), await faults.find(), (await readdir(relayDir)).length]).toEqual([
    [['left_over_file', left]],
    [],
    2,
  ])
})

test('a lock that nobody can read is found once it is not just being made', async () => {
  const relayDir = await makeFolder()
  const lock = join(relayDir, 'rundesk', 'store.lock')
  await writeFile(lock, '{"tok')
  const faults = createStoreFaults(relayDir)
  const early = await faults.find()
  const recently = Date.now() / 1000 - 10
  await utimes(lock, recently, recently)
  const late = await faults.find()
  await faults.repair({ code: 'damaged_lock', path: lock })
  expect([early, late.map(({ code }) => code), await readdir(dirname(lock))]).toEqual([
    [],
    ['damaged_lock'],
    ['leases'],
  ])
})

test('a repair of something that is not wrong is refused', async () => {
  const relayDir = await makeFolder()
  const file = join(relayDir, 'workflow-runs.jsonl')
  await writeFile(file, '')
  const faults = createStoreFaults(relayDir)
  await expect(faults.repair({ code: 'left_over_file', path: file })).rejects.toMatchObject({ code: 'changed' })
  expect(await readdir(relayDir)).toContain('workflow-runs.jsonl')
})
