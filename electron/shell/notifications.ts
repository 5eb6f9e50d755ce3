import { BrowserWindow, Notification } from 'electron'
import { events } from '../../shared/contract'
import type { Notice } from '../../shared/notices'
import { noticeWords } from '../../shared/rules/noticeWords'
import type { App } from '../api/app'

/** Why the desktop cannot tell anything; null when it can. */
export function notificationTrouble(): string | null {
  return Notification.isSupported() ? null : 'This desktop has no notification service.'
}

/**
 * Lets the desktop tell of notices, unless a window is in front. A newer one of the same takes the place of the older.
 * `onClick` leads to what it tells of. Gives what stops it.
 */
export function notifyDesktop(app: App, { onClick }: { readonly onClick: (notice: Notice) => void }): () => void {
  /** One that nobody holds loses its click. */
  const shown = new Map<string, Notification>()
  const stop = app.subscribe((event, payload) => {
    if (event !== 'notices:told') return
    const { notice, desktop } = events['notices:told'].parse(payload)
    if (!desktop || BrowserWindow.getFocusedWindow() !== null || !Notification.isSupported()) return
    const notification = new Notification(noticeWords(notice))
    shown.get(notice.key)?.close()
    shown.set(notice.key, notification)
    const forget = (): void => {
      if (shown.get(notice.key) === notification) shown.delete(notice.key)
    }
    notification.on('close', forget)
    notification.on('click', () => {
      forget()
      onClick(notice)
    })
    notification.show()
  })
  return () => {
    stop()
    for (const notification of shown.values()) notification.close()
  }
}
