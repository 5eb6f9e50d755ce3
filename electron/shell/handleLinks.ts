import { execFile } from 'node:child_process'
import { app } from 'electron'
import { linkScheme } from '../../shared/links'

const mostMs = 10_000

/**
 * Makes an installed Rundesk the one that opens `rundesk://` links. On Linux Electron would hold everything up until a
 * script of the desktop has ended, so that script is started beside; a desktop without it keeps what the package says.
 */
export function handleLinks(): void {
  if (!app.isPackaged) return
  const { CHROME_DESKTOP: desktopFile = 'rundesk.desktop' } = process.env
  if (process.platform !== 'linux') app.setAsDefaultProtocolClient(linkScheme)
  else
    execFile(
      'xdg-settings',
      ['set', 'default-url-scheme-handler', linkScheme, desktopFile],
      { timeout: mostMs },
      () => {
        // Links then open what the desktop chooses.
      },
    )
}
