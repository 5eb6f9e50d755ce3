import { appendFile, chmod, mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { expect, type Page } from '@playwright/test'
import { type Opened, rundesk, test, writeWorkflow } from '../e2e/open'
import { runTabs, settingsSections } from '../renderer/state/route'

const folder = resolve(import.meta.dirname ?? '.', '..', '.cache', 'shots')
const widths = { wide: 1400, narrow: 640 } as const
/** Screens that need nothing to be open, by their address. */
const screens = {
  overview: '#/w/all/overview',
  runs: '#/w/all/runs',
  start: '#/w/all/start',
  trajectories: '#/w/all/trajectories',
  writebacks: '#/w/all/writebacks',
  operations: '#/w/all/writebacks/operations',
  trash: '#/w/all/writebacks/trash',
  audit: '#/w/all/writebacks/audit',
  earlier: '#/w/all/writebacks/earlier',
  problems: '#/w/all/problems',
  notices: '#/notices',
  diagnostics: '#/diagnostics',
  ...Object.fromEntries(settingsSections.map((section) => [`settings-${section}`, `#/settings/${section}`])),
} as const

test('empty', async ({ open }) => {
  await shoot(await open(), { state: 'empty' })
})

test('full', async ({ open }) => {
  const opened = await open({ demo: true })
  const { page } = opened
  await expect(page.getByRole('link', { name: /Writebacks/ }).first()).toBeVisible()
  await go(page, '#/w/all/runs?filter=failed')
  await page
    .getByRole('option', { name: /Failed sync-tickets/ })
    .first()
    .click()
  await expect(page).toHaveURL(/runs\/[^?]+/)
  const run = new URL(page.url()).hash.split('?')[0] ?? ''
  const more = Object.fromEntries(runTabs.map((tab) => [`run-${tab.toLowerCase()}`, `${run}?tab=${tab}`]))
  await shoot(opened, { state: 'full', more: { ...more, demo: '#/demo' } })
  await shootOpened(opened, run)
})

test('broken', async ({ open, workspace }) => {
  const failing = await writeWorkflow(workspace, 'import', [
    { name: 'fetch', command: 'seq 1 200' },
    { name: 'push', dependsOn: ['fetch'], command: `echo ${'long'.repeat(200)} >&2; exit 3` },
    { name: 'notify', dependsOn: ['push'], command: 'true' },
  ])
  await rundesk(['start', failing, '-w', workspace])
  const letters = join(workspace, '.relay', 'dead-letter')
  await mkdir(letters, { recursive: true })
  await writeFile(join(workspace, '.relay', 'state.json'), '{"workspaceId": "ws", "remoteRoot"')
  await writeFile(join(letters, 'op_1.json'), 'this is no JSON')
  await writeFile(join(letters, 'op_2.json'), JSON.stringify({ opId: 'op_2', path: `/${'deep/'.repeat(60)}a.md` }))
  const opened = await open()
  await appendFile(opened.store, '{"kind":"run","row":{"id":\n')
  await chmod(opened.store, 0o444)
  await shoot(opened, { state: 'broken' })
})

/** Pictures of all screens in all looks. */
async function shoot(
  { page, electron }: Opened,
  { state, more = {} }: { readonly state: string; readonly more?: Readonly<Record<string, string>> },
): Promise<void> {
  for (const [width, px] of Object.entries(widths)) {
    await resize(electron, px)
    for (const theme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
      for (const [name, hash] of Object.entries({ ...screens, ...more })) {
        await go(page, hash)
        await page.screenshot({ path: join(folder, `${state}-${width}-${theme}`, `${name}.png`) })
      }
    }
  }
}

/** Pictures of what opens above a screen, and of what is told of a chosen row. */
async function shootOpened({ page, electron }: Opened, run: string): Promise<void> {
  const firstWriteback = page.getByRole('listbox', { name: 'Writebacks' }).getByRole('option').first()
  const press = (name: string | RegExp) => page.getByRole('button', { name }).first().click()
  const opened: Readonly<Record<string, readonly [hash: string, open: () => Promise<void>]>> = {
    palette: ['#/w/all/runs', () => page.keyboard.press('Control+k')],
    sheet: ['#/w/all/runs', () => page.keyboard.press('?')],
    filter: ['#/w/all/runs', () => press('Add a filter')],
    views: ['#/w/all/runs', () => press(/Views/)],
    columns: ['#/w/all/runs', () => press('Columns')],
    'equal-failures': ['#/w/all/runs', () => page.getByText('Equal failures').click()],
    workflows: ['#/w/all/runs', () => page.getByText('Workflows', { exact: true }).click()],
    cancel: [run, () => press('Cancel run')],
    rerun: [run, () => press('Re-run…')],
    'start-chosen': ['#/w/all/start', () => page.getByText('sync-tickets').first().click()],
    writeback: ['#/w/all/writebacks', () => firstWriteback.click()],
    'writeback-retry': ['#/w/all/writebacks', () => press('Select all').then(() => press(/^Retry \d+ writebacks…/))],
  }
  await resize(electron, widths.wide)
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
    for (const [name, [hash, open]] of Object.entries(opened)) {
      await go(page, hash)
      await open()
      await page.waitForFunction(() => document.querySelector('[aria-busy=true]') === null)
      await page.screenshot({ path: join(folder, `full-wide-${theme}`, `opened-${name}.png`) })
      await page.keyboard.press('Escape')
    }
  }
}

async function resize(electron: Opened['electron'], px: number): Promise<void> {
  await electron?.evaluate(({ BrowserWindow }, wanted) => {
    BrowserWindow.getAllWindows()[0]?.setContentSize(wanted, 900)
  }, px)
}

/** Goes to an address, and waits until nothing is loading there. */
async function go(page: Page, hash: string): Promise<void> {
  await page.evaluate((wanted) => {
    location.hash = wanted
  }, hash)
  await page.waitForFunction(() => document.querySelector('[aria-busy=true]') === null)
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
}
