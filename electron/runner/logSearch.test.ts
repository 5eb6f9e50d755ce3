import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { LogFilter, LogQuery, LogStream } from '../../shared/logs'
import type { LogParts } from './logParts'
import { searchLog } from './logSearch'
import { createLogStreams } from './logStreams'

type Written = readonly (readonly [LogStream, string])[]

const anything: LogQuery = { query: '', regex: false, caseSensitive: false, limit: 500, skip: 0, stream: 'all' }

function makeLog(bytes: Buffer): LogParts {
  return {
    sizeBytes: bytes.length,
    read: async (offset, length, target = Buffer.alloc(length)) =>
      target.subarray(0, bytes.copy(target, 0, offset, offset + length)),
  }
}

function makeStreams(written: Written): ReturnType<typeof createLogStreams> {
  const streams = createLogStreams()
  streams.take(
    written.map(([stream, text]) => `${stream === 'stderr' ? 'e' : 'o'} ${Buffer.byteLength(text)}\n`).join(''),
  )
  return streams
}

function search(
  text: string | Buffer,
  query: Partial<LogQuery> & { readonly pieceBytes?: number },
): ReturnType<typeof searchLog> {
  return searchLog(makeLog(Buffer.from(text)), createLogStreams(), { ...anything, ...query })
}

/** The same by the plainest means: line by line, character by character. */
function searchSlowly(written: Written, { query, stream }: { readonly query: string; readonly stream: LogFilter }) {
  const bytes = Buffer.from(written.map(([, text]) => text).join(''))
  const owners = written.flatMap(([owner, text]) => Array<LogStream>(Buffer.byteLength(text)).fill(owner))
  const counts = (offset: number): boolean => stream === 'all' || owners[offset] === stream
  const hits: { readonly offset: number; readonly line: number; readonly row: number }[] = []
  const errors: { readonly offset: number; readonly line: number; readonly row: number }[] = []
  let [begin, row] = [0, 0]
  const lines = bytes.toString().split('\n')
  lines.forEach((text, index) => {
    if (index === lines.length - 1 && text === '') return
    if (counts(begin)) row++
    const [asked, wanted] = [text.toLowerCase(), query.toLowerCase()]
    for (let at = asked.indexOf(wanted); at !== -1; at = asked.indexOf(wanted, at + wanted.length)) {
      const offset = begin + Buffer.byteLength(text.slice(0, at))
      if (counts(offset)) hits.push({ offset, line: index + 1, row: Math.max(1, row) })
    }
    if (counts(begin) && /\b(?:error|failed)\b/i.test(text)) errors.push({ offset: begin, line: index + 1, row })
    begin += Buffer.byteLength(text) + 1
  })
  begin = row = 0
  lines.forEach((text, index) => {
    if (counts(begin)) row++
    const isLine = index < lines.length - 1 || text !== ''
    if (isLine && counts(begin) && owners[begin] === 'stderr' && errors.length === 0)
      errors.push({ offset: begin, line: index + 1, row })
    begin += Buffer.byteLength(text) + 1
  })
  return { hits, error: errors[0] ?? null }
}

const part = fc.tuple(
  fc.constantFrom<LogStream>('stdout', 'stderr'),
  fc
    .array(
      fc.constantFrom('a', 'b', 'ab', 'ä', 'Ä', '✓', '😀', '\n', ' ', 'error', 'Failed', 'terror', 'x'.repeat(90)),
      {
        minLength: 1,
        maxLength: 12,
      },
    )
    .map((pieces) => pieces.join('')),
)

test.each(['all', 'stdout', 'stderr'] as const)(
  'in pieces of any size the same is found as line by line: %s',
  async (stream) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(part, { maxLength: 30 }),
        fc.constantFrom('a', 'ab', 'Ba', 'ä', 'bä', 'xx', 'error'),
        fc.integer({ min: 128, max: 600 }),
        async (written, query, pieceBytes) => {
          const bytes = Buffer.from(written.map(([, text]) => text).join(''))
          const asked = { ...anything, query, stream, pieceBytes }
          const found = await searchLog(makeLog(bytes), makeStreams(written), asked)
          const told = found.first.map(({ offset, line, row }) => ({ offset, line, row }))
          const { hits, error } = searchSlowly(written, { query, stream })
          expect([found.hits, told]).toEqual([hits.length, hits.slice(0, 500)])
          const errorOffset = found.firstErrorOffset
          expect(errorOffset === null ? null : [errorOffset, found.firstErrorLine, found.firstErrorRow]).toEqual(
            error && [error.offset, error.line, error.row],
          )
        },
      ),
      { numRuns: 300 },
    )
  },
)

test('the first error ends a search for nothing else: what stands behind it is not read', async () => {
  const bytes = Buffer.from(`fatal\n${'fine\n'.repeat(100_000)}`)
  let readTo = 0
  const log: LogParts = {
    sizeBytes: bytes.length,
    read: async (offset, length) => {
      readTo = offset + length
      return bytes.subarray(offset, readTo)
    },
  }
  await searchLog(log, createLogStreams(), { ...anything, pieceBytes: 1000 })
  expect(readTo).toBeLessThanOrEqual(2000)
})

test.each([
  ['\x1b[31merror\x1b[0m: no', 1],
  ['\x1b[1;38;5;196mFATAL\x1b[m', 1],
  ['terror, errors and unfailing', null],
  ['see 5merror', null],
])('colours hide no error, and a part of a word is none: %j', async (line, expected) => {
  expect((await search(line, {})).firstErrorLine).toBe(expected)
})

test.each([
  ['kelvin \u212a K k', 'k', 4],
  ['\u017fo so So', 'so', 3],
  ['straße STRASSE', 'straße', 1],
])('letters that are the same but for their case are found, ASCII or not: %s', async (text, query, hits) => {
  expect((await search(`${text}\n`, { query })).hits).toBe(hits)
})

test('an expression meets the end of a line before its carriage return', async () => {
  const found = await search('one\r\ntwo one\r\n', { query: 'one$', regex: true })
  expect(found.first.map(({ offset, text }) => [offset, text])).toEqual([
    [0, 'one'],
    [9, 'two one'],
  ])
})

test('bytes that are no text hide nothing', async () => {
  const bytes = Buffer.concat([
    Buffer.from([0xff, 0xc3]),
    Buffer.from('wörd '),
    Buffer.from([0x80]),
    Buffer.from('wörd'),
  ])
  expect((await search(bytes, { query: 'wörd', caseSensitive: true })).first.map(({ offset }) => offset)).toEqual([
    2, 9,
  ])
})

test('a hit deep in a long line is told with what stands around it', async () => {
  const found = await search(`${'ä'.repeat(3000)}needle${'b'.repeat(3000)}\n`, { query: 'needle' })
  expect(found.first).toEqual([{ offset: 6000, line: 1, row: 1, text: `${'ä'.repeat(200)}needle${'b'.repeat(194)}` }])
})

test('an expression in a line that is too long may miss something, and that is told', async () => {
  const text = `${'x'.repeat(1000)}\n`
  const told = await Promise.all(
    [400, 2000].map(async (pieceBytes) => (await search(text, { query: 'y', regex: true, pieceBytes })).truncated),
  )
  expect(told).toEqual([true, false])
})

const green = (text: string): string => `\u001b[32m${text}\u001b[0m`

test.each([
  ['INFO worker', { query: 'INFO worker' }],
  ['^INFO', { query: '^INFO w', regex: true }],
  ['in other letters', { query: 'info WORKER' }],
  ['outside of ASCII', { query: 'ärger' }],
])('colours are no part of a line: %s', async (_name, query) => {
  const text = `plain\n${green('INFO')} worker 1\n${green('ÄR')}ger\n${green('INFO')} ${green('worker')} 2\n`
  const { hits, first } = await search(text, query)
  const found = query.query === 'ärger' ? [3] : [2, 4]
  expect({ hits, lines: first.map(({ line }) => line) }).toEqual({ hits: found.length, lines: found })
})

test('a hit behind colours has its place in the log', async () => {
  const text = `${green('a')}${green('b')} c\n`
  const { first } = await search(text, { query: 'c' })
  expect(first.map(({ offset }) => offset)).toEqual([text.indexOf('c')])
})

test('colours can be looked for themselves', async () => {
  expect((await search(`${green('a')} and ${green('b')}\n`, { query: '\u001b[32m' })).hits).toBe(2)
})
