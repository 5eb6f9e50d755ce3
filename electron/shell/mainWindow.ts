import { join } from 'node:path'
import { app, BrowserWindow, dialog, Menu, nativeTheme, type OpenDialogOptions } from 'electron'
import { appUrl } from './appProtocol'
import { readWindowState, rememberWindowState } from './windowState'

/** Opens the window: sandboxed, isolated, with nothing but the bridge. A renderer that crashes is loaded again, once. */
export async function openMainWindow({
  dataDir,
  preload,
}: {
  readonly dataDir: string
  readonly preload: string
}): Promise<BrowserWindow> {
  const window = new BrowserWindow({
    width: 1280,
    height: 800,
    minWidth: 360,
    minHeight: 300,
    ...(await readWindowState(dataDir)),
    title: 'Rundesk',
    show: false,
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#16181d' : '#ffffff',
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      devTools: !app.isPackaged,
      spellcheck: false,
    },
  })
  rememberWindowState(window, dataDir)
  window.once('ready-to-show', () => window.show())
  let reloaded = false
  window.webContents.on('render-process-gone', () => {
    if (reloaded || window.isDestroyed()) return
    reloaded = true
    window.webContents.reload()
  })
  window.setMenuBarVisibility(false)
  return window
}

/** Loads the window's page. */
export function showApp(window: BrowserWindow): Promise<void> {
  return window.loadURL(appUrl)
}

/** The system's dialog for a folder or a program; null when the person closed it. */
export async function choosePath(
  window: () => BrowserWindow | undefined,
  kind: 'folder' | 'program',
): Promise<string | null> {
  const parent = window()
  const options: OpenDialogOptions =
    kind === 'folder'
      ? { title: 'Open a folder', properties: ['openDirectory'] }
      : { title: 'Choose a program', properties: ['openFile'] }
  const { canceled, filePaths } = parent
    ? await dialog.showOpenDialog(parent, options)
    : await dialog.showOpenDialog(options)
  return canceled ? null : (filePaths[0] ?? null)
}

/** Asks what becomes of the runs that this window executes. */
export async function askToStopRuns(window: BrowserWindow, count: number): Promise<boolean> {
  const runs = count === 1 ? 'One run is' : `${count} runs are`
  const { response } = await dialog.showMessageBox(window, {
    type: 'question',
    message: `${runs} still going`,
    detail: 'Rundesk executes them itself. If it ends now, they are cancelled and their processes end.',
    buttons: ['Keep Rundesk open', 'Cancel the runs and quit'],
    defaultId: 0,
    cancelId: 0,
  })
  return response === 1
}

/** Where the preload script was built. */
export function preloadPath(mainDir: string): string {
  return join(mainDir, '..', 'preload', 'preload.cjs')
}

/** The menu of the application. On Linux and Windows only its keys are there. */
export function setMenu({ onZoom }: { readonly onZoom: (direction: 1 | -1 | 0) => void }): void {
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      { role: 'appMenu', visible: process.platform === 'darwin' },
      { role: 'editMenu' },
      {
        role: 'viewMenu',
        submenu: [
          { label: 'Actual size', accelerator: 'CommandOrControl+0', click: () => onZoom(0) },
          { label: 'Larger', accelerator: 'CommandOrControl+Plus', click: () => onZoom(1) },
          {
            label: 'Larger (without Shift)',
            accelerator: 'CommandOrControl+=',
            visible: false,
            acceleratorWorksWhenHidden: true,
            click: () => onZoom(1),
          },
          { label: 'Smaller', accelerator: 'CommandOrControl+-', click: () => onZoom(-1) },
          { role: 'togglefullscreen' },
        ],
      },
      { role: 'windowMenu' },
    ]),
  )
}
