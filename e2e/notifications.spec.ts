import { expect } from '@playwright/test'
import { keepDesktopNotices } from './desktopNotices'
import { stuck, test } from './deskWorld'

test('while the window is not in front the desktop tells of writebacks that need a person, and a click leads to them', async ({
  open,
  desk,
}) => {
  await desk.write(stuck('/docs/known.md'))
  const { page, electron } = await open({ env: { HOME: desk.home } })
  const { told, click } = await keepDesktopNotices(electron)
  await expect(page.getByRole('link', { name: /Writebacks.*1/ }).first()).toBeAttached()
  await desk.write(stuck('/docs/late.md'))
  await expect.poll(told).toEqual([['A writeback needs you', expect.stringMatching(/^\/docs\/late\.md/)]])
  await click(0)
  await expect(page.getByRole('listbox', { name: 'Writebacks' }).getByRole('option')).toHaveCount(2)
})
