import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Bench } from '../main'
import { median, toLimit, toRatio } from '../measure'
import { forget, giveToTestUser } from './openWindow'
import { emptyWorkspace } from './windowBenches'

const rounds = 9
/** The driver comes when all is over, so that it costs neither of them anything. */
const settleMs = 3_000

/** The package as it is shipped beside an Electron that shows one line of text: time to the first paint, and size. */
const windowStart: Bench = async ({ dir }) => {
  const { RUNDESK_BENCH_ELECTRON: electron = '', RUNDESK_BENCH_PACKAGED: packaged = '' } = process.env
  const { RUNDESK_BENCH_PACKAGE_DIR: packageDir = '', RUNDESK_BENCH_RUNTIME_DIR: runtimeDir = '' } = process.env
  const workspace = emptyWorkspace(dir, 'window-start')
  const dataDir = join(dir, 'work', 'window-start-data')
  const bare = bareApp(join(dir, 'work', 'window-bare'), dataDir)
  const times: number[] = []
  const bareTimes: number[] = []
  for (let round = 0; round < rounds; round++) {
    for (const [found, command, args] of [
      [bareTimes, electron, [bare]],
      [times, packaged, ['-w', workspace, '--data-dir', dataDir]],
    ] as const) {
      mkdirSync(forget(dataDir), { recursive: true })
      giveToTestUser(workspace, dataDir)
      found.push(await firstPaintMs(command, args))
    }
  }
  const mebibytes = (bytes: number): number => bytes / 1024 / 1024
  const sizes = { whole: mebibytes(sizeOf(packageDir)), bare: mebibytes(sizeOf(runtimeDir)) }
  return [
    toRatio('first start of the package to its first paint', {
      value: median(times),
      unit: 'ms',
      reference: { name: 'bare Electron', value: median(bareTimes) },
      goal: 1.6,
    }),
    toRatio('size of the unpacked package', {
      value: sizes.whole,
      unit: 'MiB',
      reference: { name: 'bare Electron', value: sizes.bare },
      goal: 1.05,
    }),
    toLimit('the same: what Rundesk adds', { value: sizes.whole - sizes.bare, unit: 'MiB', below: 8 }),
  ]
}

/** An application that shows a line of text in a window of the same size. */
function bareApp(folder: string, dataDir: string): string {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{"name":"bare","version":"1.0.0","main":"main.mjs"}')
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Bare</title><p>Bare</p>')
  writeFileSync(
    join(folder, 'main.mjs'),
    `import { app, BrowserWindow } from 'electron'
app.setPath('userData', ${JSON.stringify(dataDir)})
void app.whenReady().then(() => {
  const window = new BrowserWindow({ width: 1280, height: 800, show: false, webPreferences: { sandbox: true } })
  window.once('ready-to-show', () => window.show())
  void window.loadFile(${JSON.stringify(join(folder, 'index.html'))})
})
`,
  )
  return folder
}

/** From the start of the process until its window shows its first text, in ms. */
async function firstPaintMs(command: string, args: readonly string[]): Promise<number> {
  const startMs = performance.timeOrigin + performance.now()
  const child = spawn(command, [...args, '--remote-debugging-port=0'], { stdio: ['ignore', 'ignore', 'pipe'] })
  try {
    const url = await debuggingUrl(child)
    await wait(settleMs)
    const { chromium } = await import('@playwright/test') // Only here: no other measurement is to carry it.
    const browser = await chromium.connectOverCDP(url)
    const [context] = browser.contexts()
    const page = context?.pages()[0] ?? (await context?.waitForEvent('page'))
    await page?.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length > 0)
    const paintedMs = await page?.evaluate(() => {
      const [paint] = performance.getEntriesByName('first-contentful-paint')
      return performance.timeOrigin + (paint?.startTime ?? Number.NaN)
    })
    await browser.close()
    return (paintedMs ?? Number.NaN) - startMs
  } finally {
    const ended = new Promise((done) => child.once('exit', done))
    child.kill('SIGTERM')
    await ended
  }
}

function debuggingUrl({ stderr }: ChildProcess): Promise<string> {
  return new Promise((found, fail) => {
    let text = ''
    stderr?.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8')
      const url = /DevTools listening on (ws:\S+)/.exec(text)?.[1]
      if (url) found(url)
    })
    stderr?.on('end', () => fail(new Error(`It ended before its window was there: ${text}`)))
  })
}

function sizeOf(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).reduce(
    (sum, entry) => sum + (entry.isFile() ? statSync(join(entry.parentPath, entry.name)).size : 0),
    0,
  )
}

export const startBenches = { windowStart }
