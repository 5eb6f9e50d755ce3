import { type ElectronApplication, expect } from '@playwright/test'

/** There is no notification service in a test: what would be handed to the desktop is kept instead, and no window is in front. */
export async function keepDesktopNotices(electron: ElectronApplication | null) {
  if (electron === null) throw new Error('A browser has no desktop to tell')
  const isOnScreen = (): Promise<boolean> =>
    electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().every((window) => window.isVisible()))
  await expect.poll(isOnScreen).toBe(true)
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
  return {
    /** Title and body of each. */
    told: (): Promise<readonly (readonly string[])[]> =>
      electron.evaluate(() => {
        const { shown } = globalThis as unknown as { readonly shown: readonly Electron.Notification[] }
        return shown.map(({ title, body }) => [title, body])
      }),
    click: (index: number): Promise<void> =>
      electron.evaluate((_electron, at) => {
        const { shown } = globalThis as unknown as { readonly shown: readonly Electron.Notification[] }
        shown[at]?.emit('click')
      }, index),
  }
}
