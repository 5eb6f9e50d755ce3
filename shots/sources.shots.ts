import { join, resolve } from 'node:path'
import { expect, type Page } from '@playwright/test'
import { addSource, type DbosStory, runsOf, test } from '../e2e/dbosWorld'
import type { Opened } from '../e2e/open'

const folder = resolve(import.meta.dirname ?? '.', '..', '.cache', 'shots')
const widths = { wide: 1400, narrow: 640 } as const

test('remote sources, full, and cut off', async ({ dbos }) => {
  const ids = await fill(dbos)
  const opened = await dbos.open()
  const { page } = opened
  await addSource(page)
  const source = new URL(page.url()).hash.split('?')[0] ?? ''
  const places = {
    runs: source,
    'dead-lettered': `${source}?view=dead-lettered`,
    'waiting-for-worker': `${source}?view=waiting-for-worker`,
    'nothing-matches': `${source}?workflow=nothing`,
    ...Object.fromEntries(ids.map((id) => [`run-${id}`, `${source}/${id}`])),
    'run-gone': `${source}/not-there`,
  }
  await shoot(opened, 'remote-full', places)
  for (const [name, press] of [['fork', 'Fork…'], ['cancel', 'Cancel']] as const) // biome-ignore format: a table
    await shootDialog(opened, `${name}-dialog`, async () => {
      await go(page, `${source}/${name === 'fork' ? 'failed' : 'nap'}`)
      await page.getByRole('button', { name: press, exact: true }).click()
      await expect(page.getByRole('list', { name: 'What becomes of each step' })).toBeVisible()
    })
  await shootDialog(opened, 'connections-dialog', async () => {
    await go(page, source)
    await page.getByRole('button', { name: 'More for shop' }).click()
    await page.getByRole('menuitem', { name: 'Change connections…' }).click()
  })
  await dbos.postgres.stop()
  await go(page, source)
  await expect(page.getByRole('alert')).toBeVisible()
  await shoot(opened, 'remote-broken', { runs: source })
  await dbos.postgres.start()
})

test('a remote source without runs', async ({ dbos }) => {
  await dbos.worker()
  const opened = await dbos.open()
  await addSource(opened.page)
  await shoot(opened, 'remote-empty', { runs: new URL(opened.page.url()).hash })
})

/** Runs of every kind of end; gives the ids of those that are worth a picture. */
async function fill(dbos: DbosStory): Promise<readonly string[]> {
  for (let life = 0; life < 3; life++) {
    const dying = await dbos.worker()
    if (life === 0) {
      dying.setFaults('exit')
      await dying.start('crashing', 'import-2026-11-22')
    }
    await dying.ended
  }
  const first = await dbos.worker()
  await dbos.until('import-2026-11-22', 'MAX_RECOVERY_ATTEMPTS_EXCEEDED')
  await first.start('longStep', 'in-the-way', { args: [600_000], queue: 'orders' })
  await expect.poll(() => first.timesRan('in-the-way', 'long')).toBe(1)
  await first.start('pipeline', 'order-10023', { queue: 'orders' })
  await first.kill()
  const worker = await dbos.worker({ executorId: 'executor-2', version: 'v2' })
  worker.setFaults('transform')
  await worker.start('pipeline', 'failed')
  await dbos.until('failed', 'ERROR')
  worker.setFaults()
  await worker.start('parent', 'settlement', { args: [3] })
  await worker.start('flaky', 'flaky', { args: [9] })
  await worker.start('manySteps', 'many', { args: [240] })
  await worker.start('sleepy', 'nap', { args: [3_600_000] })
  await worker.start('approval', 'refund-approval', { args: [3_600] })
  for (let index = 0; index < 40; index++) await worker.start('pipeline', `order-${11_000 + index}`)
  await dbos.until('order-11039', 'SUCCESS')
  return ['failed', 'settlement', 'many', 'nap', 'in-the-way']
}

/** Pictures of places in all looks. */
async function shoot(opened: Opened, state: string, places: Readonly<Record<string, string>>): Promise<void> {
  const { page } = opened
  await inEachLook(opened, async (look) => {
    for (const [name, hash] of Object.entries(places)) {
      await go(page, hash)
      await page.screenshot({ path: join(folder, `${state}-${look}`, `${name}.png`) })
    }
  })
}

async function shootDialog(opened: Opened, name: string, show: () => Promise<void>): Promise<void> {
  const { page } = opened
  await show()
  await inEachLook(opened, (look) =>
    page.screenshot({ path: join(folder, `remote-full-${look}`, `${name}.png`) }).then(() => undefined),
  )
  await page.keyboard.press('Escape')
}

async function inEachLook({ page, electron }: Opened, take: (look: string) => Promise<void>): Promise<void> {
  for (const [width, px] of Object.entries(widths)) {
    await electron?.evaluate(({ BrowserWindow }, wanted) => {
      BrowserWindow.getAllWindows()[0]?.setContentSize(wanted, 900)
    }, px)
    for (const theme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
      await take(`${width}-${theme}`)
    }
  }
}

/** Goes to an address, and waits until what it shows was asked for. */
async function go(page: Page, hash: string): Promise<void> {
  await page.evaluate((wanted) => {
    location.hash = wanted
  }, hash)
  await page.waitForFunction(() => document.querySelector('[aria-busy=true], [aria-label="Loading"]') === null)
  await runsOf(page)
    .or(page.getByRole('heading', { level: 2 }))
    .first()
    .waitFor()
  await page.waitForTimeout(250) // What a tab fetches comes after it is shown.
}
