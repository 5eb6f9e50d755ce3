import { appendFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { writeLog } from './attemptLogs.testkit'
import { readLogLines } from './readLogLines'

test('lines are given by number with their stream and place', async () => {
  const { choice } = await writeLog([
    ['stdout', 'eins\nzw'],
    ['stderr', 'drei\n\n'],
    ['stdout', 'ei\r\n'],
    ['stderr', 'fünf'],
  ])
  expect(await readLogLines({ ...choice, fromLine: 2, count: 10 })).toEqual({
    lines: [
      { number: 2, offset: 5, stream: 'stderr', text: 'drei', cut: false },
      { number: 3, offset: 10, stream: 'stderr', text: '', cut: false },
      { number: 4, offset: 11, stream: 'stdout', text: 'zwei', cut: false },
      { number: 5, offset: 17, stream: 'stderr', text: 'fünf', cut: false },
    ],
    totalLines: 5,
    complete: true,
    sizeBytes: 22,
    found: true,
  })
})

test.each([1, 255, 256, 257, 3_000, 99_999])('line %i of many is the right one', async (wanted) => {
  const text = Array.from({ length: 100_000 }, (_, index) => `${index + 1}\n`).join('')
  const { choice } = await writeLog([['stdout', text]], { partBytes: 10_007 })
  const { lines } = await readLogLines({ ...choice, fromLine: wanted, count: 2 })
  expect(lines.map(({ number, text: line }) => [number, line])).toEqual([
    [wanted, String(wanted)],
    [wanted + 1, String(wanted + 1)],
  ])
})

test('a log that grows gets more lines', async () => {
  const { choice, path } = await writeLog([['stdout', 'one\ntw']])
  const before = await readLogLines({ ...choice, fromLine: 1, count: 10 })
  await appendFile(path, 'o\nthree\n')
  const after = await readLogLines({ ...choice, fromLine: 1, count: 10 })
  expect([before.lines.map(({ text }) => text), after.lines.map(({ text }) => text), after.totalLines]).toEqual([
    ['one', 'tw'],
    ['one', 'two', 'three'],
    3,
  ])
})

test('a line of any length is cut, and the next one is right', async () => {
  const { choice } = await writeLog([['stdout', `${'x'.repeat(3_000_000)}\nnext\n`]])
  const { lines } = await readLogLines({ ...choice, fromLine: 1, count: 5 })
  expect(lines.map(({ text, cut, offset }) => [text.length, cut, offset])).toEqual([
    [16 * 1024, true, 0],
    [4, false, 3_000_001],
  ])
})

test('lines behind the end and logs that are not there are told', async () => {
  const { choice } = await writeLog([['stdout', 'one\n']])
  const behind = await readLogLines({ ...choice, fromLine: 5, count: 5 })
  const missing = await readLogLines({ ...choice, stepName: 'other', fromLine: 1, count: 5 })
  expect([behind.lines, behind.totalLines, missing.found]).toEqual([[], 1, false])
})

test('the lines of one stream are counted by themselves and keep their number in the log', async () => {
  const { choice } = await writeLog(
    Array.from({ length: 2_000 }, (_, index): ['stdout' | 'stderr', string] => [
      index % 4 === 3 ? 'stderr' : 'stdout',
      `line ${index + 1}\n`,
    ]),
  )
  const page = await readLogLines({ ...choice, fromLine: 300, count: 2, stream: 'stderr' })
  expect([page.totalLines, page.complete, page.lines.map(({ number, text }) => [number, text])]).toEqual([
    500,
    true,
    [
      [1200, 'line 1200'],
      [1204, 'line 1204'],
    ],
  ])
})
