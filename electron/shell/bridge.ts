import { type BrowserWindow, type IpcMainInvokeEvent, ipcMain } from 'electron'
import type { EventName, EventPayload } from '../../shared/contract'
import type { App } from '../api/app'
import { isAppUrl } from './appProtocol'

/** The two names that the preload script uses. */
const requestChannel = 'rundesk:request'
const eventChannel = 'rundesk:event'

/** Connects the window to the app: its main frame may ask, everybody else is refused. Gives the function that disconnects. */
export function connectBridge(app: App, window: BrowserWindow): () => void {
  ipcMain.handle(requestChannel, async (event, channel: unknown, input: unknown) => {
    if (!isTrusted(event, window) || typeof channel !== 'string') {
      return { ok: false, error: { code: 'refused', message: 'This sender may not ask.' } }
    }
    return app.request(channel, input, 'window')
  })
  const unsubscribe = app.subscribe((event, payload) => send(window, event, payload))
  return () => {
    unsubscribe()
    ipcMain.removeHandler(requestChannel)
  }
}

/** Tells the window of an event that no other one needs to hear. */
export function tellWindow<E extends EventName>(window: BrowserWindow, event: E, payload: EventPayload<E>): void {
  send(window, event, payload)
}

function send(window: BrowserWindow, event: EventName, payload: unknown): void {
  if (!window.isDestroyed()) window.webContents.send(eventChannel, event, payload)
}

function isTrusted({ senderFrame, sender }: IpcMainInvokeEvent, window: BrowserWindow): boolean {
  return (
    sender === window.webContents &&
    senderFrame !== null &&
    senderFrame === window.webContents.mainFrame &&
    isAppUrl(senderFrame.url)
  )
}
