import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect } from '@playwright/test'
import { accessibilityFaults } from './accessibility'
import { runLine, test } from './open'

const settingsOf = (workspace: string): string => join(dirname(workspace), 'data', 'settings.json')

async function stored(workspace: string): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(settingsOf(workspace), 'utf8').catch(() => '{}'))
}

test('a setting is reached, changed, refused out of its bounds and reset by keyboard alone', async ({
  open,
  workspace,
}) => {
  const { page } = await open()
  await expect(page.getByRole('heading', { name: 'Runs', level: 1 })).toBeVisible()
  await page.keyboard.press('Control+,')
  await expect(page.getByRole('heading', { name: 'Workspaces', level: 2 })).toBeFocused()
  await page.getByRole('link', { name: 'Runs', exact: true }).last().focus()
  await page.keyboard.press('Enter')
  const field = page.getByRole('spinbutton', { name: 'Grace period, in seconds' })
  await field.focus()
  await page.keyboard.press('Control+a')
  await page.keyboard.type('6000')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('alert')).toHaveText('It must be 600 or less.')
  await page.keyboard.press('Control+a')
  await page.keyboard.type('60')
  await page.keyboard.press('Tab')
  await expect.poll(() => stored(workspace).then(({ graceSeconds }) => graceSeconds)).toBe(60)
  await page.getByRole('button', { name: 'Reset: Grace period, in seconds' }).focus()
  await page.keyboard.press('Enter')
  await expect(field).toHaveValue('5')
  await expect(field).toBeFocused()
})

test('a damaged settings file is told, kept aside at the next change, and no reason not to start', async ({
  open,
  workspace,
}) => {
  await mkdir(dirname(settingsOf(workspace)), { recursive: true })
  await writeFile(settingsOf(workspace), '{"version":1,"theme":"da')
  const { page } = await open()
  await expect(page.getByRole('heading', { name: 'Runs', level: 1 })).toBeVisible()
  await page.keyboard.press('Control+,')
  await expect(page.getByRole('alert')).toContainText('settings.json is damaged')
  await page.getByRole('link', { name: 'Look' }).click()
  await page.getByRole('combobox', { name: 'Theme' }).selectOption('dark')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await expect(page.getByRole('alert')).toContainText('It is kept as')
  const names = await readdir(dirname(settingsOf(workspace)))
  const aside = names.find((name) => name.startsWith('settings.json.corrupt-')) ?? ''
  expect(await readFile(join(dirname(settingsOf(workspace)), aside), 'utf8')).toBe('{"version":1,"theme":"da')
})

test('a page has the chosen look from its first frame on', async ({ open }) => {
  const { page } = await open()
  await page.keyboard.press('Control+,')
  await page.getByRole('link', { name: 'Look' }).click()
  await page.getByRole('combobox', { name: 'Theme' }).selectOption('dark')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await page.addInitScript(() => {
    const seen: string[] = []
    const look = (): number => seen.push(document.documentElement.dataset.theme ?? 'none')
    new MutationObserver(look).observe(document, { attributes: true, attributeFilter: ['data-theme'], subtree: true })
    Object.assign(window, { seenThemes: seen })
  })
  await page.reload()
  await expect(page.getByRole('combobox', { name: 'Theme' })).toHaveValue('dark')
  const seen: unknown = await page.evaluate(() => Object.entries(window).find(([name]) => name === 'seenThemes')?.[1])
  expect(new Set(seen as string[])).toEqual(new Set(['dark']))
})

test('settings of a newer Rundesk are not overwritten, and the refusal is told', async ({ open, workspace }) => {
  await mkdir(dirname(settingsOf(workspace)), { recursive: true })
  const newer = '{"version":7,"theme":"dark"}'
  await writeFile(settingsOf(workspace), newer)
  const { page } = await open()
  await expect(page.getByRole('heading', { name: 'Runs', level: 1 })).toBeVisible()
  await page.keyboard.press('Control+,')
  await page.getByRole('link', { name: 'Look' }).click()
  await page.getByRole('combobox', { name: 'Theme' }).selectOption('light')
  await expect(page.getByRole('status', { name: 'Messages' })).toContainText('newer Rundesk (version 7)')
  expect(await readFile(settingsOf(workspace), 'utf8')).toBe(newer)
})

test('a changed key does what the old one did, and a taken one is refused by name', async ({ open, workspace }) => {
  const { page } = await open()
  await expect(page.getByText('No runs yet')).toBeVisible()
  await page.keyboard.press('Control+,')
  await page.getByRole('link', { name: 'Shortcuts' }).last().click()
  const change = page.getByRole('button', { name: 'Change the key: Start a workflow' })
  await change.click()
  await page.keyboard.press('c')
  await expect(page.getByRole('alert')).toHaveText(
    'c is taken: Cancel the run, or the selected runs. Give that another key first.',
  )
  await change.click()
  await page.keyboard.press('z')
  await expect.poll(() => stored(workspace).then(({ shortcuts }) => shortcuts)).toEqual({ start: 'z' })
  await expect(page.getByRole('listitem').filter({ hasText: 'Start a workflow' })).toContainText('z')
  await page.keyboard.press('n')
  await expect(page.getByRole('heading', { name: 'Shortcuts', level: 2 })).toBeVisible()
  await page.keyboard.press('z')
  await expect(page.getByRole('heading', { name: 'Start a workflow' })).toBeVisible()
})

test('read-only of the settings refuses every act at once, also of what is on the screen', async ({
  open,
  workspace,
}) => {
  await writeFile(
    join(workspace, '.agent-relay/workflow-runs.jsonl'),
    runLine({ status: 'failed', error: 'connect ECONNREFUSED' }),
  )
  const { page } = await open()
  await expect(page.getByRole('heading', { name: 'Runs', level: 1 })).toBeVisible()
  await page.keyboard.press('Control+,')
  await page.getByRole('link', { name: 'Read-only' }).click()
  await page.getByRole('checkbox', { name: 'Read-only' }).check()
  await expect(page.getByText('The settings are read-only')).toBeVisible()
  await page.getByRole('link', { name: 'Runs', exact: true }).first().click()
  await page.getByRole('option', { name: /Failed written-elsewhere/ }).click()
  await expect(page.getByRole('button', { name: /^Resume/ })).toBeDisabled()
})

test('every section of the settings is free of faults that a checker finds', async ({ open }) => {
  const { page } = await open()
  await expect(page.getByRole('heading', { name: 'Runs', level: 1 })).toBeVisible()
  await page.keyboard.press('Control+,')
  const faults: string[] = []
  for (const section of [
    'Workspaces',
    'Runs',
    'Storage',
    'Notifications',
    'Look',
    'Shortcuts',
    'Read-only',
    'Diagnostics',
  ]) {
    await page
      .getByRole('navigation', { name: 'Sections of the settings' })
      .getByRole('link', { name: section })
      .click()
    await expect(page.getByRole('heading', { name: section, level: 2 })).toBeVisible()
    faults.push(...(await accessibilityFaults(page)))
  }
  expect(faults).toEqual([])
})

test('where the desktop has no tray the settings say so, and nothing of it can be chosen', { tag: '@desktop' }, async ({
  open,
}) => {
  const { page } = await open({ env: { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere' } })
  await expect(page.getByRole('heading', { name: 'Runs', level: 1 })).toBeVisible()
  await page.keyboard.press('Control+,')
  await page.getByRole('link', { name: 'Notifications', exact: true }).last().click()
  await expect(page.getByRole('checkbox', { name: 'Show an icon in the tray' })).toBeDisabled()
  await expect(page.getByText(/no tray|cannot be told/).first()).toBeVisible()
  await expect(page.getByRole('checkbox', { name: /Keep running in the tray/ })).toBeDisabled()
})

test('zoom is a setting that holds for the window at once', { tag: '@desktop' }, async ({ open, workspace }) => {
  const { page, electron } = await open()
  await expect(page.getByRole('heading', { name: 'Runs', level: 1 })).toBeVisible()
  await page.keyboard.press('Control+,')
  await page.getByRole('link', { name: 'Look' }).click()
  const zoom = page.getByRole('spinbutton', { name: 'Zoom, in per cent' })
  await zoom.fill('150')
  await zoom.press('Enter')
  await expect
    .poll(() =>
      electron?.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getZoomFactor()),
    )
    .toBe(1.5)
  expect(await stored(workspace)).toMatchObject({ zoomPercent: 150 })
})

test('what another process changes in the settings is seen at once', async ({ open, workspace }) => {
  const { page } = await open()
  await expect(page.getByRole('heading', { name: 'Runs', level: 1 })).toBeVisible()
  await mkdir(dirname(settingsOf(workspace)), { recursive: true })
  await writeFile(settingsOf(workspace), '{"version":1,"theme":"dark","contrast":"high"}')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await expect(page.locator('html')).toHaveAttribute('data-contrast', 'high')
})

test('compact rows are lower, and all of them are still there', async ({ open, workspace }) => {
  const lines = Array.from({ length: 200 }, (_, index) =>
    runLine({ id: index.toString(16).padStart(24, '0'), workflowName: `flow-${index}` }),
  )
  await writeFile(join(workspace, '.agent-relay', 'workflow-runs.jsonl'), lines.join(''))
  await mkdir(dirname(settingsOf(workspace)), { recursive: true })
  await writeFile(settingsOf(workspace), '{"version":1,"density":"compact"}')
  const { page } = await open()
  const rows = page.getByRole('listbox', { name: 'Runs' })
  await expect(rows.getByRole('option').first()).toBeVisible()
  await expect.poll(() => rows.evaluate((element) => element.getBoundingClientRect().height)).toBe(200 * 28)
})
