import { spawn } from 'node:child_process'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type ElectronApplication, expect, type Page } from '@playwright/test'
import { runLine, test } from './open'

const ids = { good: 'a'.repeat(24), bad: 'b'.repeat(24) }
const lines =
  runLine({ id: ids.good, completedAt: new Date().toISOString() }) +
  runLine({ id: ids.bad, workflowName: 'sync', status: 'failed', error: 'connect ECONNREFUSED' })

test.beforeEach(({ workspace }) => writeFile(join(workspace, '.agent-relay', 'workflow-runs.jsonl'), lines))

/** Chooses something of the app's menu. */
async function choose(electron: ElectronApplication | null, menu: string, item: string): Promise<void> {
  await electron?.evaluate(
    ({ Menu }, [menuLabel, itemLabel]) => {
      const found = Menu.getApplicationMenu()?.items.find(({ label }) => label === menuLabel)
      found?.submenu?.items.find(({ label }) => label === itemLabel)?.click()
    },
    [menu, item],
  )
}

/** Drops a file onto the window as a file manager does. */
async function drop(page: Page, file: string): Promise<void> {
  await page.evaluate(() => {
    const input = document.createElement('input')
    input.type = 'file'
    input.id = 'dropped'
    document.body.append(input)
  })
  await page.locator('#dropped').setInputFiles(file)
  await page.evaluate(() => {
    const input = document.querySelector<HTMLInputElement>('#dropped')
    const carried = new DataTransfer()
    for (const one of input?.files ?? []) carried.items.add(one)
    input?.remove()
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: carried, bubbles: true, cancelable: true }))
  })
}

test('a link that the app is started with leads to its run', async ({ open }) => {
  const { page } = await open({ more: [`rundesk://w/all/runs/${ids.bad}?tab=Raw`] })
  await expect(page.getByRole('tab', { name: 'Raw' })).toHaveAttribute('aria-selected', 'true')
})

test('a hostile link is refused with words, and the window opens all the same', async ({ open }) => {
  const { page } = await open({ more: ['rundesk://w/../../etc/passwd'] })
  await expect(page.getByRole('status', { name: 'Messages' })).toContainText('names no workspace')
})

test('a link of a second start opens in the window that is there', async ({ open, workspace }) => {
  const { page, electron } = await open()
  await expect(page.getByRole('option').first()).toBeVisible()
  const [program, ...args] = (await electron?.evaluate(() => process.argv)) ?? []
  const own = args.filter((arg) => !arg.startsWith('--inspect') && !arg.startsWith('--remote-debugging'))
  const second = spawn(program ?? '', [...own, `rundesk://w/all/runs/${ids.bad}`], { stdio: 'ignore', cwd: workspace })
  const ended = new Promise((done) => second.on('exit', done))
  await expect(page.getByRole('heading', { name: 'sync' })).toBeVisible()
  await ended
})

test('the link that is copied from a run leads back to it', async ({ open }) => {
  const { page, electron } = await open()
  await page.getByRole('option', { name: /Failed sync/ }).click()
  await page.getByRole('button', { name: 'Copy the link to the run' }).click()
  await expect
    .poll(() => electron?.evaluate(({ clipboard }) => clipboard.readText()))
    .toMatch(new RegExp(`^rundesk://w/[0-9a-f]{16}/runs/${ids.bad}$`))
})

test('a file of runs that is dropped onto the window opens, to be looked at only', async ({ open, workspace }) => {
  const file = join(dirname(workspace), 'copied.jsonl')
  await writeFile(file, runLine({ id: 'c'.repeat(24), workflowName: 'from-a-colleague', status: 'failed' }))
  const { page } = await open()
  await expect(page.getByRole('option').first()).toBeVisible()
  await drop(page, file)
  await page.getByRole('option', { name: /from-a-colleague/ }).click()
  await expect(page.getByRole('button', { name: 'Resume' })).toBeDisabled()
})

test('a file of runs that a desktop names by its address opens, to be looked at only', async ({ open, workspace }) => {
  const file = join(dirname(workspace), 'from a colleague.jsonl')
  await writeFile(file, runLine({ id: 'c'.repeat(24), workflowName: 'copied', status: 'failed' }))
  const { page } = await open({ more: [pathToFileURL(file).href] })
  await page.getByRole('option', { name: /copied/ }).click()
  await expect(page.getByRole('button', { name: 'Resume' })).toBeDisabled()
})

test('a folder that is named when the app starts is put into the list', async ({ open, workspace }) => {
  const folder = join(dirname(workspace), 'archive')
  await mkdir(folder)
  const { page } = await open({ more: [folder] })
  await expect(page.getByRole('region', { name: 'archive' })).toBeVisible()
})

test('Alt and an arrow go back and forward', async ({ open }) => {
  const { page } = await open()
  await page.getByRole('option', { name: /Failed sync/ }).click()
  await expect(page.getByRole('heading', { name: 'sync' })).toBeVisible()
  await page.keyboard.press('Alt+ArrowLeft')
  await expect(page.getByRole('heading', { name: 'sync' })).toBeHidden()
  await page.keyboard.press('Alt+ArrowRight')
  await expect(page.getByRole('heading', { name: 'sync' })).toBeVisible()
})

test('a second window has a place of its own, and closes alone', async ({ open }) => {
  const { page, electron } = await open()
  await expect(page.getByRole('option').first()).toBeVisible()
  const opening = electron?.waitForEvent('window')
  await choose(electron, 'File', 'New Window')
  const other = (await opening) ?? page
  await other.getByRole('option', { name: /Failed sync/ }).click()
  await expect(other.getByRole('heading', { name: 'sync' })).toBeVisible()
  await expect(page.getByRole('heading', { name: 'sync' })).toBeHidden()
  await other.close()
  await page.getByRole('option', { name: /Completed/ }).click()
  await expect(page.getByRole('heading', { name: 'written-elsewhere' })).toBeVisible()
})

test('a window more than there may be is refused in words, in one window: the one that asked for it', async ({
  open,
}) => {
  const { page, electron } = await open()
  await expect(page.getByRole('option').first()).toBeVisible()
  for (let count = 1; count < 20; count++) {
    const opening = electron?.waitForEvent('window')
    await choose(electron, 'File', 'New Window')
    const opened = (await opening) ?? page
    await expect(opened.getByRole('option').first()).toBeVisible()
  }
  const told = (where: Page) =>
    where.getByRole('status', { name: 'Messages' }).getByText('20 windows are open. Close one before you open another.')
  const tellers = async (): Promise<number> => {
    const counts = await Promise.all((electron?.windows() ?? []).map((window) => told(window).count()))
    return counts.filter((count) => count > 0).length
  }
  await choose(electron, 'File', 'New Window')
  await expect.poll(tellers).toBe(1)
  const asking = electron?.windows().at(10) ?? page
  await asking.keyboard.press('Control+k')
  await asking.getByPlaceholder(/Type a name/).fill('new window')
  await asking.keyboard.press('Enter')
  await expect(told(asking)).toBeVisible()
  expect(electron?.windows().length).toBe(20)
})

test('windows open again where they were, at what they showed', async ({ open }) => {
  const first = await open()
  await first.page.getByRole('option', { name: /Failed sync/ }).click()
  await expect(first.page.getByRole('heading', { name: 'sync' })).toBeVisible()
  await first.electron?.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]?.setBounds({ x: 40, y: 30, width: 900, height: 620 })
  })
  await first.electron?.close()
  const again = await open()
  await expect(again.page.getByRole('heading', { name: 'sync' })).toBeVisible()
  const size = await again.electron?.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getSize())
  expect(size).toEqual([900, 620])
})

test('a window whose workspace is gone from the list opens where nothing was asked for', async ({
  open,
  workspace,
}) => {
  const data = join(dirname(workspace), 'data')
  await mkdir(data, { recursive: true })
  const wasThere = { x: 40, y: 30, width: 900, height: 620, maximized: false, place: '#/w/abcdef0123456789/runs/gone' }
  const screens = [{ displays: 'others', windows: [wasThere] }]
  await writeFile(join(data, 'window.json'), JSON.stringify({ version: 2, splits: {}, screens }))
  const { page } = await open()
  await expect(page.getByRole('option', { name: /Failed sync/ })).toBeVisible()
  expect(new URL(page.url()).hash).toBe('')
})

test('a damaged memory of windows is kept and told', async ({ open, workspace }) => {
  const data = join(dirname(workspace), 'data')
  await mkdir(data, { recursive: true })
  await writeFile(join(data, 'window.json'), '{"version":2,')
  const { page } = await open()
  await expect(page.getByRole('status', { name: 'Messages' })).toContainText('was damaged')
  const kept = (await readdir(data)).find((name) => name.startsWith('window.json.corrupt-'))
  expect(await readFile(join(data, kept ?? ''), 'utf8')).toBe('{"version":2,')
})

test('the palette opens another window at the place that is shown', async ({ open }) => {
  const { page, electron } = await open()
  await page.getByRole('option', { name: /Failed sync/ }).click()
  await expect(page.getByRole('heading', { name: 'sync' })).toBeVisible()
  await page.keyboard.press('Control+k')
  await page.getByPlaceholder(/Type a name/).fill('new window')
  const opening = electron?.waitForEvent('window')
  await page.keyboard.press('Enter')
  const other = (await opening) ?? page
  await expect(other.getByRole('heading', { name: 'sync' })).toBeVisible()
})
