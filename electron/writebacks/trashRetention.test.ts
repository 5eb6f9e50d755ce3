import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { emptyTrash } from './trashRetention'

const nowMs = Date.parse('2026-11-21T12:00:00Z')
const ended = 'op_0000000000000001'
const open = 'op_0000000000000002'
const unknown = 'op_0000000000000003'
const young = 'op_0000000000000004'

test('after its time the trash of what has ended goes, and nothing that is young, open, or of another name or mount', async () => {
  const [localDir, dataDir] = [await makeTemporaryFolder(), await makeTemporaryFolder()]
  const trash = join(localDir, '.relay', 'rundesk', 'trash')
  const backups = join(dataDir, 'backups')
  for (const root of [trash, backups]) {
    for (const name of [ended, open, unknown, young, 'mine']) {
      const folder = join(root, name)
      await mkdir(folder, { recursive: true })
      await writeFile(join(folder, 'op_1.json'), '{}')
      const seconds = nowMs / 1000 - (name === young ? 29 : 31) * 24 * 3600
      await utimes(folder, seconds, seconds)
    }
  }
  const operations = new Map([
    [ended, { endedAt: '2026-10-01T00:00:00Z' }],
    [young, { endedAt: '2026-11-01T00:00:00Z' }],
    [open, { endedAt: null }],
  ])
  const ledger = { operation: (id: string) => operations.get(id) }
  const removed = await emptyTrash({ localDir, dataDir, ledger }, { days: 30, nowMs })
  expect([removed, (await readdir(trash)).sort(), (await readdir(backups)).sort()]).toEqual([
    3,
    ['mine', open, young],
    ['mine', open, unknown, young],
  ])
})
