import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Bench } from '../main'
import { median, type Result, toRatio } from '../measure'
import { workspaceWith } from '../openBenches'
import { storeFile, warm } from '../storeSamples'
import { actAndWait, quantile, scrollThrough, typeAndWait } from './inPage'
import { forget, openWindow } from './openWindow'
import { loaded, type Place, settle } from './windowBenches'

const rounds = 5
const frames = 600

/** What opening and looking through a list of runs took, in ms. */
interface Looked {
  readonly start: number
  readonly scrolled: number
  readonly blank: number
  readonly filtered: number
  readonly typed: number
}

/**
 * 1,000,000 runs beside 100,000 of the same kind, a step each: opening, scrolling, filters and search. It takes minutes
 * and gigabytes, so it is measured only where it is named.
 */
const windowMillion: Bench = async ({ dir }) => {
  const [many, few] = [await prepare(dir, 1_000_000), await prepare(dir, 100_000)]
  const rows: { readonly many: Looked; readonly few: Looked }[] = []
  for (let round = 0; round < rounds; round++) rows.push({ many: await look(many), few: await look(few) })
  const compared = (what: string, of: keyof Looked, goal: number): Result =>
    toRatio(`1,000,000 runs: ${what}`, {
      value: median(rows.map(({ many }) => many[of])),
      unit: 'ms',
      reference: { name: '100,000', value: median(rows.map(({ few }) => few[of])) },
      goal,
    })
  const blank = Math.max(...rows.map(({ many }) => many.blank))
  return [
    compared('from start to the newest runs', 'start', 1.5),
    compared('scrolled, frame p95', 'scrolled', 1.5),
    { bench: 'the same: frames with a blank row', value: blank, unit: 'frames', goal: '< 1 frames', ok: blank === 0 },
    compared('status filter, click to painted', 'filtered', 1.5),
    compared('key to painted answer, p95', 'typed', 12),
  ]
}

async function prepare(dir: string, runs: number): Promise<Place> {
  const workspace = workspaceWith(join(dir, `window-runs-${runs}`), { runs, steps: 1, outputBytes: 20 })
  const place = { workspace, dataDir: forget(join(dir, 'work', `window-runs-${runs}`)) }
  warm(storeFile(workspace))
  await settle(place)
  return place
}

async function look({ workspace, dataDir }: Place): Promise<Looked> {
  const opened = await openWindow(workspace, dataDir)
  const { page } = opened
  await page.getByRole('option').first().waitFor()
  const start = opened.sinceStartMs()
  await loaded(opened)
  await wait(1_000)
  const filtered: number[] = []
  for (const [name, row] of [
    ['Failed', '^Failed'],
    ['Orphaned', '^Orphaned'],
    ['All', 'Completed'],
  ] as const)
    filtered.push(
      await actAndWait(page, {
        event: 'click',
        act: () => page.getByRole('button', { name: new RegExp(`^${name} [\\d,]+$`) }).click(),
        until: { role: 'listbox', name: 'Runs', text: row },
      }),
    )
  const typed: number[] = []
  for (const word of ['nightly', 'econnrefused', 'a1b2']) {
    await page.getByRole('searchbox', { name: 'Search runs' }).fill('')
    await wait(500)
    for (const key of word) typed.push(await typeAndWait(page, key, 'Runs'))
  }
  await page.getByRole('searchbox', { name: 'Search runs' }).fill('')
  await wait(1_000)
  const scrolled = await scrollThrough(page, { list: 'Runs', frames })
  await opened.close()
  return {
    start,
    scrolled: quantile(scrolled.frames, 0.95),
    blank: scrolled.blank,
    filtered: median(filtered),
    typed: quantile(typed, 0.95),
  }
}

export const millionBenches = { windowMillion }
