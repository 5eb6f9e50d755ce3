import { appendFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { writeLog } from './attemptLogs.testkit'
import { readLevelLines } from './readLevelLines'

const all = { stream: 'all', fromLine: 1, count: 100 } as const

async function texts(choice: Parameters<typeof readLevelLines>[0]): Promise<readonly string[]> {
  return (await readLevelLines(choice)).lines.map(({ number, text }) => `${number} ${text}`)
}

test('only lines from a level on are given, with their numbers among all, and what belongs to them', async () => {
  const { choice } = await writeLog([
    ['stdout', 'start\nINFO one\nWARN two\n  more of two\nDEBUG error three\n'],
    ['stderr', 'Error: four\n    at file.js\nend'],
  ])
  expect(await texts({ ...choice, ...all, level: 'warning' })).toEqual([
    '3 WARN two',
    '4   more of two',
    '6 Error: four',
    '7     at file.js',
  ])
})

test('a level and a stream together leave what is of both', async () => {
  const { choice } = await writeLog([
    ['stdout', 'ERROR out\n'],
    ['stderr', 'ERROR err\n'],
  ])
  expect(await texts({ ...choice, ...all, stream: 'stderr', level: 'error' })).toEqual(['2 ERROR err'])
})

test('a log that grows gets more lines, also where its last one had no end yet', async () => {
  const { choice, path } = await writeLog([['stdout', 'ERROR one\nERR']])
  const before = await texts({ ...choice, ...all, level: 'error' })
  await appendFile(path, 'OR two\nINFO three\nERROR four\n')
  expect([before, await texts({ ...choice, ...all, level: 'error' })]).toEqual([
    ['1 ERROR one', '2 ERR'],
    ['1 ERROR one', '2 ERROR two', '4 ERROR four'],
  ])
})

test.each([1, 2, 700, 1_000])('row %i of a long log is the right one', async (row) => {
  const text = Array.from({ length: 100_000 }, (_, index) => `${index % 100 === 7 ? 'ERROR' : 'INFO'} ${index}\n`)
  const { choice } = await writeLog([['stdout', text.join('')]], { partBytes: 10_007 })
  const ask = () => readLevelLines({ ...choice, ...all, level: 'error', fromLine: row, count: 1 })
  await expect.poll(async () => (await ask()).complete, { timeout: 30_000 }).toBe(true)
  const { lines, totalLines } = await ask()
  expect([totalLines, lines[0]?.text]).toEqual([1_000, `ERROR ${(row - 1) * 100 + 7}`])
})
