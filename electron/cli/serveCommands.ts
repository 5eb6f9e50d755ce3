import { resolve } from 'node:path'
import { isLink } from '../../shared/links'
import { endedAtOnceWords, endSayingWhy, type WhyEnding } from '../api/endings'
import { onInterrupt } from '../api/interrupts'
import { scriptPath } from '../api/scriptPath'
import { whenIdle } from '../host/idleEnd'
import { exitCodes } from './exitCodes'
import { lastEndWords } from './lastEndWords'
import type { Served, Serving } from './openServed'
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

interface UntilInterrupted extends Omit<Serving, 'version'>, Pick<ServeOptions, 'idleMinutes'> {
  /** Is a second one of the same workspaces refused? */
  readonly once?: boolean
  readonly onServed?: (request: (channel: string, input: unknown) => Promise<unknown>) => Promise<void>
}

async function serveUntilInterrupted(options: UntilInterrupted): Promise<number> {
  const { dataDir, workspaces } = options
  const terminal = createTerminal({ json: false })
  const [{ openServed }, { serveOnce }, { watchMainThread }] = await Promise.all([
    import('./openServed'),
    import('../host/servingNote'),
    import('../host/mainThreadWatch'),
  ])
  const start = (): Promise<Served> => openServed({ ...options, version: version() }, terminal)
  const { served, forget } = options.once
    ? await serveOnce({ dataDir, workspaces: workspaces.map((folder) => resolve(folder)), start })
    : { served: await start(), forget: async () => undefined }
  const { app } = served
  const stopWatch = watchMainThread({
    scriptPath: scriptPath('mainThreadWatch'),
    onTrouble: (error) => app.log.bug('host', error),
  })
  let why: WhyEnding = 'quit'
  try {
    terminal.answer(served.url, () => `Rundesk is at ${served.url}\nPress Ctrl-C to end it.`)
    void sayLastEnds(app, terminal)
    await options.onServed?.((channel, input) => app.request(channel, input, 'cli'))
    why = await ending(served, { terminal, idleMinutes: options.idleMinutes })
  } finally {
    const end = async (): Promise<void> => {
      await forget()
      await served.end(why)
    }
    await endSayingWhy(end, { app, say: terminal.say })
    stopWatch()
  }
  return exitCodes.done
}

/** Says what became of those that did not close; which of their runs were cut off is known when the workspaces are read. */
async function sayLastEnds(app: Served['app'], terminal: Terminal): Promise<void> {
  for (const lastEnd of await app.lastEnds()) for (const line of lastEndWords(lastEnd)) terminal.say(line)
}

/** Resolves when it is to end, because it was interrupted or nobody looks, with why. */
function ending(
  { app, pages, endAtOnce }: Served,
  { terminal, idleMinutes }: { readonly terminal: Terminal; readonly idleMinutes: number | undefined },
): Promise<WhyEnding> {
  return new Promise((end) => {
    const sayAtOnce = (): void => {
      endAtOnce()
      terminal.say(endedAtOnceWords(app))
    }
    onInterrupt({ act: end, sayAtOnce })
    if (idleMinutes === undefined) return
    whenIdle({
      afterMs: idleMinutes * 60_000,
      isBusy: () => pages() > 0 || app.activeRuns() > 0,
      onIdle: () => {
        terminal.say(`rundesk: nobody looked for ${idleMinutes} minutes, so it ends.`)
        end('quit')
      },
    })
  })
}
