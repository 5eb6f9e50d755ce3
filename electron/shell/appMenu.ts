import { Menu, type MenuItemConstructorOptions } from 'electron'

/** What the menu asks for besides what the system does by itself. */
export interface MenuActs {
  readonly newWindow: () => void
  readonly openFolder: () => void
  readonly openFile: () => void
  readonly zoom: (direction: 1 | -1 | 0) => void
  readonly go: (way: 'back' | 'forward') => void
}

/** Sets the menu of all windows; without a menu bar its keys still work, and Alt shows it. */
export function setAppMenu({ newWindow, openFolder, openFile, zoom, go }: MenuActs): void {
  const onMac = process.platform === 'darwin'
  const file: MenuItemConstructorOptions[] = [
    { label: 'New Window', accelerator: 'CmdOrCtrl+Shift+N', click: newWindow },
    { type: 'separator' },
    { label: 'Open Folder…', accelerator: 'CmdOrCtrl+O', click: openFolder },
    { label: 'Open Run File…', accelerator: 'CmdOrCtrl+Shift+O', click: openFile },
    { type: 'separator' },
    { role: 'close', accelerator: 'CmdOrCtrl+W' },
    ...(onMac ? [] : [{ role: 'quit' } as const]),
  ]
  const view: MenuItemConstructorOptions[] = [
    { label: 'Back', accelerator: onMac ? 'Cmd+[' : 'Alt+Left', registerAccelerator: false, click: () => go('back') },
    {
      label: 'Forward',
      accelerator: onMac ? 'Cmd+]' : 'Alt+Right',
      registerAccelerator: false,
      click: () => go('forward'),
    },
    { type: 'separator' },
    { label: 'Actual Size', accelerator: 'CmdOrCtrl+0', click: () => zoom(0) },
    { label: 'Larger', accelerator: 'CmdOrCtrl+Plus', click: () => zoom(1) },
    {
      label: 'Larger (without Shift)',
      accelerator: 'CmdOrCtrl+=',
      visible: false,
      acceleratorWorksWhenHidden: true,
      click: () => zoom(1),
    },
    { label: 'Smaller', accelerator: 'CmdOrCtrl+-', click: () => zoom(-1) },
    { role: 'togglefullscreen' },
  ]
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      { role: 'appMenu', visible: onMac },
      { label: 'File', submenu: file },
      { role: 'editMenu' },
      { label: 'View', submenu: view },
      { role: 'windowMenu' },
    ]),
  )
}
