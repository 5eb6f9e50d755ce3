import { BrowserWindow, app as electron } from 'electron'
import type { Output } from '../../shared/contract'
import type { Outcome } from '../../shared/outcome'
import type { App } from '../api/app'
import { dotIcon } from './trayIcon'

/** Why no badge can be shown; null when it can. It is tried with none, before any is shown. */
export function badgeTrouble(): string | null {
  return process.platform === 'linux' && !electron.setBadgeCount(0) ? 'This desktop shows no badges.' : null
}

/** Shows on the icon of the app how many notices are unread, while the settings want it. Gives what stops it. */
export function showBadge(app: App): () => void {
  let shown = 0
  const put = (count: number): void => {
    if (count === shown) return
    shown = count
    if (process.platform !== 'win32') {
      electron.setBadgeCount(count)
      return
    }
    for (const window of BrowserWindow.getAllWindows())
      window.setOverlayIcon(count === 0 ? null : dotIcon(16), count === 0 ? '' : `${count} unread`)
  }
  const look = async (): Promise<void> => {
    const input = { unreadOnly: true, offset: 0, limit: 0 }
    const outcome = (await app.request('notices:list', input, 'window')) as Outcome<Output<'notices:list'>>
    put(app.settings().showBadge && outcome.ok ? outcome.value.unread : 0)
  }
  const stop = app.subscribe((event) => {
    if (event === 'notices:changed' || event === 'settings:changed') void look()
  })
  void look()
  return () => {
    stop()
    put(0)
  }
}
