import { Menu, type MenuItemConstructorOptions } from 'electron'
import { type KeyId, keysOf } from '../../shared/keys'

/** What the menu asks for besides what the system does by itself. */
export interface MenuActs {
  readonly newWindow: () => void
  readonly openFolder: () => void
  readonly openFile: () => void
  readonly zoom: (direction: 1 | -1 | 0) => void
  /** Shows this place in the front window; for updates a server is asked. */
  readonly show: (place: 'updates' | 'diagnostics') => void
  readonly go: (way: 'back' | 'forward') => void
}

/** Sets the menu of all windows; without a menu bar its keys still work, and Alt shows it. */
export function setAppMenu({ newWindow, openFolder, openFile, zoom, go, show }: MenuActs): void {
  const onMac = process.platform === 'darwin'
  const file: MenuItemConstructorOptions[] = [
    { label: 'New Window', accelerator: acceleratorOf('new-window'), click: newWindow },
    { type: 'separator' },
    { label: 'Open Folder…', accelerator: acceleratorOf('open-folder'), click: openFolder },
    { label: 'Open Run File…', accelerator: acceleratorOf('open-file'), click: openFile },
    { type: 'separator' },
    { role: 'close', accelerator: acceleratorOf('close-window') },
    ...(onMac ? [] : [{ role: 'quit' } as const]),
  ]
  const view: MenuItemConstructorOptions[] = [
    {
      label: 'Back',
      accelerator: onMac ? 'Cmd+[' : acceleratorOf('back'),
      registerAccelerator: false,
      click: () => go('back'),
    },
    {
      label: 'Forward',
      accelerator: onMac ? 'Cmd+]' : acceleratorOf('forward'),
      registerAccelerator: false,
      click: () => go('forward'),
    },
    { type: 'separator' },
    { label: 'Actual Size', accelerator: acceleratorOf('actual-size'), click: () => zoom(0) },
    { label: 'Larger', accelerator: 'CmdOrCtrl+Plus', click: () => zoom(1) },
    {
      label: 'Larger (without Shift)',
      accelerator: acceleratorOf('larger'),
      visible: false,
      acceleratorWorksWhenHidden: true,
      click: () => zoom(1),
    },
    { label: 'Smaller', accelerator: acceleratorOf('smaller'), click: () => zoom(-1) },
    { role: 'togglefullscreen' },
  ]
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      { role: 'appMenu', visible: onMac },
      { label: 'File', submenu: file },
      { role: 'editMenu' },
      { label: 'View', submenu: view },
      { role: 'windowMenu' },
      {
        role: 'help',
        submenu: [
          { label: 'Check for Updates…', click: () => show('updates') },
          { label: 'Diagnostics…', click: () => show('diagnostics') },
        ],
      },
    ]),
  )
}

/** How Electron writes the key of a line of the list of keys. */
function acceleratorOf(id: KeyId): string {
  return (keysOf(id)[0] ?? '').replace('Ctrl', 'CmdOrCtrl').replace('Arrow', '')
}
