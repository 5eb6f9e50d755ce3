import { appendFileSync } from 'node:fs'
import { appendFile, readdir, readFile, readlink, rename, rm, truncate, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { makeFaultyDisk } from './faultyDisk.testkit'
import { interposeDisk } from './interposeDisk.testkit'
import { createJournal, type Journal } from './journal'
import { lineText } from './lineReader'
import { makeTemporaryFolder } from './temporaryFolder.testkit'

async function openJournal(
  content?: string | Uint8Array,
  at?: string,
): Promise<{ path: string; journal: Journal; lines: string[] }> {
  const path = at ?? join(await makeTemporaryFolder(), 'runs.jsonl')
  if (content !== undefined) await writeFile(path, content)
  const lines: string[] = []
  const journal = createJournal({
    path,
    onLine: (line) => lines.push(`${line.number}${line.cut ? ' cut' : ''} ${lineText(line)}`),
    onReset: () => lines.push('reset'),
    onPlaced: (text, { number }) => lines.push(`${number} ${text}`),
  })
  onTestFinished(journal.close)
  return { path, journal, lines }
}

test('gives complete lines once, also those that others append later', async () => {
  const { path, journal, lines } = await openJournal('a\nb\nto')
  await journal.refresh()
  await appendFile(path, 'rn\nc\n')
  await journal.refresh()
  await journal.refresh()
  expect(lines).toEqual(['1 a', '2 b', '3 torn', '4 c'])
})

test('a missing file is empty, and read when it appears', async () => {
  const { path, journal, lines } = await openJournal()
  await journal.refresh()
  await writeFile(path, 'a\n')
  await journal.refresh()
  expect(lines).toEqual(['1 a'])
})

test('starts again when the file was truncated', async () => {
  const { path, journal, lines } = await openJournal('long line\n')
  await journal.refresh()
  await truncate(path, 0)
  await appendFile(path, 'b\n')
  await journal.refresh()
  expect(lines).toEqual(['1 long line', 'reset', '1 b'])
})

test('starts again when the file was replaced by one of the same size', async () => {
  const { path, journal, lines } = await openJournal('a\n')
  await journal.refresh()
  await writeFile(`${path}.new`, 'b\n')
  await rename(`${path}.new`, path)
  await journal.refresh()
  expect(lines).toEqual(['1 a', 'reset', '1 b'])
})

test('starts again when the file was removed and made again, longer, even when the system uses its inode again', async () => {
  const { path, journal, lines } = await openJournal('a\n')
  await journal.refresh()
  await rm(path)
  await writeFile(path, 'b\nc\n')
  await journal.refresh()
  expect(lines).toEqual(['1 a', 'reset', '1 b', '2 c'])
})

test('starts again when the file was written anew in place, longer', async () => {
  const { path, journal, lines } = await openJournal('a\n')
  await journal.refresh()
  await writeFile(path, 'b\nc\n')
  await journal.refresh()
  expect(lines).toEqual(['1 a', 'reset', '1 b', '2 c'])
})

test('starts again when the file was written anew in place, as long as before', async () => {
  const { path, journal, lines } = await openJournal('a\nb\n')
  await journal.refresh()
  await writeFile(path, 'a\nc\n')
  await journal.refresh()
  expect(lines).toEqual(['1 a', '2 b', 'reset', '1 a', '2 c'])
})

test('starts again when the file was written anew in place, as long as before, also where an earlier reader came to', async () => {
  const { path, journal } = await openJournal('a\nb\n')
  await journal.refresh()
  const position = journal.position()
  const later = await openJournal(undefined, path)
  if (!position) throw new Error('It was read')
  later.journal.goOn({ ...position, mtimeMs: 0 })
  await later.journal.refresh()
  await writeFile(path, 'a\nc\n')
  await later.journal.refresh()
  expect(later.lines).toEqual(['reset', '1 a', '2 c'])
})

test('ends a torn line before it appends', async () => {
  const { path, journal, lines } = await openJournal('a\n{"half')
  await journal.refresh()
  const result = await journal.append(['b', 'c'], 'synced')
  await journal.refresh()
  expect({ result, text: await readFile(path, 'utf8'), lines }).toEqual({
    result: { written: 2, error: undefined },
    text: 'a\n{"half\nb\nc\n',
    lines: ['1 a', '2 {"half', '3 b', '4 c'],
  })
})

test('cuts the long strings of a very long line, so that the rest still parses', async () => {
  const long = JSON.stringify({ id: 'x', output: `${'ä"\\\n'.repeat(400_000)}`, status: 'completed' })
  const { journal, lines } = await openJournal(`${long}\n{"id":"y"}\n`)
  await journal.refresh()
  const [first = '', second] = lines
  const row = JSON.parse(first.slice('1 cut '.length))
  expect({ id: row.id, status: row.status, kept: row.output.length > 0 && row.output.length < 5000, second }).toEqual({
    id: 'x',
    status: 'completed',
    kept: true,
    second: '2 {"id":"y"}',
  })
})

test('a very long line of garbage is given as empty and does not hide the next', async () => {
  const { journal, lines } = await openJournal(Buffer.concat([Buffer.alloc(9_000_000, 0x7b), Buffer.from('\nb\n')]))
  await journal.refresh()
  expect(lines).toEqual(['1 cut ', '2 b'])
})

test('lines that span read buffers are put together byte by byte', async () => {
  const text = Array.from({ length: 300 }, (_, index) => 'é€😀'.repeat(index * 3)).join('\n')
  const { journal, lines } = await openJournal(`${text}\n`)
  await journal.refresh()
  expect(lines).toEqual(text.split('\n').map((line, index) => `${index + 1} ${line}`))
})

test('a refused write tells its error and how many lines stand', async () => {
  const { journal } = await openJournal('')
  const folder = await makeTemporaryFolder()
  const other = createJournal({ path: folder, onLine: () => undefined, onReset: () => undefined })
  expect(await other.append(['a'], 'written')).toMatchObject({ written: 0, error: { code: 'EISDIR' } })
  await expect(other.refresh()).rejects.toThrow()
  await journal.refresh()
})

test('concurrent appends of several journals on one file all land whole', async () => {
  const { path, journal, lines } = await openJournal('')
  const others = Array.from({ length: 4 }, () =>
    createJournal({ path, onLine: () => undefined, onReset: () => undefined }),
  )
  await Promise.all(
    others.flatMap((other, writer) =>
      Array.from({ length: 50 }, (_, n) => other.append([`${writer}-${n}-${'x'.repeat(2000)}`], 'written')),
    ),
  )
  await journal.refresh()
  expect(new Set(lines.map((line) => line.split(' ')[1]?.split('-').slice(0, 2).join('-'))).size).toBe(200)
})

test('where a line of ours stands is told only when nobody wrote in between', async () => {
  const path = join(await makeTemporaryFolder(), 'j.jsonl')
  const told: string[] = []
  let comesBetween = false
  const undo = interposeDisk(dirname(path), {
    before: ({ kind }) => {
      if (!comesBetween || kind !== 'write') return undefined
      comesBetween = false
      appendFileSync(path, 'of another\n')
      return undefined
    },
  })
  onTestFinished(undo)
  const journal = createJournal({
    path,
    onLine: ({ offset }) => told.push(`read at ${offset}`),
    onReset: () => told.push('reset'),
    onPlaced: (text, { offset }) => told.push(`${text} placed at ${offset}`),
  })
  await journal.append(['first'], 'written')
  await journal.refresh()
  await journal.append(['alone'], 'written')
  comesBetween = true
  await journal.append(['late'], 'written')
  const toldByAppend = [...told]
  await journal.refresh()
  await journal.close()
  expect([toldByAppend, told.slice(toldByAppend.length)]).toEqual([
    ['first placed at 0', 'alone placed at 6'],
    ['read at 12', 'read at 23'],
  ])
})

test('a read ahead that fails while lines are being taken is told by the refresh, and by nothing else', async () => {
  const path = join(await makeTemporaryFolder(), 'runs.jsonl')
  await writeFile(path, `${'x'.repeat(200_000)}\n`.repeat(15))
  const disk = makeFaultyDisk(path)
  const unhandled: unknown[] = []
  const note = (reason: unknown): unknown => unhandled.push(reason)
  process.on('unhandledRejection', note)
  onTestFinished(() => {
    disk.stop()
    process.off('unhandledRejection', note)
  })
  const busy = (): void => {
    for (const end = performance.now() + 15; performance.now() < end; );
  }
  const journal = createJournal({ path, onLine: busy, onReset: () => undefined })
  disk.refuse({ call: 'read', code: 'EIO', room: 2 })
  await expect(journal.refresh()).rejects.toThrow('EIO')
  await journal.close()
  expect(unhandled).toEqual([])
})

test.runIf(process.platform === 'linux')('leaves no file open, however many read it at the same time', async () => {
  const { path, journal } = await openJournal('abc\n')
  const reads = await Promise.all([0, 1, 2].map((offset) => journal.readBytes({ offset, length: 1 })))
  expect(reads.map(String)).toEqual(['a', 'b', 'c'])
  await journal.close()
  const open = await Promise.all(
    (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')),
  )
  expect(open).not.toContain(path)
})
