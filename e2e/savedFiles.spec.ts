import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect } from '@playwright/test'
import { stuck, test } from './deskWorld'

test('an export is saved as a file, although the window reaches nothing but itself', async ({ open, desk }) => {
  await desk.write(stuck('/docs/a.md'))
  const { page, electron } = await open({ env: { HOME: desk.home } })
  const file = join(dirname(desk.mountDir), 'saved.csv')
  await electron?.evaluate(({ session }, path) => {
    session.defaultSession.on('will-download', (_event, item) => item.setSavePath(path))
  }, file)
  await page
    .getByRole('link', { name: /Writebacks/ })
    .first()
    .click()
  await expect(page.getByRole('option', { name: /Stuck \/docs\/a\.md/ })).toBeVisible()
  await page.getByRole('button', { name: 'Export the list as CSV' }).click()
  await expect.poll(() => readFile(file, 'utf8').catch(() => '')).toContain('"/docs/a.md","stuck"')
})
