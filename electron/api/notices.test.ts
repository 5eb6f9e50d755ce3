import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Happening } from '../../shared/notices'
import { makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { openNotices } from './notices'

const happening: Happening = {
  ...{ key: 'k', kind: 'run-ended', workspaceId: 'w', workspaceName: 'payments', subject: 'nightly', runId: null },
  ...{ outcome: 'failed', message: 'HTTP 500', cause: null, count: 1 },
}
const open = (dataDir: string) => openNotices({ dataDir, onChange: () => undefined })

test('notices, what was read and what is watched are there after a restart', async () => {
  const dataDir = await makeTemporaryFolder()
  const first = await open(dataDir)
  const { id } = first.add(happening)
  first.add({ ...happening, key: 'other' })
  await first.markRead([id], true)
  await first.watch([{ workspaceId: 'w', runId: 'r', byHand: true }])
  await first.close()
  const second = await open(dataDir)
  await second.close()
  expect([second.list().map(({ key, read }) => [key, read]), [...second.watched('w').keys()], second.unread()]).toEqual(
    [
      [
        ['other', false],
        ['k', true],
      ],
      ['r'],
      1,
    ],
  )
})

test('what two processes add at once is all kept', async () => {
  const dataDir = await makeTemporaryFolder()
  const [here, there] = [await open(dataDir), await open(dataDir)]
  for (let index = 0; index < 20; index++) (index % 2 === 0 ? here : there).add({ ...happening, key: `k${index}` })
  await Promise.all([here.close(), there.close()])
  const { notices } = JSON.parse(await readFile(join(dataDir, 'notices.json'), 'utf8'))
  expect(new Set(notices.map(({ key }: Happening) => key)).size).toBe(20)
})

test('a damaged file is kept aside, and one broken notice hides no other', async () => {
  const dataDir = await makeTemporaryFolder()
  const file = join(dataDir, 'notices.json')
  const before = await open(dataDir)
  before.add(happening)
  await before.close()
  const stored = JSON.parse(await readFile(file, 'utf8'))
  await writeFile(file, JSON.stringify({ ...stored, notices: [{ broken: true }, ...stored.notices] }))
  const notices = await open(dataDir)
  notices.add({ ...happening, key: 'new' })
  await notices.close()
  const aside = (await readdir(dataDir)).filter((name) => name.startsWith('notices.json.corrupt-'))
  expect([notices.list().map(({ key }) => key), aside.length]).toEqual([['new', 'k'], 1])
})

test('a file of a newer Rundesk is not written: notices are kept in memory, and that is told', async () => {
  const dataDir = await makeTemporaryFolder()
  const file = join(dataDir, 'notices.json')
  await writeFile(file, '{"version":2}')
  const notices = await open(dataDir)
  notices.add(happening)
  await notices.settled()
  await notices.close()
  expect([notices.list().length, notices.trouble(), await readFile(file, 'utf8')]).toEqual([
    1,
    expect.stringContaining('newer Rundesk'),
    '{"version":2}',
  ])
})
