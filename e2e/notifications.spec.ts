import { expect } from '@playwright/test'
import { stuck, test } from './deskWorld'

test('while the window is not in front the desktop tells of writebacks that need a person, and a click leads to them', async ({
  open,
  desk,
}) => {
  await desk.write(stuck('/docs/known.md'))
  const { page, electron } = await open({ env: { HOME: desk.home } })
  if (electron === null) throw new Error('A browser has no desktop to tell')
  const isOnScreen = (): Promise<boolean> =>
    electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().every((window) => window.isVisible()))
  await expect.poll(isOnScreen).toBe(true)
  // There is no notification service here: what would be handed to it is kept instead.
  await electron.evaluate(({ Notification, BrowserWindow }) => {
    const shown: Electron.Notification[] = []
    Object.assign(globalThis, { shown })
    Notification.isSupported = () => true
    Notification.prototype.show = function show(this: Electron.Notification) {
      shown.push(this)
    }
    for (const window of BrowserWindow.getAllWindows()) window.hide()
  })
  await expect.poll(isOnScreen).toBe(false)
  await expect(page.getByRole('link', { name: /Writebacks.*1/ }).first()).toBeAttached()
  await desk.write(stuck('/docs/late.md'))
  const told = (): Promise<readonly (readonly string[])[]> =>
    electron.evaluate(() => {
      const { shown } = globalThis as unknown as { readonly shown: readonly Electron.Notification[] }
      return shown.map(({ title, body }) => [title, body])
    })
  await expect.poll(told).toEqual([['A writeback needs you', expect.stringMatching(/^\/docs\/late\.md/)]])
  await electron.evaluate(() => {
    const { shown } = globalThis as unknown as { readonly shown: readonly Electron.Notification[] }
    shown[0]?.emit('click')
  })
  await expect(page.getByRole('listbox', { name: 'Writebacks' }).getByRole('option')).toHaveCount(2)
})
