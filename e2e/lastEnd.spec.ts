import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect } from '@playwright/test'
import { test } from './open'

test('an error that nothing caught ends Rundesk, and the next start names it, once', async ({ open, workspace }) => {
  const { page, electron } = await open()
  await expect(page.getByText('No runs yet')).toBeVisible()
  const ended = new Promise<number | null>((done) => electron?.process().once('exit', done))
  await electron?.evaluate(() => {
    setTimeout(() => {
      throw new Error('the sky fell')
    }, 100)
  })
  expect(await ended).toBe(70)
  const again = await open()
  const dialog = again.page.getByRole('dialog', { name: 'Rundesk did not close by itself' })
  await expect(dialog).toContainText('the sky fell')
  await expect(dialog).toContainText('it executed no run')
  await dialog.getByRole('button', { name: 'Close' }).click()
  await again.page.reload()
  await expect(again.page.getByText('No runs yet')).toBeVisible()
  await expect(dialog).toBeHidden()
  await again.electron?.close()
  expect(existsSync(join(dirname(workspace), 'data', 'running.json'))).toBe(false)
})
