import type { BrowserWindow } from 'electron'
import type { WindowPlace } from '../../shared/notices'
import type { Desktop as DesktopFacts } from '../../shared/settings'
import type { App } from '../api/app'
import { badgeTrouble, showBadge } from './badge'
import { tellWindow } from './bridge'
import { notificationTrouble, notifyDesktop } from './notifications'
import { showTray } from './tray'
import { trayTrouble } from './trayTrouble'
import { followZoom } from './zoom'

/** What of the desktop calls a person: notifications, the tray, the badge. */
export interface Desktop {
  /** What it can do here. */
  readonly facts: () => DesktopFacts
  /** Begins, once the app is there. Gives what stops all of it. */
  readonly connect: (app: App, acts: DesktopActs) => () => void
  /** Is there an icon in the tray that leads back to Rundesk? */
  readonly hasTray: () => boolean
  /** Does Rundesk stay in the tray when its last window is closed? */
  readonly staysOpen: () => boolean
}

/** What it asks for. */
export interface DesktopActs {
  /** The window that was in front last. */
  readonly front: () => BrowserWindow | undefined
  readonly quit: () => void
}

/** Looks what the desktop can do; nobody waits for it. */
export function openDesktop(): Desktop {
  const badge = badgeTrouble()
  let tray: string | null = 'Whether this desktop has a tray is not known yet.'
  const looked = trayTrouble().then((trouble) => {
    tray = trouble
  })
  let settings: App['settings'] | undefined
  const hasTray = (): boolean => tray === null && settings?.().showTray === true
  return {
    facts: () => ({ notifications: notificationTrouble(), tray, badge, zoom: null }),
    connect: (app, { front, quit }) => {
      settings = app.settings
      const open = (): BrowserWindow | undefined => {
        const window = front()
        if (window?.isMinimized()) window.restore()
        window?.show()
        window?.focus()
        return window
      }
      const stops = [
        followZoom(app),
        showBadge(app),
        notifyDesktop(app, {
          onClick: (notice) => {
            const window = open()
            if (window) tellWindow(window, 'notices:show', { notice })
          },
        }),
      ]
      const go = (place: WindowPlace): void => {
        const window = open()
        if (window) tellWindow(window, 'window:go', { place })
      }
      let stopped = false
      void looked.then(() => {
        if (tray === null && !stopped) stops.push(showTray(app, { open: () => void open(), go, quit }))
      })
      return () => {
        stopped = true
        for (const stop of stops) stop()
      }
    },
    hasTray,
    staysOpen: () => hasTray() && settings?.().keepRunning === true,
  }
}
