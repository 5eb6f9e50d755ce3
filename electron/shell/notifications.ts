import { type BrowserWindow, Notification } from 'electron'
import { events } from '../../shared/contract'
import { troubleWords } from '../../shared/rules/troubleWords'
import type { App } from '../api/app'
import { tellWindow } from './bridge'

/** Lets the desktop tell of writebacks that begin to need a person, unless the window is in front. Gives what stops it. */
export function notifyOfTrouble(app: App, window: BrowserWindow): () => void {
  /** One that nobody holds loses its click. */
  const shown = new Set<Notification>()
  return app.subscribe((event, payload) => {
    if (event !== 'writebacks:trouble' || window.isDestroyed() || window.isFocused() || !Notification.isSupported())
      return
    const trouble = events['writebacks:trouble'].parse(payload)
    const notification = new Notification(troubleWords(trouble))
    shown.add(notification)
    notification.on('close', () => shown.delete(notification))
    notification.on('click', () => {
      shown.delete(notification)
      if (window.isDestroyed()) return
      window.show()
      tellWindow(window, 'writebacks:show', { workspaceId: trouble.workspaceId })
    })
    notification.show()
  })
}
