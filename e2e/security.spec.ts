import { appendFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect } from '@playwright/test'
import { attack } from './attack'
import { changedPackage } from './changedPackage'
import { test } from './open'
import { openPackaged } from './packagedApp'

interface Bridged {
  readonly rundesk: {
    readonly request: (
      channel: string,
      input: unknown,
    ) => Promise<{ readonly ok: boolean; readonly error?: { readonly code: string } }>
    readonly pathOf: (file: File) => string
  }
}

test('the page has the bridge and nothing else, and main checks what it asks', async ({ open }) => {
  const { page } = await open()
  const seen = await page.evaluate(async () => {
    const { rundesk } = window as unknown as Bridged
    const code = async (channel: string, input: unknown): Promise<string | undefined> =>
      (await rundesk.request(channel, input)).error?.code
    return {
      node: ['require', 'process', 'module'].filter((name) => name in window),
      bridge: Object.keys(rundesk).sort(),
      ownFile: rundesk.pathOf(new File(['x'], '/etc/passwd')),
      opened: window.open('https://example.com') === null,
      unknown: await code('files:read', { path: '/etc/passwd' }),
      cliOnly: await code('runs:start', { workspaceId: 'x', file: '/x', vars: {} }),
      badInput: await code('runs:query', { workspaceId: 7 }),
      hostileId: await code('runs:get', { workspaceId: '../..', runId: '../../etc/passwd' }),
      fetched: await fetch('https://example.com').then(
        () => 'reached',
        () => 'refused',
      ),
    }
  })
  expect(seen).toEqual({
    node: [],
    bridge: ['pathOf', 'request', 'subscribe'],
    ownFile: '',
    opened: true,
    unknown: 'refused',
    cliOnly: 'refused',
    badInput: 'refused',
    hostileId: 'not_found',
    fetched: 'refused',
  })
})

test('the page stays where it is, under a strict policy', async ({ open }) => {
  const { page } = await open()
  const policy = await page.evaluate(async () => (await fetch(location.href)).headers.get('content-security-policy'))
  const after = await page.evaluate(async () => {
    location.href = 'https://example.com/'
    await fetch(document.URL) // Main has decided about the navigation when this has been answered.
    return { protocol: location.protocol, shown: document.querySelector('nav') !== null }
  })
  expect([policy?.includes("script-src 'self'"), policy?.includes('unsafe'), after]).toEqual([
    true,
    false,
    { protocol: 'rundesk-app:', shown: true },
  ])
})

test('no text becomes markup, code or a script in the page', async ({ open }) => {
  const { page } = await open()
  const refused = await page.evaluate(async () => {
    const tries: Readonly<Record<string, () => unknown>> = {
      markup: () => {
        document.body.innerHTML = '<img src=x onerror="globalThis.hacked=1">'
      },
      code: () => new Function('globalThis.hacked = 1')(),
      script: () => {
        const script = document.createElement('script')
        script.textContent = 'globalThis.hacked = 1'
        document.body.append(script)
      },
      worker: () => new Worker('/assets/other.js'),
      policy: () =>
        (
          window as unknown as { trustedTypes: { createPolicy: (name: string, rules: object) => unknown } }
        ).trustedTypes.createPolicy('another', {}),
      link: () => {
        const link = document.createElement('a')
        link.href = 'javascript:globalThis.hacked=1'
        document.body.append(link)
        link.click()
      },
    }
    await new Promise((done) => setTimeout(done)) // The debugger may run code from texts until here.
    const failed: string[] = []
    for (const [name, attempt] of Object.entries(tries)) {
      try {
        attempt()
      } catch {
        failed.push(name)
      }
    }
    await fetch(document.URL) // What the link began has ended when this has been answered.
    return { failed, hacked: 'hacked' in globalThis }
  })
  expect(refused).toEqual({ failed: ['markup', 'code', 'script', 'worker', 'policy'], hacked: false })
})

test('a window is sandboxed, and downloads nothing but its own', { tag: '@main' }, async ({ open }) => {
  const { page, electron } = await open()
  const preferences = await electron?.evaluate(({ BrowserWindow, session }) => {
    const downloads = globalThis as unknown as { refusedDownloads: boolean[] }
    downloads.refusedDownloads = []
    session.defaultSession.on('will-download', (event) => downloads.refusedDownloads.push(event.defaultPrevented))
    const contents = BrowserWindow.getAllWindows()[0]?.webContents
    const { getLastWebPreferences } = contents as unknown as { getLastWebPreferences: () => Record<string, unknown> }
    const all = getLastWebPreferences.call(contents)
    const told = ['sandbox', 'contextIsolation', 'nodeIntegration', 'webSecurity', 'webviewTag', 'experimentalFeatures']
    return {
      ...Object.fromEntries(told.map((name) => [name, all[name] === true])),
      insecureContent: all.allowRunningInsecureContent === true,
    }
  })
  await page.evaluate(() => {
    const link = document.createElement('a')
    link.href = 'data:text/plain,foreign'
    link.download = 'foreign.txt'
    link.click()
  })
  await expect
    .poll(() => electron?.evaluate(() => (globalThis as unknown as { refusedDownloads: boolean[] }).refusedDownloads))
    .toEqual([true])
  expect(preferences).toEqual({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    webSecurity: true,
    webviewTag: false,
    experimentalFeatures: false,
    insecureContent: false,
  })
})

test('a page gets no permission and no frame', async ({ open }) => {
  const { page } = await open()
  const asked = await page.evaluate(async () => {
    const nameOf = (error: unknown): string => (error instanceof Error ? error.name : String(error))
    const frame = document.createElement('iframe')
    frame.src = 'https://example.com/'
    document.body.append(frame)
    return {
      notifications: await Notification.requestPermission(),
      camera: (await navigator.permissions.query({ name: 'camera' as PermissionName })).state,
      clipboard: await navigator.clipboard.readText().then(() => 'given', nameOf),
      place: await new Promise((done) =>
        navigator.geolocation.getCurrentPosition(
          () => done('given'),
          ({ code }) => done(code),
        ),
      ),
    }
  })
  const frames = page.frames().map((frame) => new URL(frame.url()).protocol)
  expect({ ...asked, reached: frames.includes('https:') }).toEqual({
    notifications: 'denied',
    camera: 'denied',
    clipboard: 'NotAllowedError',
    place: 1,
    reached: false,
  })
})

test('not even code of its own opens the developer tools of a package', { tag: '@package' }, async ({
  workspace,
  closers,
}) => {
  const root = dirname(workspace)
  const asking = `
const { app: packagedApp } = require('electron')
packagedApp.on('browser-window-created', (_event, { webContents }) => {
  webContents.once('devtools-opened', () => console.log('tools: opened'))
  webContents.once('did-finish-load', () => {
    webContents.openDevTools()
    setTimeout(() => console.log('tools: asked for ' + webContents.isDevToolsOpened()), 2_000)
  })
})
`
  const program = await changedPackage(join(root, 'package'), (archived) =>
    appendFile(join(archived, 'out', 'main', 'main.cjs'), asking),
  )
  let output = ''
  const args = ['-w', workspace, '--data-dir', join(root, 'data')]
  const onOutput = (text: string): void => {
    output += text
  }
  await openPackaged({ program, args, env: process.env, onOutput, closers })
  await expect.poll(() => output).toContain('tools: asked for')
  expect([output.includes('tools: asked for false'), output.includes('tools: opened')]).toEqual([true, false])
})

test('what is foreign is not dropped onto the window, which says so', async ({ open }) => {
  const { page } = await open()
  const taken = await page.evaluate(() =>
    ['text/uri-list', 'text/html'].map((type) => {
      const dataTransfer = new DataTransfer()
      dataTransfer.setData(type, 'https://evil.example/<b>')
      const event = new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true })
      document.body.dispatchEvent(event)
      return event.defaultPrevented
    }),
  )
  await expect(page.getByText('Only folders, files of runs and rundesk:// links can be dropped here.')).toBeVisible()
  expect(taken).toEqual([true, true])
})

test('only the page of a window that the app opened may ask: every other sender is refused', {
  tag: '@main',
}, async ({ open }) => {
  const { page, electron } = await open()
  await page.evaluate(() => document.body.append(document.createElement('iframe')))
  const answers = await electron?.evaluate(async ({ app, BrowserWindow, ipcMain }) => {
    const [window] = BrowserWindow.getAllWindows()
    if (!window) throw new Error('there is no window')
    const handlers = (ipcMain as unknown as { _invokeHandlers: Map<string, (...given: unknown[]) => Promise<unknown>> })
      ._invokeHandlers
    const preload = `${app.getAppPath()}/out/preload/preload.cjs`
    const foreign = new BrowserWindow({ show: false, webPreferences: { preload } })
    await foreign.loadURL('data:text/html,<title>foreign</title>')
    const ask = async (senderFrame: unknown, sender: unknown): Promise<unknown> => {
      const answer = await handlers.get('rundesk:request')?.({ senderFrame, sender }, 'app:info', {})
      const { ok, error } = answer as { ok: boolean; error?: { code: string } }
      return ok ? 'answered' : error?.code
    }
    const { mainFrame } = window.webContents
    const asked = {
      own: await ask(mainFrame, window.webContents),
      frameInside: await ask(mainFrame.frames[0], window.webContents),
      noFrame: await ask(null, window.webContents),
      frameOfAnother: await ask(foreign.webContents.mainFrame, window.webContents),
      foreignWindow: await ask(foreign.webContents.mainFrame, foreign.webContents),
    }
    await window.loadURL('data:text/html,<title>elsewhere</title>')
    return { ...asked, movedElsewhere: await ask(window.webContents.mainFrame, window.webContents) }
  })
  expect(answers).toEqual({
    own: 'answered',
    frameInside: 'refused',
    noFrame: 'refused',
    frameOfAnother: 'refused',
    movedElsewhere: 'refused',
    foreignWindow: 'refused',
  })

  const foreign = electron?.windows().find((other) => other !== page)
  if (!foreign) throw new Error('there is no foreign window')
  const tally = await attack(foreign, { seed: 1, count: 300 })
  expect({ ...tally, codes: Object.keys(tally.codes) }).toEqual({
    ...tally,
    codes: ['refused'],
    unanswered: [],
    noOutcome: [],
  })
})
