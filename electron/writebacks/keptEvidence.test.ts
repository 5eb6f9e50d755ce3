import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { eventually, makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { makeMount, makeOutboxRecord } from './mountDesk.testkit'
import { body, everything, letters, openDesk } from './openDesk.testkit'

test('evidence that another tool prunes is still told', async () => {
  const mount = await makeMount({
    ...letters(2),
    '.relay/outbox/pending/m.json': makeOutboxRecord({ remotePath: '/linear/0.md', content: 'SECRET CONTENT' }),
  })
  const dataDir = await makeTemporaryFolder()
  const desk = await openDesk([mount], { dataDir })
  const before = (await desk.history(everything)).total
  await rm(join(mount, '.relay/dead-letter'), { recursive: true })
  const after = await eventually('the records to be missed', async () => {
    const page = await desk.history(everything)
    return page.total === 2 ? page : undefined
  })
  const [item] = (await desk.query(everything)).items
  const { attempts } = await desk.get(item?.key ?? '')
  const kept = await readFile(join(dataDir, 'history', 'evidence.jsonl'), 'utf8')
  expect([
    before,
    after.rows.map(({ kind, path, status }) => [kind, path, status]).sort(),
    attempts.map(({ source }) => source).sort(),
    kept.includes('SECRET CONTENT'),
  ]).toEqual([
    0,
    [
      ['dead-letter', '/linear/0.md', 422],
      ['dead-letter', '/linear/1.md', 422],
    ],
    ['history', 'outbox'],
    false,
  ])
})

test('evidence is kept once, whoever sees it', async () => {
  const mount = await makeMount(letters(3))
  const dataDir = await makeTemporaryFolder()
  for (let life = 0; life < 3; life++) {
    const desk = await openDesk([mount], { dataDir })
    await desk.close()
  }
  const lines = (await readFile(join(dataDir, 'history', 'evidence.jsonl'), 'utf8')).trim().split('\n')
  expect(lines.length).toBe(3)
})

test('no token is kept, shown or found', async () => {
  const token = 'eyJhbGciOiJSUzI1NiJ9.eyJ3a3MiOiJ3c19hIn0.c2lnbmF0dXJl'
  const mount = await makeMount(letters(1, () => ({ lastBody: body(`denied for Bearer ${token}`) })))
  const dataDir = await makeTemporaryFolder()
  const desk = await openDesk([mount], { dataDir })
  const page = await desk.query(everything)
  const detail = await desk.get(page.items[0]?.key ?? '')
  await desk.close()
  const kept = await readFile(join(dataDir, 'history', 'evidence.jsonl'), 'utf8')
  expect([JSON.stringify([page, detail]), kept].map((text) => text.includes(token))).toEqual([false, false])
})
