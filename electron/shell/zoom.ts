import type { BrowserWindow } from 'electron'
import type { App } from '../api/app'

const step = 10
const [least, most] = [80, 200]

/** Keeps a window's zoom as the settings say, in per cent. Gives what stops it. */
export function followZoom(app: App, window: BrowserWindow): () => void {
  const apply = (): void => {
    if (!window.isDestroyed()) window.webContents.setZoomFactor(app.settings().zoomPercent / 100)
  }
  window.webContents.on('did-finish-load', apply)
  apply()
  return app.subscribe((event) => {
    if (event === 'settings:changed') apply()
  })
}

/** Makes everything larger (1), smaller (-1) or as it came (0): the settings keep it. */
export async function changeZoom(app: App, direction: 1 | -1 | 0): Promise<void> {
  const percent = app.settings().zoomPercent
  const next = direction === 0 ? 100 : Math.min(most, Math.max(least, percent + direction * step))
  await app.request('settings:set', { zoomPercent: next }, 'window')
}
