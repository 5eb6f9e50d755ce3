import { appendFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect } from '@playwright/test'
import { accessibilityFaults } from './accessibility'
import { keepDesktopNotices } from './desktopNotices'
import { runLine, test, writeWorkflow } from './open'

const nightly = { id: 'a'.repeat(24), workflowName: 'nightly' }
const ended = (change: object = {}): string => {
  const at = new Date().toISOString()
  return runLine({ ...nightly, status: 'completed', completedAt: at, updatedAt: at, ...change })
}

async function writeSettings(workspace: string, settings: object): Promise<void> {
  const dataDir = join(dirname(workspace), 'data')
  await mkdir(dataDir, { recursive: true })
  await writeFile(join(dataDir, 'settings.json'), JSON.stringify({ version: 1, ...settings }))
}

/** What the leases of the workspace say. */
async function leases(workspace: string): Promise<readonly string[]> {
  const folder = join(workspace, '.agent-relay', 'rundesk', 'leases')
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json'))
  return Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))
}

test('a run that is watched by key is told by the desktop when it ends, and a click leads to it', async ({ open }) => {
  const opened = await open()
  const { page, electron, store } = opened
  await writeFile(store, runLine({ ...nightly, status: 'running' }))
  await page.getByRole('option', { name: /nightly/ }).click()
  await expect(page.getByRole('button', { name: 'Watch', exact: true })).toBeVisible()
  await page.keyboard.press('w')
  await expect(page.getByRole('button', { name: 'Watched' })).toHaveAttribute('aria-pressed', 'true')
  await page.keyboard.press('Escape')
  const { told, click } = await keepDesktopNotices(electron)
  await appendFile(store, ended())
  await expect.poll(told).toEqual([['nightly completed', 'payments']])
  await click(0)
  await expect(page.getByRole('region', { name: 'Run nightly' })).toBeVisible()
})

test('a run that is started here is told of when it fails while its screen is not open', async ({
  open,
  workspace,
}) => {
  await writeWorkflow(workspace, 'deliver', [{ name: 'wait', command: 'until test -e go; do sleep 0.1; done; exit 1' }])
  const { page } = await open()
  await expect(page.getByText('No runs yet')).toBeVisible()
  await page.keyboard.press('n')
  await page.getByRole('button', { name: 'Start deliver' }).click()
  await expect(page.getByRole('button', { name: 'Watched' })).toBeVisible()
  await page.getByRole('link', { name: 'Notifications', exact: true }).click()
  await writeFile(join(workspace, 'go'), '')
  await expect(page.getByRole('list', { name: 'Notifications' }).getByRole('listitem')).toContainText('deliver failed')
  await expect(page.getByRole('status', { name: 'Messages' })).toContainText('deliver failed')
  // While the app still holds a run it would ask before it closes.
  await expect.poll(() => leases(workspace)).toEqual([expect.stringMatching(/"releasedAt":\s*"/)])
})

test('in quiet hours nothing pops up, and the list keeps what happened', async ({ open, workspace }) => {
  await writeSettings(workspace, {
    quietHours: { on: true, from: '00:00', to: '00:00', days: [0, 1, 2, 3, 4, 5, 6] },
  })
  const { page, electron, store } = await open()
  await expect(page.getByText('No runs yet')).toBeVisible()
  const { told } = await keepDesktopNotices(electron)
  await appendFile(store, ended({ status: 'failed', error: 'connect ECONNREFUSED' }))
  await expect(page.getByRole('link', { name: /Notifications\W*1 unread/ })).toBeAttached()
  await expect(page.getByRole('status', { name: 'Messages' })).toBeEmpty()
  expect(await told()).toEqual([])
})

test('the list of notifications is walked, opened, marked and cleared by keyboard, and kept over a restart', async ({
  open,
  workspace,
}) => {
  const first = await open()
  await expect(first.page.getByText('No runs yet')).toBeVisible()
  await appendFile(first.store, ended({ status: 'failed', error: 'connect ECONNREFUSED' }))
  await expect(first.page.getByRole('link', { name: /Notifications\W*1 unread/ })).toBeVisible()
  await appendFile(
    first.store,
    ended({ id: 'b'.repeat(24), workflowName: 'sync', status: 'failed', error: 'HTTP 500' }),
  )
  await expect(first.page.getByRole('link', { name: /Notifications\W*2 unread/ })).toBeVisible()
  await expect
    .poll(() => readFile(join(dirname(workspace), 'data', 'notices.json'), 'utf8').catch(() => ''))
    .toContain('HTTP 500')
  await first.electron?.close()
  const { page } = await open()
  await page.getByRole('link', { name: /Notifications\W*2 unread/ }).click()
  const rows = page.getByRole('list', { name: 'Notifications' }).getByRole('listitem')
  await expect(rows).toHaveText([/sync failed in a new way/, /nightly failed in a new way/])
  expect(await accessibilityFaults(page)).toEqual([])
  await page.keyboard.press('j')
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('region', { name: 'Run nightly' })).toBeVisible()
  await page.getByRole('link', { name: /Notifications\W*1 unread/ }).click()
  await page.getByRole('button', { name: 'Mark read: sync failed in a new way' }).press('Enter')
  await expect(page.getByRole('link', { name: 'Notifications', exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'Clear…' }).press('Enter')
  await page.getByRole('button', { name: 'Clear', exact: true }).press('Enter')
  await expect(page.getByText('Nothing happened yet')).toBeVisible()
})
