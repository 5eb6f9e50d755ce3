import { BrowserWindow, type IpcMainInvokeEvent, ipcMain } from 'electron'
import type { EventName, EventPayload } from '../../shared/contract'
import { type Outcome, toFailure } from '../../shared/outcome'
import { layoutSchema, placeSchema } from '../../shared/places'
import type { App } from '../api/app'
import { isAppUrl } from './appProtocol'
import type { AppWindows } from './appWindows'

/** The two names that the preload script uses. */
const requestChannel = 'rundesk:request'
const eventChannel = 'rundesk:event'

/**
 * Connects the windows to the app, which may still be opening: their main frames may ask, and are answered when it is
 * there; everybody else is refused. What is asked of a window itself is answered here. Gives the function that disconnects.
 */
export function connectBridge(
  opening: Promise<App>,
  windows: Pick<AppWindows, 'all' | 'front' | 'open' | 'remember'>,
): () => void {
  let connected = true
  let unsubscribe = (): void => undefined
  ipcMain.handle(requestChannel, async (event, channel: unknown, input: unknown): Promise<Outcome<unknown>> => {
    try {
      const app = await opening
      const window = senderOf(event, windows.all())
      if (!window || typeof channel !== 'string') {
        return { ok: false, error: { code: 'refused', message: 'This sender may not ask.' } }
      }
      return (await ofWindow(windows, { channel, input })) ?? (await app.request(channel, input, 'window'))
    } catch (error) {
      return { ok: false, error: toFailure(error) }
    }
  })
  void opening.then((app) => {
    if (!connected) return
    unsubscribe = app.subscribe((event, payload) => {
      // What calls a person is told once, where they are.
      const front = windows.front()
      const hearers = event === 'notices:told' ? (front ? [front] : []) : windows.all()
      for (const window of hearers) send(window, event, payload)
    })
  }, noEvents)
  return () => {
    connected = false
    unsubscribe()
    ipcMain.removeHandler(requestChannel)
  }
}

/** Of an app that could not be opened. */
function noEvents(): void {}

/** Tells the window of an event that no other one needs to hear. */
export function tellWindow<E extends EventName>(window: BrowserWindow, event: E, payload: EventPayload<E>): void {
  send(window, event, payload)
}

async function ofWindow(
  windows: Pick<AppWindows, 'open' | 'remember'>,
  { channel, input }: { readonly channel: string; readonly input: unknown },
): Promise<Outcome<unknown> | undefined> {
  if (channel !== 'windows:open' && channel !== 'windows:remember') return undefined
  const place = placeSchema.safeParse(input)
  const layout = layoutSchema.safeParse(input)
  if (channel === 'windows:open' && place.success) await windows.open(place.data.hash)
  else if (channel === 'windows:remember' && layout.success) windows.remember(layout.data)
  else return { ok: false, error: { code: 'refused', message: `${channel}: the input is not valid.` } }
  return { ok: true, value: {} }
}

function send(window: BrowserWindow, event: EventName, payload: unknown): void {
  if (!window.isDestroyed()) window.webContents.send(eventChannel, event, payload)
}

function senderOf(
  { senderFrame, sender }: IpcMainInvokeEvent,
  windows: readonly BrowserWindow[],
): BrowserWindow | undefined {
  const window = BrowserWindow.fromWebContents(sender)
  if (!window || !windows.includes(window)) return undefined
  const isMain = senderFrame !== null && senderFrame === window.webContents.mainFrame && isAppUrl(senderFrame.url)
  return isMain ? window : undefined
}
