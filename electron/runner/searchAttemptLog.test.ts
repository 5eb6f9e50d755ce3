import { appendFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { LogHits, LogQuery } from '../../shared/logs'
import { bundleScript } from '../files/bundledScript.testkit'
import { writeLog } from './attemptLogs.testkit'
import { searchAttemptLog } from './searchAttemptLog'

const here = dirname(fileURLToPath(import.meta.url))

async function search(
  written: Parameters<typeof writeLog>[0],
  query: Partial<LogQuery>,
  { partBytes, limitMs }: { readonly partBytes?: number; readonly limitMs?: number } = {},
): Promise<LogHits> {
  const { choice } = await writeLog(written, partBytes === undefined ? {} : { partBytes })
  return searchAttemptLog({
    ...choice,
    query: { query: '', regex: false, caseSensitive: true, limit: 500, skip: 0, stream: 'all', ...query },
    workerPath: await bundleScript(join(here, 'logSearchWorker.ts')),
    ...(limitMs === undefined ? {} : { limitMs }),
  })
}

test('every occurrence is counted, and as many as wanted are told with place and line', async () => {
  const found = await search([['stdout', 'äab ab\nnone\nxab\n']], { query: 'ab', limit: 2 })
  expect(found).toEqual({
    hits: 3,
    first: [
      { offset: 2, line: 1, row: 1, text: 'äab ab' },
      { offset: 5, line: 1, row: 1, text: 'äab ab' },
    ],
    firstErrorOffset: null,
    firstErrorLine: null,
    firstErrorRow: null,
    sizeBytes: 17,
    truncated: false,
    found: true,
  })
})

test('what is printed to the other stream meanwhile does not tear a line: it is found once, where its line begins', async () => {
  const found = await search(
    [
      ['stdout', 'first\nthe nee'],
      ['stderr', 'a war'],
      ['stdout', 'dle is'],
      ['stderr', 'ning\n'],
      ['stdout', ' here\nlast'],
    ],
    { query: 'needle' },
  )
  expect([found.hits, found.first]).toEqual([1, [{ offset: 20, line: 3, row: 3, text: 'the needle is here' }]])
})

test('characters that mean something in an expression are looked for as they are', async () => {
  expect((await search([['stdout', 'a.b a+b a-b [x](y) \\d\n']], { query: '[x](y) \\d' })).hits).toBe(1)
})

test.each([
  ['ÄRGER', false, 2],
  ['ÄRGER', true, 1],
])('case counts when it is asked for: %s %s', async (query, caseSensitive, hits) => {
  expect((await search([['stdout', 'ÄRGER ärger\n']], { query, caseSensitive })).hits).toBe(hits)
})

test('an expression is matched within lines, and matches of nothing do not count', async () => {
  expect((await search([['stdout', 'a1\nb22\n\nc\n']], { query: '[0-9]*', regex: true })).hits).toBe(2)
})

test('hits beyond those that were told can be asked for, with their place in the log and in the stream', async () => {
  const written = Array.from({ length: 6 }, (_, index): ['stdout' | 'stderr', string] => [
    index % 2 === 0 ? 'stdout' : 'stderr',
    `word ${index}\n`,
  ])
  const found = await search(written, { query: 'word', stream: 'stderr', skip: 1, limit: 1 })
  expect([found.hits, found.first.map(({ line, row }) => [line, row])]).toEqual([3, [[4, 2]]])
})

test('what is passed by in one go counts as lines all the same', async () => {
  const short = 'short\n'.repeat(700_000)
  const found = await search([['stdout', `${'x'.repeat(2_500_000)}\n${short}wörd\n`]], { query: 'wörd' })
  expect(found.first).toEqual([{ offset: 2_500_001 + short.length, line: 700_002, row: 700_002, text: 'wörd' }])
})

test('only the stream that was asked for counts', async () => {
  const written = [
    ['stdout', 'word\n'],
    ['stderr', 'word word\n'],
  ] as const
  const counts = await Promise.all(
    (['all', 'stdout', 'stderr'] as const).map(
      async (stream) => (await search(written, { query: 'word', stream })).hits,
    ),
  )
  expect(counts).toEqual([3, 1, 2])
})

test('what lies across parts of the log and pieces of a long line is found once', async () => {
  const line = `${'x'.repeat(1024 * 1024 - 3)}needle${'x'.repeat(3 * 1024 * 1024)}needle`
  const found = await search([['stdout', line]], { query: 'needle' }, { partBytes: 1_000_003 })
  expect([found.hits, found.first.map(({ offset }) => offset)]).toEqual([2, [1024 * 1024 - 3, line.length - 6]])
})

test('a text that overlaps itself is counted the same in pieces', async () => {
  expect((await search([['stdout', 'a'.repeat(4_000_001)]], { query: 'aa' })).hits).toBe(2_000_000)
})

test('the first line that speaks of an error is told, else the first of stderr', async () => {
  const spoken = await search([['stdout', 'fine\nnpm ERROR here\n']], {})
  const printed = await search(
    [
      ['stdout', 'fine\n'],
      ['stderr', 'oops\n'],
    ],
    {},
  )
  expect([spoken.firstErrorOffset, spoken.firstErrorLine, printed.firstErrorOffset, printed.firstErrorLine]).toEqual([
    5, 2, 5, 2,
  ])
})

test('an expression that never ends is refused', async () => {
  const searching = search([['stdout', `${'a'.repeat(60)}!\n`]], { query: '^(a+)+$', regex: true }, { limitMs: 300 })
  await expect(searching).rejects.toMatchObject({ code: 'refused' })
})

test('an expression that is none is told', async () => {
  await expect(search([['stdout', 'x\n']], { query: '(', regex: true })).rejects.toMatchObject({ code: 'usage' })
})

test('a first error that was written after the last question is found', async () => {
  const { choice, path } = await writeLog([['stdout', 'all is well\n']])
  const query = { query: '', regex: false, caseSensitive: true, limit: 0, skip: 0, stream: 'all' } as const
  const workerPath = await bundleScript(join(here, 'logSearchWorker.ts'))
  const before = await searchAttemptLog({ ...choice, query, workerPath })
  await appendFile(path, 'error: disk is full\n')
  const after = await searchAttemptLog({ ...choice, query, workerPath })
  expect([before, after].map(({ firstErrorRow }) => firstErrorRow)).toEqual([null, 2])
})

test('a first error is told again without a thread that looks for it', async () => {
  const { choice } = await writeLog([['stdout', 'well\nerror: disk is full\n']])
  const query = { query: '', regex: false, caseSensitive: true, limit: 0, skip: 0, stream: 'all' } as const
  const found = await searchAttemptLog({
    ...choice,
    query,
    workerPath: await bundleScript(join(here, 'logSearchWorker.ts')),
  })
  expect(await searchAttemptLog({ ...choice, query, workerPath: join(here, 'no such script') })).toEqual(found)
})
