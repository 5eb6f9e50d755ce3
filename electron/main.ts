import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { app, type BrowserWindow, session } from 'electron'
import type { App } from './api/app'
import { defaultDataDir } from './api/defaultDataDir'
import { cancelReason, endedAtOnceWords, endSayingWhy, type WhyEnding } from './api/endings'
import { onInterrupt } from './api/interrupts'
import { endOnFatalErrors, noteDoing } from './api/noteDoing'
import { openRunningMark } from './api/runningMark'
import { scriptPath } from './api/scriptPath'
import { setAppMenu } from './shell/appMenu'
import { registerAppScheme, serveAppProtocol } from './shell/appProtocol'
import { createAppWindows } from './shell/appWindows'
import { askToLeave } from './shell/askToLeave'
import { connectBridge, tellWindow } from './shell/bridge'
import { cannotStart } from './shell/cannotStart'
import { readCommandLine } from './shell/commandLine'
import { logCrashes } from './shell/crashLog'
import { openDesktop } from './shell/desktop'
import { endProcess } from './shell/endProcess'
import { handleLinks } from './shell/handleLinks'
import { hardenContents, hardenSession } from './shell/hardening'
import { systemSealer } from './shell/keychain'
import { choosePath, preloadPath } from './shell/mainWindow'
import { collectTargets } from './shell/openTargets'
import { ownProgram } from './shell/ownProgram'
import { createPlaces } from './shell/places'
import { createSealedSecrets } from './shell/sealedSecrets'
import { silenceChromium } from './shell/silence'
import { openUpdateSource } from './shell/updateSource'
import { changeZoom } from './shell/zoom'

const here = dirname(fileURLToPath(import.meta.url))
const say = (message: string): void => console.error(message)
const options = readCommandLine(process.argv.slice(1), app.isPackaged ? process.execPath : app.getAppPath())

registerAppScheme()
app.enableSandbox()
hardenContents()
silenceChromium()
if (options.dataDir) app.setPath('userData', join(options.dataDir, 'chromium'))
const asked = collectTargets(options.targets, { alone: options.demo })

if (asked.isFirst) void app.whenReady().then(open).catch(cannotStart)
else app.quit()

async function open(): Promise<void> {
  const dbos = options.dbos === null ? {} : { dbos: { url: options.dbos, script: scriptPath('dbosDemo') } }
  const demo = options.demo ? await (await import('./demo/startDemo')).startDemo(dbos) : null
  const dataDir = demo?.dataDir ?? options.dataDir ?? defaultDataDir()
  hardenSession(session.defaultSession)
  serveAppProtocol(session.defaultSession, join(here, '..', 'renderer'))
  let leaving = false
  let asking = false
  const startNotices: string[] = []
  const windows = await createAppWindows({
    dataDir,
    preload: preloadPath(here),
    mayClose: (window, event) => {
      if (leaving || windows.all().length > 1) return
      event.preventDefault()
      if (desktop.staysOpen()) window.hide()
      else void quit()
    },
  })
  const front = (): BrowserWindow | undefined => windows.front()
  // A window takes as long to come as the app: its page begins by itself while the app is read.
  const beginning = windows.openFirst()
  const desktop = openDesktop()
  const marking = openRunningMark({ dataDir, version: app.getVersion(), face: 'window' })
  const opening = openRundesk()
  const placed = opening.then(async ({ rundesk, places }) => {
    await places.start(asked, (message) => startNotices.push(message))
    return rundesk
  })
  const stops = [connectBridge(placed, windows)]

  async function openRundesk() {
    const mark = await marking
    endOnFatalErrors(mark, endProcess)
    await beginning
    const { createApp } = await import('./api/app')
    const rundesk: App = await createApp({
      dataDir,
      home: homedir(),
      workspaces: demo?.workspaces ?? options.workspaces,
      host: 'electron',
      version: app.getVersion(),
      program: ownProgram(),
      chooseFolder: () => choosePath(front, 'folder'),
      chooseProgram: () => choosePath(front, 'program'),
      chooseFile: () => choosePath(front, 'runFile'),
      takeNotices: () => [...windows.takeNotices(), ...startNotices.splice(0)],
      desktop: desktop.facts,
      lastEnds: mark.lastEnds,
      demo: demo?.control ?? null,
      readOnly: options.readOnly,
      onlooker: windows.onlooker,
      updates: await openUpdateSource({ mainDir: here, demo: demo !== null, log: () => rundesk.log }),
      secrets: createSealedSecrets({ dataDir, sealer: systemSealer }),
      onEnd: () => void leave({ restart: true }),
      onBug: (error) => console.error(error),
    }).catch(async (error: unknown) => {
      await mark.close()
      throw error
    })
    void mark.takeOver()
    logCrashes(rundesk)
    return { rundesk, mark, places: createPlaces(rundesk, windows) }
  }

  const leave = async ({
    restart = false,
    why = 'quit',
  }: {
    readonly restart?: boolean
    readonly why?: WhyEnding
  } = {}): Promise<void> => {
    if (leaving) return
    leaving = true
    const { rundesk, mark } = await opening
    const install = await rundesk.updates.atEnd({ restart })
    if (restart && !install) {
      leaving = false
      return
    }
    await windows.keep()
    for (const stop of stops) stop()
    await endSayingWhy(() => rundesk.close({ stopRuns: true, reason: cancelReason(why) }), { app: rundesk, say })
    await mark.close()
    await demo?.stop()
    await install?.()
    app.exit(0)
  }
  async function quit(): Promise<void> {
    if (asking) return
    asking = true
    const { activeRuns, executing } = (await opening).rundesk
    const goesOn = !demo && activeRuns() > 0
    const wanted = goesOn ? await askToLeave(front(), { executing, hasTray: desktop.hasTray() }) : 'quit'
    if (wanted === 'quit') await leave()
    else if (wanted === 'tray') for (const one of windows.all()) one.hide()
    asking = false
  }
  app.on('before-quit', (event) => {
    if (leaving) return
    event.preventDefault()
    void quit()
  })
  let opened: Awaited<typeof opening> | undefined
  onInterrupt({
    act: (why) => {
      if (leaving) say('rundesk: it is ending already. Interrupt it again to end it at once.')
      else void leave({ why })
    },
    sayAtOnce: () => {
      opened?.mark.endBecause({ kind: 'endedAtOnce' })
      say(opened ? endedAtOnceWords(opened.rundesk) : 'rundesk: ended at once.')
    },
    signals: ['SIGINT', 'SIGTERM'],
  })

  opened = await opening
  const { rundesk, mark, places } = opened
  noteDoing(rundesk, mark)
  stops.push(desktop.connect(rundesk, { front, quit: () => void quit() }))
  setAppMenu({
    newWindow: () => void places.openWindow(),
    openFolder: () => void places.choose('workspaces:choose'),
    openFile: () => void places.choose('places:choose'),
    go: (way) => {
      const window = front()
      if (window) tellWindow(window, 'places:moved', { way })
    },
    show: (place) => {
      const window = front()
      if (place === 'updates') void rundesk.request('updates:check', {}, 'window')
      if (window) tellWindow(window, 'window:go', { place })
    },
    zoom: (direction) => void changeZoom(rundesk, direction),
  })
  if (!demo) handleLinks()
  void placed.then(() => demo?.play((channel, input) => rundesk.request(channel, input, 'cli')))
}
