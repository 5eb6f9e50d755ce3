import { app, type Session } from 'electron'
import { isAppUrl, isOwnBlob } from './appProtocol'

/** Refuses, for every page that ever exists here: other addresses, new windows and embedded pages. */
export function hardenContents(): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.setWindowOpenHandler(() => ({ action: 'deny' }))
    contents.on('will-navigate', (event, url) => {
      if (!isAppUrl(url)) event.preventDefault()
    })
    contents.on('will-redirect', (event, url) => {
      if (!isAppUrl(url)) event.preventDefault()
    })
    contents.on('will-frame-navigate', (event) => {
      if (!event.isMainFrame) event.preventDefault()
    })
    contents.on('will-attach-webview', (event) => event.preventDefault())
  })
}

/** What Copy needs: text may be put on the clipboard after a click or a key, and never be read from it. */
const allowed = 'clipboard-sanitized-write'

/** Denies every other permission that a page can ask for, every request that leaves the app, and files that it did not make. */
export function hardenSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, answer) => answer(permission === allowed))
  session.setPermissionCheckHandler((_contents, permission) => permission === allowed)
  session.setDevicePermissionHandler(() => false)
  session.on('will-download', (event, item) => {
    if (!isOwnBlob(item.getURL())) event.preventDefault()
  })
  session.webRequest.onBeforeRequest((details, answer) =>
    answer({
      cancel:
        !isAppUrl(details.url) &&
        !isOwnBlob(details.url) &&
        !details.url.startsWith('devtools:') &&
        !details.url.startsWith('data:'),
    }),
  )
}
