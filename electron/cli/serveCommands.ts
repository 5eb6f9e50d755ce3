import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createClient } from '../../shared/client'
import { isLink } from '../../shared/links'
import type { App } from '../api/app'
import type { DemoControl } from '../api/demoControl'
import { exitCodes } from './exitCodes'
import { onInterrupt } from './interrupts'
import { type GlobalOptions, version } from './runCli'
import { createTerminal } from './terminal'

/** `rundesk serve`: the app in a browser until interrupted. */
export async function serve(options: GlobalOptions & { readonly port: number }): Promise<number> {
  return serveUntilInterrupted({ ...options, workspaces: options.workspace, demo: null })
}

/**
 * `rundesk open LINK|FOLDER|FILE`: the app in a browser at what a link names, or at the runs of a folder or of a file
 * alone, until interrupted.
 */
export async function openTarget(target: string, options: GlobalOptions & { readonly port: number }): Promise<number> {
  const named = isLink(target) ? target : resolve(target)
  return serveUntilInterrupted({ ...options, workspaces: options.workspace, demo: null, target: named })
}

/** `rundesk demo`: a workspace that is alive, in a browser until interrupted; what it made is removed with it. */
export async function demo(options: GlobalOptions & { readonly port: number; readonly dir?: string }): Promise<number> {
  const { startDemo } = await import('../demo/startDemo')
  const started = await startDemo(options.dir === undefined ? {} : { dir: options.dir })
  try {
    return await serveUntilInterrupted({
      ...options,
      dataDir: started.dataDir,
      workspaces: started.workspaces,
      demo: started.control,
      onServed: started.play,
    })
  } finally {
    await started.stop()
  }
}

async function serveUntilInterrupted({
  dataDir,
  port,
  readOnly,
  workspaces,
  demo: control,
  target,
  onServed,
}: {
  readonly dataDir: string
  readonly port: number
  readonly readOnly: boolean
  readonly workspaces: readonly string[]
  readonly demo: DemoControl | null
  /** What the address leads to. */
  readonly target?: string
  readonly onServed?: (request: (channel: string, input: unknown) => Promise<unknown>) => Promise<void>
}): Promise<number> {
  const terminal = createTerminal({ json: false })
  const [{ createApp }, { serveApp }] = await Promise.all([import('../api/app'), import('../host/serveApp')])
  const app = await createApp({
    dataDir,
    home: homedir(),
    workspaces,
    host: 'browser',
    version: version(),
    chooseFolder: null,
    demo: control,
    readOnly,
    onBug: (error) => terminal.say(`rundesk: ${error instanceof Error ? error.stack : String(error)}`),
  })
  try {
    const place = target === undefined ? '' : await placeOf(app, target)
    const served = await serveApp({ app, rendererDir: rendererDir(), port })
    try {
      const url = `${served.url}${place}`
      terminal.answer(url, () => `Rundesk is at ${url}\nPress Ctrl-C to end it.`)
      await onServed?.((channel, input) => app.request(channel, input, 'cli'))
      await interrupted()
    } finally {
      await served.close()
    }
  } finally {
    await app.close({ stopRuns: true })
  }
  return exitCodes.done
}

/** The address behind `#` of what is to be opened. Throws what the app refuses. */
async function placeOf(app: App, target: string): Promise<string> {
  const client = createClient({ request: (...asked) => app.request(...asked, 'cli'), subscribe: app.subscribe })
  return (await client.request('places:open', { target })).hash
}

/** Resolves at the first interrupt. Later ones, such as a terminal's and a parent's for the same key, do not cut the ending short. */
function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    onInterrupt(resolve)
  })
}

/** The built window lies beside the built main process. */
function rendererDir(): string {
  const here = dirname(fileURLToPath(import.meta.url))
  return join(here.endsWith('chunks') ? dirname(here) : here, '..', 'renderer')
}
