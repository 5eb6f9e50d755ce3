import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect } from '@playwright/test'
import { runLine, test } from './open'
import { withTray } from './withTray'

test('closing the last window keeps Rundesk in the tray when a person chose that, and it goes on to watch', async ({
  open,
  workspace,
}) => {
  await mkdir(join(dirname(workspace), 'data'), { recursive: true })
  await writeFile(join(dirname(workspace), 'data', 'settings.json'), '{"version":1,"keepRunning":true}')
  const { page, electron, store } = await open({ env: await withTray(workspace) })
  await expect(page.getByText('No runs yet')).toBeVisible()
  const isVisible = (): Promise<boolean | undefined> | undefined =>
    electron?.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible())
  await electron?.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
  await expect.poll(isVisible).toBe(false)
  const at = new Date().toISOString()
  await writeFile(store, runLine({ status: 'failed', error: 'HTTP 500', completedAt: at }))
  await expect(page.getByRole('link', { name: /Notifications\W*1 unread/ })).toBeAttached()
})

test('where there is a tray its settings can be chosen', async ({ open, workspace }) => {
  const { page } = await open({ env: await withTray(workspace) })
  await expect(page.getByRole('heading', { name: 'Runs', level: 1 })).toBeVisible()
  await page.keyboard.press('Control+,')
  await page.getByRole('link', { name: 'Notifications', exact: true }).last().click()
  const keep = page.getByRole('checkbox', { name: /Keep running in the tray/ })
  await keep.check()
  await expect(keep).toBeChecked()
})

test('without that choice closing the last window ends Rundesk', async ({ open, workspace }) => {
  const { page, electron } = await open({ env: await withTray(workspace) })
  await expect(page.getByText('No runs yet')).toBeVisible()
  const ended = new Promise<void>((done) => electron?.process().once('exit', () => done()))
  await page.evaluate(() => window.close())
  await ended
})
