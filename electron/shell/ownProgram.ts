import { app } from 'electron'

/** The packaged app as a person starts it: an AppImage or a portable program runs from a place that goes with its process. */
export function ownProgram(): string | null {
  if (!app.isPackaged) return null
  return process.env.APPIMAGE ?? process.env.PORTABLE_EXECUTABLE_FILE ?? process.execPath
}
