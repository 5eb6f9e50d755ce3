import { createHash } from 'node:crypto'
import { appendFile, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { eventually } from '../files/temporaryFolder.testkit'
import { openAttemptLog } from './attemptLog'
import { writeLog } from './attemptLogs.testkit'
import { copyStdout } from './copyStdout'
import { type LogChoice, readAttemptLog } from './readAttemptLog'

/** All pages of a log, of so many bytes each. */
async function readPages(choice: LogChoice, maxBytes: number): Promise<readonly string[]> {
  const pages: string[] = []
  for (let offset = 0; ; ) {
    const page = await readAttemptLog({ ...choice, offset, maxBytes })
    if (page.nextOffset === offset) return pages
    pages.push(page.text)
    offset = page.nextOffset
  }
}

test.each([4, 5, 6, 7])('pages of %i bytes never split a character', async (maxBytes) => {
  const text = 'aä€😀b😀€äa'.repeat(5)
  const { choice } = await writeLog([['stdout', text]])
  const pages = await readPages(choice, maxBytes)
  expect([pages.join(''), pages.some((page) => page.includes('\uFFFD'))]).toEqual([text, false])
})

test('a character that is still being printed is shown when it is whole', async () => {
  const { choice, path } = await writeLog([['stdout', Buffer.from('ab€').subarray(0, 4)]], { finish: false })
  const first = await eventually('the log', async () => {
    const page = await readAttemptLog({ ...choice, offset: 0, maxBytes: 100 })
    return page.sizeBytes === 4 ? page : undefined
  })
  await appendFile(path, Buffer.from('€').subarray(2))
  const second = await readAttemptLog({ ...choice, offset: first.nextOffset, maxBytes: 100 })
  expect([first.text, second.text]).toEqual(['ab', '€'])
})

test('a log that ends inside a character is shown to its end', async () => {
  const { choice } = await writeLog([['stdout', Buffer.from('ab€').subarray(0, 4)]])
  const page = await readAttemptLog({ ...choice, offset: 0, maxBytes: 100 })
  expect([page.text, page.nextOffset]).toEqual(['ab\uFFFD', 4])
})

test('a page tells which of its bytes are stdout and which stderr', async () => {
  const { choice } = await writeLog([
    ['stdout', 'one'],
    ['stdout', 'tw\n'],
    ['stderr', 'oop\n'],
    ['stdout', 'three'],
  ])
  expect((await readAttemptLog({ ...choice, offset: 4, maxBytes: 8 })).streams).toEqual([
    ['stdout', 2],
    ['stderr', 4],
    ['stdout', 2],
  ])
})

test('a log over the size of a part goes on in another file and is read as one', async () => {
  const text = Array.from({ length: 40 }, (_, index) => `line ${index} äöü\n`).join('')
  const { choice, facts, path } = await writeLog(
    [...text].map((character) => ['stdout', character]),
    { partBytes: 100 },
  )
  const files = (await readdir(dirname(path))).filter((name) => name.endsWith('.log'))
  expect({ files: files.length, text: (await readPages(choice, 64)).join(''), facts }).toEqual({
    files: Math.ceil(Buffer.byteLength(text) / 100),
    text,
    facts: {
      file: join('logs', 'run', 'step.1.log'),
      bytes: Buffer.byteLength(text),
      sha256: createHash('sha256').update(text).digest('hex'),
      stdoutBytes: Buffer.byteLength(text),
    },
  })
})

test('the newest attempt is meant when none is named, also beside parts of older ones', async () => {
  const { choice, path } = await writeLog([['stdout', 'x'.repeat(250)]], { partBytes: 100 })
  await writeFile(path.replace('step.1.log', 'step.2.log'), 'newest')
  await writeFile(path.replace('step.1.log', 'other.9.log'), 'other')
  const page = await readAttemptLog({ ...choice, attempt: null, offset: 0, maxBytes: 100 })
  expect(page.text).toBe('newest')
})

test('stdout is copied across the parts of a log, without stderr', async () => {
  const { choice, facts, path } = await writeLog(
    [
      ['stdout', 'a'.repeat(70)],
      ['stderr', 'e'.repeat(70)],
      ['stdout', 'b'.repeat(70)],
    ],
    { partBytes: 50 },
  )
  const to = `${path}.copy`
  await copyStdout({ rundeskDir: choice.rundeskDir, log: facts ?? { file: '', stdoutBytes: 0 }, to })
  expect(await readFile(to, 'utf8')).toBe('a'.repeat(70) + 'b'.repeat(70))
})

test.each([
  ['late', 'prompt: '],
  ['far', 'x'.repeat(70_000)],
])('a line whose end is %s is in the log before it ends', async (_how, begun) => {
  const { choice } = await writeLog([['stdout', begun]], { finish: false })
  const text = await eventually('the begun line', async () => {
    const read = (await readPages(choice, 100_000)).join('')
    return read === begun ? read : undefined
  })
  expect(text).toBe(begun)
})

test('a log that cannot be written is told by having no facts', async () => {
  const { choice, path } = await writeLog([['stdout', 'x']])
  await writeFile(join(choice.rundeskDir, 'blocked'), '')
  const log = openAttemptLog(join(choice.rundeskDir, 'blocked'), 'logs/run/step.1.log')
  log.write(Buffer.from('lost'), 'stdout')
  expect([await log.finish(), await readFile(path, 'utf8')]).toEqual([null, 'x'])
})
