import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, type Page } from '@playwright/test'
import { test } from '../e2e/deskWorld'
import { writeWorkflow } from '../e2e/open'
import { type Bridge, createClient } from '../shared/client'
import { act, workflows } from './act'
import { type Held, lookAtMain } from './held'
import { type Stretch, watch } from './measure'
import { writeLines } from './writeLines'

const minutes = Number(process.env.RUNDESK_SOAK_MINUTES ?? 10)
const linesPerSecond = 1_000
const stretches = 10
/** The app has warmed up when so many stretches are over. */
const warm = 2
/** What main may hold for each act: a run with its rows, its trajectory and a notice, or a writeback with its operation. */
const dataOfActKib = 6
/** Caches that fill up once. */
const cachesKib = 512
/** What the store keeps of each line: where it is, and which line of its run came before (`electron/runs/lineTable.ts`). */
const tableOfLineMib = 12 / 1024 / 1024
/** What allocators keep of what was freed, such as tables that larger ones replaced. */
const looseMib = 10

test(`${minutes} minutes of heavy load leave memory, files and processes as they were`, async ({
  open,
  desk,
  workspace,
}) => {
  test.setTimeout(minutes * 60_000 + 300_000)
  for (const [name, steps] of Object.entries(workflows)) await writeWorkflow(workspace, name, steps)
  const said: string[] = []
  const { page, electron, store } = await open({
    env: { HOME: desk.home },
    onOutput: (text) => said.push(...text.split('\n').filter((line) => !isChromium(line))),
  })
  if (!electron) throw new Error('this is for the desktop app')
  const hear = (window: Page): void => {
    window.on('pageerror', (error) => said.push(String(error)))
    window.on('console', (message) => {
      if (message.type() === 'error') said.push(message.text())
    })
  }
  hear(page)
  electron.on('window', hear)
  const client = createClient({
    request: (channel, input) =>
      page.evaluate(
        ([name, given]) => (window as unknown as { readonly rundesk: Bridge }).rundesk.request(name, given),
        [channel, input] as const,
      ),
    subscribe: () => () => undefined,
  })

  const before = await lookAtMain(electron)
  const endMs = Date.now() + minutes * 60_000
  const writer = writeLines(store, linesPerSecond)
  const acts = act({ client, page, electron, desk, isOver: () => Date.now() > endMs })
  const watched = watch(electron.process().pid ?? 0)
  const table: Stretch[] = []
  const looks: (Held & { readonly acts: number; readonly lines: number })[] = []
  const lookInside = async (): Promise<void> => {
    const { resumed = 0, cancelled = 0, retried = 0 } = acts.counts
    const seen = await lookAtMain(electron)
    looks.push({ ...seen, acts: resumed + cancelled + retried, lines: writer.written() })
  }
  const measuring = (async () => {
    for (let stretch = 1; stretch <= stretches; stretch++) {
      await wait((minutes * 60_000) / stretches)
      table.push(watched.take())
      await lookInside()
      const now = { ...table.at(-1), ...looks.at(-1), ...acts.counts }
      process.stdout.write(`${JSON.stringify({ stretch, ...now })}\n`)
    }
  })()
  await Promise.all([acts.done, measuring]).finally(() => {
    writer.stop()
    watched.stop()
  })
  await lookInside()

  const { workspaces } = await client.request('workspaces:list', {})
  const workspaceId = workspaces[0]?.id ?? ''
  for (const [runId, round] of writer.newest()) {
    await expect
      .poll(async () => (await client.request('runs:raw', { workspaceId, runId, stepId: `${runId}1` })).text)
      .toMatch(new RegExp(`"retryCount":\\s*${round}\\b`))
  }
  const log = await readFile(join(dirname(workspace), 'data', 'logs', 'rundesk.log'), 'utf8').catch(() => '')
  const early = table.slice(warm, warm + 3)
  const late = table.slice(-3)
  const most = (part: readonly Stretch[], of: keyof Stretch): number => Math.max(...part.map((stretch) => stretch[of]))
  const grown = {
    memoryMib: most(late, 'memoryMib') - most(early, 'memoryMib'),
    files: most(late, 'files') - most(early, 'files'),
    processes: most(late, 'processes') - most(early, 'processes'),
  }
  const [begin, end] = [looks[warm - 1], looks.at(-1)]
  if (!begin || !end) throw new Error('main was not looked at')
  const main = {
    dataKib: end.dataKib - begin.dataKib,
    besideMib: end.besideMib - begin.besideMib,
    acts: end.acts - begin.acts,
    lines: end.lines - begin.lines,
  }
  process.stdout.write(`${JSON.stringify({ grown, main, ...acts.counts })}\n`)
  expect({ said, logged: log.split('\n').filter((line) => line.includes('"level":"error"')) }).toEqual({
    said: [],
    logged: [],
  })
  expect(grown.memoryMib).toBeLessThan(0.15 * most(early, 'memoryMib'))
  expect([grown.files <= 5, grown.processes <= 1]).toEqual([true, true])
  expect(main.dataKib).toBeLessThan(cachesKib + dataOfActKib * main.acts)
  expect(main.besideMib).toBeLessThan(looseMib + tableOfLineMib * main.lines)
  expect([end.contents, end.listeners]).toEqual([before.contents, before.listeners])
  expect(writer.written()).toBeGreaterThan(0.95 * linesPerSecond * minutes * 60)
})

/** Chromium has much to say on a machine without a graphics card or a desktop's bus. */
function isChromium(line: string): boolean {
  return line.trim() === '' || /^\[?\d+:|DevTools listening|Debugger |Gtk-|libva/.test(line)
}
