import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createClient } from '../../shared/client'
import { isLink } from '../../shared/links'
import type { App } from '../api/app'
import type { DemoControl } from '../api/demoControl'
import { onInterrupt } from '../api/interrupts'
import { scriptPath } from '../api/scriptPath'
import { whenIdle } from '../host/idleEnd'
import type { ServedApp } from '../host/serveApp'
import { endSayingWhy, sayEndedAtOnce } from './endings'
import { exitCodes } from './exitCodes'
import { type GlobalOptions, version } from './runCli'
import { createTerminal, type Terminal } from './terminal'

/** The options of every command that serves the app to a browser. */
export interface ServeOptions extends GlobalOptions {
  readonly port: number
  /** Ends when nobody looked and nothing ran for so many minutes; without it only when interrupted. */
  readonly idleMinutes?: number
}

/** What `rundesk demo` is told besides. */
export interface DemoOptions extends ServeOptions {
  readonly dir?: string
  /** The URL of the database that a DBOS worker works on. */
  readonly dbos?: string
}

/** `rundesk serve`: the app in a browser until interrupted. Refused while the same is served already. */
export async function serve(options: ServeOptions): Promise<number> {
  return serveUntilInterrupted({ ...options, workspaces: options.workspace, demo: null, once: true })
}

/**
 * `rundesk open LINK|FOLDER|FILE`: the app in a browser at what a link names, or at the runs of a folder or of a file
 * alone, until interrupted.
 */
export async function openTarget(target: string, options: ServeOptions): Promise<number> {
  const named = isLink(target) ? target : resolve(target)
  return serveUntilInterrupted({ ...options, workspaces: options.workspace, demo: null, target: named })
}

/** `rundesk demo`: a workspace that is alive, in a browser until interrupted; what it made is removed with it. */
export async function demo(options: DemoOptions): Promise<number> {
  const { startDemo } = await import('../demo/startDemo')
  const { dir, dbos } = options
  const started = await startDemo({
    ...(dir === undefined ? {} : { dir }),
    ...(dbos === undefined ? {} : { dbos: { url: dbos, script: scriptPath('dbosDemo') } }),
  })
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

interface Serving extends Pick<ServeOptions, 'dataDir' | 'port' | 'readOnly' | 'idleMinutes'> {
  readonly workspaces: readonly string[]
  readonly demo: DemoControl | null
  /** What the address leads to. */
  readonly target?: string
  /** Is a second one of the same workspaces refused? */
  readonly once?: boolean
  readonly onServed?: (request: (channel: string, input: unknown) => Promise<unknown>) => Promise<void>
}

async function serveUntilInterrupted(options: Serving): Promise<number> {
  const { dataDir, port, workspaces, target } = options
  const terminal = createTerminal({ json: false })
  const [{ createApp }, { serveApp }, { serveOnce }, { watchMainThread }] = await Promise.all([
    import('../api/app'),
    import('../host/serveApp'),
    import('../host/servingNote'),
    import('../host/mainThreadWatch'),
  ])
  const start = async (): Promise<Served> => {
    const app = await createApp({
      dataDir,
      home: homedir(),
      workspaces,
      host: 'browser',
      version: version(),
      chooseFolder: null,
      demo: options.demo,
      readOnly: options.readOnly,
      onBug: (error) => terminal.say(`rundesk: ${error instanceof Error ? error.stack : String(error)}`),
    })
    try {
      const place = target === undefined ? '' : await placeOf(app, target)
      const served = await serveApp({ app, rendererDir: rendererDir(), port })
      return { ...served, app, url: `${served.url}${place}` }
    } catch (error) {
      await app.close({ stopRuns: true })
      throw error
    }
  }
  const { served, forget } = options.once
    ? await serveOnce({ dataDir, workspaces: workspaces.map((folder) => resolve(folder)), start })
    : { served: await start(), forget: async () => undefined }
  const { app } = served
  const stopWatch = watchMainThread({
    scriptPath: scriptPath('mainThreadWatch'),
    onTrouble: (error) => app.log.bug('host', error),
  })
  try {
    terminal.answer(served.url, () => `Rundesk is at ${served.url}\nPress Ctrl-C to end it.`)
    await options.onServed?.((channel, input) => app.request(channel, input, 'cli'))
    if ((await ending(served, { terminal, idleMinutes: options.idleMinutes })) === 'idle')
      terminal.say(`rundesk: nobody looked for ${options.idleMinutes} minutes, so it ends.`)
  } finally {
    const end = async (): Promise<void> => {
      await forget()
      await served.close()
      await app.close({ stopRuns: true })
    }
    await endSayingWhy(end, { app, terminal })
    stopWatch()
  }
  return exitCodes.done
}

interface Served extends ServedApp {
  readonly app: App
}

/** Why it is to end: an interrupt, or nobody who looks. */
function ending(
  { app, pages }: Served,
  { terminal, idleMinutes }: { readonly terminal: Terminal; readonly idleMinutes: number | undefined },
): Promise<'interrupted' | 'idle'> {
  return new Promise((end) => {
    onInterrupt({ act: () => end('interrupted'), sayAtOnce: () => sayEndedAtOnce(terminal, app) })
    if (idleMinutes === undefined) return
    whenIdle({
      afterMs: idleMinutes * 60_000,
      isBusy: () => pages() > 0 || app.activeRuns() > 0,
      onIdle: () => end('idle'),
    })
  })
}

/** The address behind `#` of what is to be opened. Throws what the app refuses. */
async function placeOf(app: App, target: string): Promise<string> {
  const client = createClient({ request: (...asked) => app.request(...asked, 'cli'), subscribe: app.subscribe })
  return (await client.request('places:open', { target })).hash
}

/** The built window lies beside the built main process. */
function rendererDir(): string {
  const here = dirname(fileURLToPath(import.meta.url))
  return join(here.endsWith('chunks') ? dirname(here) : here, '..', 'renderer')
}
