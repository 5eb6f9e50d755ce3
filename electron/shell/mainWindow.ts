import { join } from 'node:path'
import { app, BrowserWindow, dialog, nativeImage, nativeTheme, type OpenDialogOptions, type Rectangle } from 'electron'
import icon from '../../build/icons/64x64.png?inline'
import { RundeskError } from '../../shared/outcome'

/** Makes a window: sandboxed, isolated, with nothing but the bridge. */
export function openWindow({
  bounds,
  maximized,
  behind,
  preload,
}: {
  readonly bounds: Partial<Rectangle>
  readonly maximized: boolean
  /** Does it come behind those that are there? */
  readonly behind: boolean
  readonly preload: string
}): BrowserWindow {
  const window = new BrowserWindow({
    width: 1280,
    height: 800,
    minWidth: 360,
    minHeight: 300,
    ...bounds,
    title: 'Rundesk',
    show: false,
    autoHideMenuBar: true,
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
  window.once('ready-to-show', () => {
    if (maximized) window.maximize()
    if (behind) window.showInactive()
    else window.show()
    // Systems take the icon from the package, where it is installed; elsewhere from the window.
    if (process.platform !== 'darwin') window.setIcon(nativeImage.createFromDataURL(icon))
  })
  return window
}

const dialogs = {
  folder: { title: 'Open a folder', properties: ['openDirectory'] },
  program: { title: 'Choose a program', properties: ['openFile'] },
  runFile: {
    title: 'Open a file of runs, to look at',
    properties: ['openFile'],
    filters: [
      { name: 'Files of runs', extensions: ['jsonl'] },
      { name: 'All files', extensions: ['*'] },
    ],
  },
} as const satisfies Record<string, OpenDialogOptions>

let isAsking = false

/**
 * The system's dialog for a folder, a program or a file of runs; null when the person closed it. Throws `refused` while
 * another one is open.
 */
export async function choosePath(
  window: () => BrowserWindow | undefined,
  kind: keyof typeof dialogs,
): Promise<string | null> {
  if (isAsking)
    throw new RundeskError(
      'refused',
      'A dialog for a file or a folder is open already. Answer or close that one first.',
    )
  const parent = window()
  const options: OpenDialogOptions = structuredClone(dialogs[kind]) as OpenDialogOptions
  isAsking = true
  try {
    const asked = parent ? dialog.showOpenDialog(parent, options) : dialog.showOpenDialog(options)
    const { canceled, filePaths } = await asked
    return canceled ? null : (filePaths[0] ?? null)
  } finally {
    isAsking = false
  }
}

/** Where the preload script was built. */
export function preloadPath(mainDir: string): string {
  return join(mainDir, '..', 'preload', 'preload.cjs')
}
