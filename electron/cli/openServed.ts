import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createClient } from '../../shared/client'
import { type App, createApp } from '../api/app'
import type { DemoControl } from '../api/demoControl'
import { cancelReason, type WhyEnding } from '../api/endings'
import { endOnFatalErrors, noteDoing } from '../api/noteDoing'
import { openRunningMark } from '../api/runningMark'
import { type ServedApp, serveApp } from '../host/serveApp'
import type { GlobalOptions } from './runCli'
import type { Terminal } from './terminal'

/** What is served to browsers. */
export interface Serving extends Pick<GlobalOptions, 'dataDir' | 'readOnly'> {
  readonly port: number
  readonly workspaces: readonly string[]
  readonly demo: DemoControl | null
  /** What the address leads to. */
  readonly target?: string
  readonly version: string
}

/** An app that is served, with a mark that tells the next start what it did, should it not close. */
export interface Served extends ServedApp {
  readonly app: App
  /** Notes that it ends without waiting for its runs. */
  readonly endAtOnce: () => void
  /** Cancels the runs that it executes, because of what ended it, and ends all else. */
  readonly end: (why: WhyEnding) => Promise<void>
}

/** Exit code of an error that nothing caught. */
const fatalCode = 70

/** Opens the app and serves it to browsers. Throws what the app or the port refuses. */
export async function openServed(options: Serving, terminal: Pick<Terminal, 'say'>): Promise<Served> {
  const { dataDir, port, workspaces, demo, target, version, readOnly } = options
  const say = (error: unknown): void =>
    terminal.say(`rundesk: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
  const mark = await openRunningMark({ dataDir, version, face: 'browser' })
  let app: App | undefined
  try {
    app = await createApp({
      dataDir,
      home: homedir(),
      workspaces,
      host: 'browser',
      version,
      chooseFolder: null,
      lastEnds: mark.lastEnds,
      demo,
      readOnly,
      onBug: say,
    })
    const opened = app
    const place = target === undefined ? '' : await placeOf(opened, target)
    const served = await serveApp({ app: opened, rendererDir: rendererDir(), port })
    const stopHearing = endOnFatalErrors(mark, (error) => {
      say(error)
      process.exit(fatalCode)
    })
    noteDoing(opened, mark)
    void mark.takeOver()
    return {
      ...served,
      app: opened,
      url: `${served.url}${place}`,
      endAtOnce: () => mark.endBecause({ kind: 'endedAtOnce' }),
      end: async (why) => {
        await served.close()
        await opened.close({ stopRuns: true, reason: cancelReason(why) })
        stopHearing()
        await mark.close()
      },
    }
  } catch (error) {
    await app?.close({ stopRuns: true })
    await mark.close()
    throw error
  }
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
