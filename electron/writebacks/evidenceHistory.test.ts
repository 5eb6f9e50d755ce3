import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { HistoryRow } from '../../shared/writebacks'
import { makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { createEvidenceHistory, type EvidenceHistory } from './evidenceHistory'

const everything = { mounts: null, search: '', offset: 0, limit: 100, isOnDisk: () => false }
const dayMs = 24 * 3_600_000

function row(id: string, change: Partial<HistoryRow> = {}): HistoryRow {
  return {
    ...{ id, seenAt: '2026-11-20T10:00:00.000Z', at: null, mount: '/m', key: 'k', path: `/docs/${id}.md` },
    ...{ kind: 'dead-letter', file: `${id}.json`, opId: id, status: 422, message: 'not valid', raw: '{}' },
    ...change,
  }
}

async function open(dataDir: string, now = '2026-11-21T10:00:00Z'): Promise<EvidenceHistory> {
  const history = createEvidenceHistory(dataDir, () => Date.parse(now))
  onTestFinished(() => history.close())
  return history
}

test('rows are kept over lives, once each, the newest first', async () => {
  const dataDir = await makeTemporaryFolder()
  const first = await open(dataDir)
  await first.keep([row('a'), row('b', { seenAt: '2026-11-20T11:00:00.000Z' })])
  const second = await open(dataDir)
  await second.keep([row('a'), row('c', { seenAt: '2026-11-20T12:00:00.000Z' })])
  expect((await first.query(everything)).rows.map(({ id }) => id)).toEqual(['c', 'b', 'a'])
})

test('two writers at once keep everything once', async () => {
  const dataDir = await makeTemporaryFolder()
  const writers = [await open(dataDir), await open(dataDir)]
  const rows = Array.from({ length: 50 }, (_, index) => row(`r${index}`))
  await Promise.all(rows.flatMap((one) => writers.map((writer) => writer.keep([one]))))
  const lines = (await readFile(join(dataDir, 'history/evidence.jsonl'), 'utf8')).trim().split('\n')
  expect([lines.length, (await writers[0]?.query(everything))?.total]).toEqual([50, 50])
})

test('only the user may read it', async () => {
  const dataDir = await makeTemporaryFolder()
  await (await open(dataDir)).keep([row('a')])
  expect((await stat(join(dataDir, 'history/evidence.jsonl'))).mode & 0o777).toBe(0o600)
})

test('what is older than 90 days goes, and nothing else', async () => {
  const dataDir = await makeTemporaryFolder()
  const then = Date.parse('2026-01-01T00:00:00Z')
  const at = (days: number): string => new Date(then + days * dayMs).toISOString()
  await (await open(dataDir, at(1))).keep([row('old', { seenAt: at(0) }), row('new', { seenAt: at(60) })])
  expect((await (await open(dataDir, at(100))).query(everything)).rows.map(({ id }) => id)).toEqual(['new'])
})

test.each([
  ['a path', '/docs/a', ['a']],
  ['any case', 'NOT VALID', ['b', 'a']],
  ['several words', 'valid docs/b', ['b']],
  ['nothing like it', 'zebra', []],
])('it is searched by %s', async (_what, search, ids) => {
  const history = await open(await makeTemporaryFolder())
  await history.keep([row('a'), row('b', { seenAt: '2026-11-20T11:00:00.000Z' })])
  expect((await history.query({ ...everything, search })).rows.map(({ id }) => id)).toEqual(ids)
})

test('a damaged line hides no other', async () => {
  const dataDir = await makeTemporaryFolder()
  await mkdir(join(dataDir, 'history'))
  await writeFile(join(dataDir, 'history/evidence.jsonl'), `{"id":\nnull\n${JSON.stringify(row('a'))}\n`)
  expect((await (await open(dataDir)).query(everything)).rows).toEqual([row('a')])
})

test('a disk that refuses is told, and what comes later is kept', async () => {
  const dataDir = await makeTemporaryFolder()
  await writeFile(join(dataDir, 'history'), 'a file in the way')
  const history = await open(dataDir)
  await history.keep([row('a')])
  expect(history.trouble()?.path).toBe(join(dataDir, 'history/evidence.jsonl'))
})
