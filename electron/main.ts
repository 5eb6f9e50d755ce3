import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { app, type BrowserWindow, session } from 'electron'
import { createApp } from './api/app'
import { defaultDataDir } from './api/defaultDataDir'
import { startDemo } from './demo/startDemo'
import { registerAppScheme, serveAppProtocol } from './shell/appProtocol'
import { connectBridge } from './shell/bridge'
import { readCommandLine } from './shell/commandLine'
import { openDesktop } from './shell/desktop'
import { hardenContents, hardenSession } from './shell/hardening'
import { askToStopRuns, choosePath, openMainWindow, preloadPath, setMenu, showApp } from './shell/mainWindow'
import { changeZoom } from './shell/zoom'

const here = dirname(fileURLToPath(import.meta.url))
const options = readCommandLine(process.argv.slice(1))

registerAppScheme()
app.enableSandbox()
hardenContents()
if (options.dataDir) app.setPath('userData', join(options.dataDir, 'chromium'))

if (options.demo || app.requestSingleInstanceLock()) void app.whenReady().then(open)
else app.quit()

async function open(): Promise<void> {
  let window: BrowserWindow | undefined
  const demo = options.demo ? await startDemo() : null
  const dataDir = demo?.dataDir ?? options.dataDir ?? defaultDataDir()
  const desktop = openDesktop()
  const rundesk = await createApp({
    dataDir,
    home: homedir(),
    workspaces: demo?.workspaces ?? options.workspaces,
    host: 'electron',
    version: app.getVersion(),
    chooseFolder: () => choosePath(() => window, 'folder'),
    chooseProgram: () => choosePath(() => window, 'program'),
    desktop: desktop.facts,
    demo: demo?.control ?? null,
    readOnly: options.readOnly,
    onBug: (error) => console.error(error),
  })
  hardenSession(session.defaultSession)
  serveAppProtocol(session.defaultSession, join(here, '..', 'renderer'))
  window = await openMainWindow({ dataDir, preload: preloadPath(here) })
  const opened = window
  const disconnect = connectBridge(rundesk, opened)
  setMenu({ onZoom: (direction) => void changeZoom(rundesk, direction) })
  const stopDesktop = desktop.connect(rundesk, { front: () => opened, quit: () => void askToLeave() })
  app.on('second-instance', () => opened.show())

  let leaving = false
  const leave = async (): Promise<void> => {
    if (leaving) return
    leaving = true
    disconnect()
    stopDesktop()
    await rundesk.close({ stopRuns: true })
    await demo?.stop()
    app.exit(0)
  }
  const askToLeave = async (): Promise<void> => {
    const count = demo ? 0 : rundesk.activeRuns()
    if (count === 0 || (await askToStopRuns(opened, count))) await leave()
  }
  opened.on('close', (event) => {
    if (leaving) return
    event.preventDefault()
    if (desktop.staysOpen()) opened.hide()
    else void askToLeave()
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void leave())

  await showApp(opened)
  await demo?.play((channel, input) => rundesk.request(channel, input, 'cli'))
}
