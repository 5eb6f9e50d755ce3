import { BrowserWindow, app as electron, type WebContents } from 'electron'
import type { App } from '../api/app'

const step = 10
const [least, most] = [80, 200]

/** Keeps the zoom of all windows as the settings say, in per cent. Gives what stops it. */
export function followZoom(app: App): () => void {
  const apply = (contents: WebContents): void => {
    if (!contents.isDestroyed()) contents.setZoomFactor(app.settings().zoomPercent / 100)
  }
  const follow = (contents: WebContents): void => {
    contents.on('did-finish-load', () => apply(contents))
    apply(contents)
  }
  const onMade = (_event: unknown, contents: WebContents): void => follow(contents)
  for (const { webContents } of BrowserWindow.getAllWindows()) follow(webContents)
  electron.on('web-contents-created', onMade)
  const stop = app.subscribe((event) => {
    if (event === 'settings:changed') for (const { webContents } of BrowserWindow.getAllWindows()) apply(webContents)
  })
  return () => {
    stop()
    electron.off('web-contents-created', onMade)
  }
}

/** Makes everything larger (1), smaller (-1) or as it came (0): the settings keep it. */
export async function changeZoom(app: App, direction: 1 | -1 | 0): Promise<void> {
  const { zoomPercent } = app.settings()
  const next = direction === 0 ? 100 : Math.min(most, Math.max(least, zoomPercent + direction * step))
  await app.request('settings:set', { zoomPercent: next }, 'window')
}
