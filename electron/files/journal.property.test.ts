import { appendFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createJournal, type Journal } from './journal'
import { lineText } from './lineReader'
import { makeTemporaryFolder } from './temporaryFolder.testkit'

interface SeenLine {
  readonly number: number
  readonly offset: number
  readonly length: number
  readonly text: string
}

function openJournal(path: string): { readonly journal: Journal; readonly lines: SeenLine[] } {
  const lines: SeenLine[] = []
  const journal = createJournal({
    path,
    onLine: (line) => {
      const { number, offset, length } = line
      lines.push({ number, offset, length, text: lineText(line) })
    },
    onReset: () => lines.push({ number: -1, offset: 0, length: 0, text: 'reset' }),
  })
  return { journal, lines }
}

/** The complete lines of a text, as plainly as it can be said. */
function linesOf(text: string): readonly SeenLine[] {
  let offset = 0
  return text
    .split('\n')
    .slice(0, -1)
    .map((line, index) => {
      const seen = { number: index + 1, offset, length: Buffer.byteLength(line), text: line }
      offset += seen.length + 1
      return seen
    })
}

let files = 0
/** Feeds the parts one after the other to a file that is read after each. */
async function readInParts(folder: string, parts: readonly Buffer[]): Promise<readonly SeenLine[]> {
  const path = join(folder, `${files++}.jsonl`)
  const { journal, lines } = openJournal(path)
  for (const part of parts) {
    await appendFile(path, part)
    await journal.refresh()
  }
  await journal.close()
  return lines
}

const line = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc.integer({ min: 0, max: 3_000 }).map((length) => 'é'.repeat(length)),
)

test('however the bytes arrive, the same lines are read, each once', async () => {
  const folder = await makeTemporaryFolder()
  const cut = fc.double({ min: 0, max: 1, noNaN: true })
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 8 }), fc.array(cut, { maxLength: 6 }), async (lines, cuts) => {
      const text = lines.map((one) => `${one.replaceAll('\n', ' ')}\n`).join('')
      const bytes = Buffer.from(text)
      const places = [0, ...cuts.map((one) => Math.floor(one * bytes.length)).sort((a, b) => a - b), bytes.length]
      const parts = places.slice(1).map((end, index) => bytes.subarray(places[index], end))
      expect(await readInParts(folder, parts)).toEqual(linesOf(text))
    }),
    { numRuns: 150 },
  )
})

const sample = '{"ä":1}\r\n\n{"b":"😀"}\nlast\n'

test('torn at any two bytes, the same lines are read', async () => {
  const folder = await makeTemporaryFolder()
  const bytes = Buffer.from(sample)
  for (let first = 0; first <= bytes.length; first++) {
    for (let second = first; second <= bytes.length; second++) {
      const parts = [bytes.subarray(0, first), bytes.subarray(first, second), bytes.subarray(second)]
      expect(await readInParts(folder, parts), `torn at ${first} and ${second}`).toEqual(linesOf(sample))
    }
  }
})

test('torn at any byte, a line appended behind it stands whole and is not glued to what was torn', async () => {
  const folder = await makeTemporaryFolder()
  const bytes = Buffer.from(sample)
  for (let end = 0; end <= bytes.length; end++) {
    const path = join(folder, `${files++}.jsonl`)
    const torn = bytes.subarray(0, end)
    await writeFile(path, torn)
    const { journal, lines } = openJournal(path)
    await journal.refresh()
    await journal.append(['ours'], 'written')
    await journal.refresh()
    await journal.close()
    const ended = torn.length === 0 || torn.at(-1) === 0x0a
    const expected = linesOf(`${torn.toString('utf8')}${ended ? '' : '\n'}ours\n`).map(({ text }) => text)
    expect(
      lines.map(({ text }) => text),
      `torn at ${end}`,
    ).toEqual(expected)
  }
})
