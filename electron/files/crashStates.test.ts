import { mkdir, readFile, utimes, writeFile } from 'node:fs/promises'
import { uptime } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { writeFileAtomic } from './atomicWrite'
import { type CrashState, crashStates, restoreState } from './crashStates.testkit'
import { traceDisk } from './diskTrace.testkit'
import { withFileLock } from './fileLock'
import { createJournal } from './journal'
import { lineText } from './lineReader'
import { makeTemporaryFolder } from './temporaryFolder.testkit'

/** Looks at every state that a power cut may leave; gives what is wrong with each, and how many there were. */
async function tryStates(
  act: (folder: string, acknowledge: (id: string) => void) => Promise<void>,
  check: (folder: string, state: CrashState) => Promise<readonly string[]>,
): Promise<{ readonly wrong: readonly string[]; readonly states: number }> {
  const folder = await makeTemporaryFolder()
  const events = await traceDisk(folder, (acknowledge) => act(folder, acknowledge))
  const wrong: string[] = []
  let states = 0
  for (const state of crashStates(events)) {
    const place = join(await makeTemporaryFolder(), 'disk')
    await mkdir(place)
    await restoreState(place, state)
    for (const text of await check(place, state)) wrong.push(`after ${state.after} events: ${text}`)
    states++
  }
  return { wrong, states }
}

async function openJournal(
  path: string,
): Promise<{ readonly journal: ReturnType<typeof createJournal>; readonly lines: string[] }> {
  const lines: string[] = []
  const journal = createJournal({
    path,
    onLine: (line) => lines.push(lineText(line)),
    onReset: () => lines.push('reset'),
  })
  await journal.refresh()
  return { journal, lines }
}

const journalOf = (folder: string): string => join(folder, 'relay', 'runs.jsonl')
const line = (id: string): string => `${id} ${'x'.repeat(20)}`

/** Acknowledged synced lines stand, whole and once, and the next line is not glued to anything. */
async function checkJournal(folder: string, { acknowledged }: CrashState): Promise<readonly string[]> {
  const { journal, lines } = await openJournal(journalOf(folder))
  const next = await journal.append(['next'], 'synced')
  await journal.refresh()
  await journal.close()
  const counts = acknowledged.map((id) => [id, lines.filter((one) => one === line(id)).length] as const)
  return [
    ...counts.flatMap(([id, count]) => (count === 1 ? [] : [`${id} stands ${count} times`])),
    ...(next.error === undefined && lines.at(-1) === 'next' ? [] : ['the next line is lost']),
  ]
}

test('a power cut loses no line that a journal has acknowledged as synced', async () => {
  const { wrong, states } = await tryStates(async (folder, acknowledge) => {
    const { journal } = await openJournal(journalOf(folder))
    for (const id of ['a', 'b']) {
      await journal.append([line(id)], 'synced')
      acknowledge(id)
    }
    for (const id of ['c', 'd']) await journal.append([line(id)], 'written')
    await journal.append([line('e')], 'synced')
    for (const id of ['c', 'd', 'e']) acknowledge(id)
    await journal.close()
  }, checkJournal)
  expect(wrong).toEqual([])
  expect(states).toBeGreaterThan(40)
})

test('a power cut loses no synced line of a file that another process made and did not sync', async () => {
  const { wrong } = await tryStates(async (folder, acknowledge) => {
    const other = await openJournal(journalOf(folder))
    await other.journal.append([line('z')], 'written')
    const { journal } = await openJournal(journalOf(folder))
    await journal.append([line('a')], 'synced')
    acknowledge('a')
    await journal.close()
    await other.journal.close()
  }, checkJournal)
  expect(wrong).toEqual([])
})

test('a power cut leaves the old or the new content of a whole-file write, and the new one once it was acknowledged', async () => {
  const contents = ['', 'one'.repeat(9), 'two'.repeat(7), 'three'.repeat(5)]
  const { wrong, states } = await tryStates(
    async (folder, acknowledge) => {
      for (const [index, content] of contents.entries()) {
        if (content === '') continue
        await writeFileAtomic(join(folder, 'index.json'), content)
        acknowledge(String(index))
      }
    },
    async (folder, { acknowledged }) => {
      const found = await readFile(join(folder, 'index.json'), 'utf8').catch(() => '')
      const index = contents.indexOf(found)
      return index >= Number(acknowledged.at(-1) ?? 0) ? [] : [`${JSON.stringify(found)} after ${acknowledged}`]
    },
  )
  expect(wrong).toEqual([])
  expect(states).toBeGreaterThan(15)
})

test('a power cut leaves no lock that stands in the way for ever', async () => {
  const { wrong } = await tryStates(
    async (folder, acknowledge) => withFileLock(join(folder, 'store.lock'), async () => acknowledge('held')),
    async (folder, { files }) => {
      const lock = files.get('store.lock')
      if (!lock) return []
      // Its holder ended with the machine, before this machine was started again.
      await writeFile(join(folder, 'store.lock'), lock.toString('utf8').replace(/"pid":\d+/, '"pid":999999999'))
      const before = Date.now() / 1000 - uptime() - 60
      await utimes(join(folder, 'store.lock'), before, before)
      return withFileLock(join(folder, 'store.lock'), async () => [], { waitMs: 500 }).catch((error: Error) => [
        error.message,
      ])
    },
  )
  expect(wrong).toEqual([])
})
