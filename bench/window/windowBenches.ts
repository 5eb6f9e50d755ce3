import { appendFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Bench } from '../main'
import { median, type Result, toLimit, toRatio } from '../measure'
import { fixture, workspaceWith } from '../openBenches'
import { storeFile } from '../storeSamples'
import { heapMib, quantile, scrollThrough, typeAndWait } from './inPage'
import { cpuMs, forget, type OpenWindow, openWindow, proportionalMib } from './openWindow'
import { traced } from './traced'

const rounds = 5
const frames = 600

/** Opening, looking for a run and scrolling at 100,000 runs in 700 MB, with the figures of an empty workspace beside them. */
const windowLarge: Bench = async ({ dir }) => {
  const large = { workspace: fixture(dir, 'large'), dataDir: forget(join(dir, 'work', 'window-large')) }
  const empty = { workspace: emptyWorkspace(dir), dataDir: forget(join(dir, 'work', 'window-empty')) }
  await settle(large)
  await settle(empty)
  const starts: number[] = []
  const bareStarts: number[] = []
  const memory: number[] = []
  const bareMemory: number[] = []
  for (let round = 0; round < rounds; round++) {
    const one = await openWindow(large.workspace, large.dataDir)
    await one.page.getByRole('option').first().waitFor()
    starts.push(one.sinceStartMs())
    await loaded(one)
    memory.push(proportionalMib(one.pids()))
    await one.close()
    const other = await openWindow(empty.workspace, empty.dataDir)
    await other.page.getByText('No runs yet').waitFor()
    bareStarts.push(other.sinceStartMs())
    await wait(2_000)
    bareMemory.push(proportionalMib(other.pids()))
    await other.close()
  }
  return [
    toRatio('100,000 runs: from start to the newest runs', {
      value: median(starts),
      unit: 'ms',
      reference: { name: 'empty', value: median(bareStarts) },
      goal: 1.5,
    }),
    toRatio('100,000 runs: memory of all processes', {
      value: median(memory),
      unit: 'MiB',
      reference: { name: 'empty', value: median(bareMemory) },
      goal: 1.6,
    }),
    ...(await inLargeList(large, dir)),
  ]
}

async function inLargeList(place: Place, dir: string): Promise<readonly Result[]> {
  const opened = await openWindow(place.workspace, place.dataDir)
  const { page } = opened
  await loaded(opened)
  const typed: number[] = []
  const trace = await traced(opened, join(dir, 'traces', 'filter.json'), async () => {
    for (const word of ['nightly', 'econnrefused', 'a1b2']) {
      await page.getByRole('searchbox', { name: 'Search runs' }).fill('')
      await wait(300)
      for (const key of word) typed.push(await typeAndWait(page, key, 'Runs'))
    }
    await page.getByRole('searchbox', { name: 'Search runs' }).fill('')
  })
  await page.getByRole('option').first().waitFor()
  const scrolled = await scrollThrough(page, { list: 'Runs', frames })
  const bare = await scrollThrough(page, { list: null, frames, height: 3_200_000 })
  await opened.close()
  const late = (times: readonly number[]): number => (100 * times.filter((ms) => ms > 32).length) / times.length
  return [
    toLimit('100,000 runs: key to painted answer, p95', { value: quantile(typed, 0.95), unit: 'ms', below: 50 }),
    toLimit('the same: longest task of the window', { value: trace.longestTaskMs, unit: 'ms', below: 50 }),
    {
      ...toLimit('100,000 runs: scrolled, frame p95', {
        value: quantile(scrolled.frames, 0.95),
        unit: 'ms',
        below: 17.01,
      }),
      reference: { name: 'bare list', value: quantile(bare.frames, 0.95) },
    },
    {
      ...toLimit('the same: frames over 32 ms', { value: late(scrolled.frames), unit: '%', below: 1.01 }),
      reference: { name: 'bare list', value: late(bare.frames) },
    },
    toLimit('the same: frames with a blank row', { value: scrolled.blank, unit: 'frames', below: 1 }),
  ]
}

/** A run of 50,000 steps, opened from the list. */
const windowSteps: Bench = async ({ dir }) => {
  const workspace = workspaceWith(join(dir, 'window-steps'), { runs: 1, steps: 50_000, outputBytes: 40 })
  const place = { workspace, dataDir: forget(join(dir, 'work', 'window-steps')) }
  await settle(place)
  const times: number[] = []
  const grown: number[] = []
  for (let round = 0; round < rounds; round++) {
    const opened = await openWindow(place.workspace, place.dataDir)
    const { page } = opened
    await loaded(opened)
    const before = await heapMib(page)
    const startMs = performance.now()
    await page.getByRole('option').first().click()
    await page.getByRole('listbox', { name: 'Steps' }).getByRole('option').first().waitFor()
    times.push(performance.now() - startMs)
    await wait(1_000)
    grown.push((await heapMib(page)) - before)
    await opened.close()
  }
  return [
    toLimit('50,000 steps: click to steps', { value: median(times), unit: 'ms', below: 300 }),
    toLimit('the same: the window holds more', { value: median(grown), unit: 'MiB', below: 70 }),
  ]
}

/** 1,000 lines each second by another process, until they are on the screen. */
const windowLive: Bench = async ({ dir }) => {
  const workspace = emptyWorkspace(dir, 'window-live')
  const opened = await openWindow(workspace, forget(join(dir, 'work', 'window-live-data')))
  const { page } = opened
  await page.getByText('No runs yet').waitFor()
  await page.evaluate(() => {
    const late: number[] = []
    const seen = new Set<string>()
    const look = (): void => {
      for (const found of document.body.textContent?.matchAll(/at-(\d{13})-/g) ?? []) {
        const [, time = ''] = found
        if (seen.has(time)) continue
        seen.add(time)
        late.push(Date.now() - Number(time))
      }
      requestAnimationFrame(look)
    }
    requestAnimationFrame(look)
    Object.assign(window, { benchLate: late })
  })
  const file = storeFile(workspace)
  const endMs = Date.now() + 10_000
  for (let number = 0; Date.now() < endMs; await wait(20)) {
    const lines = Array.from({ length: 20 }, () => runLine(number++))
    appendFileSync(file, lines.join(''))
  }
  await wait(1_000)
  const late = await page.evaluate(() => (window as unknown as { benchLate: number[] }).benchLate)
  await opened.close()
  return [
    toLimit('1,000 lines a second: disk to pixels, p95', { value: quantile(late, 0.95), unit: 'ms', below: 250 }),
    { bench: 'the same: times seen', value: late.length, unit: 'times', goal: '>= 20', ok: late.length >= 20 },
  ]
}

/** Processor time while nothing happens: shown, hidden, and with 45 runs that go on. */
const windowIdle: Bench = async ({ dir }) => {
  const still = await openWindow(emptyWorkspace(dir, 'window-still'), forget(join(dir, 'work', 'window-still-data')))
  await still.page.getByText('No runs yet').waitFor()
  const shown = await usedPercent(still)
  // The driver keeps pages as if they were in front: a person's window that is hidden knows it.
  const session = await still.page.context().newCDPSession(still.page)
  await session.send('Emulation.setFocusEmulationEnabled', { enabled: false })
  await session.detach()
  await still.app.evaluate(({ BrowserWindow }) => {
    for (const window of BrowserWindow.getAllWindows()) window.hide()
  })
  const hidden = await usedPercent(still)
  await still.close()
  const workspace = emptyWorkspace(dir, 'window-going')
  const now = new Date().toISOString()
  const rows = Array.from({ length: 45 }, (_, index) => runLine(index, { status: 'running', updatedAt: now }))
  appendFileSync(storeFile(workspace), rows.join(''))
  const going = await openWindow(workspace, forget(join(dir, 'work', 'window-going-data')))
  await going.page.getByRole('option').first().waitFor()
  const busy = await usedPercent(going)
  await going.close()
  return [
    toLimit('idle: processor, shown', { value: shown, unit: '%', below: 1 }),
    toLimit('idle: processor, hidden', { value: hidden, unit: '%', below: 0.2 }),
    toLimit('45 going runs: processor', { value: busy, unit: '%', below: 3 }),
  ]
}

/** A workspace to open, and where the app keeps what it knows of it. */
export interface Place {
  readonly workspace: string
  readonly dataDir: string
}

/** Opens it once to its end, so that the next opening is warm. */
export async function settle({ workspace, dataDir }: Place): Promise<void> {
  const opened = await openWindow(workspace, dataDir)
  await loaded(opened)
  await wait(3_000)
  await opened.close()
}

/** Waits until every run of every file was read. */
export async function loaded({ page }: OpenWindow): Promise<void> {
  await page.getByRole('heading', { name: 'Runs', exact: true }).waitFor()
  await page.getByText(/Still reading/).waitFor({ state: 'detached', timeout: 300_000 })
}

/** Share of one processor that all processes use together, over a minute, after they came to rest: time is told in steps of 10 ms. */
async function usedPercent({ pids }: OpenWindow): Promise<number> {
  await wait(5_000)
  const [before, startMs] = [cpuMs(pids()), performance.now()]
  await wait(60_000)
  return (100 * (cpuMs(pids()) - before)) / (performance.now() - startMs)
}

/** A folder for runs that has none. */
export function emptyWorkspace(dir: string, name = 'window-none'): string {
  const workspace = join(dir, 'work', name)
  mkdirSync(join(workspace, '.agent-relay'), { recursive: true })
  return workspace
}

function runLine(number: number, change: object = {}): string {
  const at = new Date().toISOString()
  const id = number.toString(16).padStart(24, '0')
  const row = { id, workspaceId: 'local', workflowName: `at-${Date.now()}-run`, pattern: 'dag', status: 'completed' }
  const made = { config: {}, startedAt: at, createdAt: at, updatedAt: at }
  return `${JSON.stringify({ kind: 'run', row: { ...row, ...made, ...change } })}\n`
}

export const windowBenches = { windowLarge, windowSteps, windowLive, windowIdle }
