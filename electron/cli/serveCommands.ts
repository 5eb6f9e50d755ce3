import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createApp } from '../api/app'
import type { DemoControl } from '../api/demoControl'
import { startDemo } from '../demo/startDemo'
import { serveApp } from '../host/serveApp'
import { exitCodes } from './exitCodes'
import { onInterrupt } from './interrupts'
import { type GlobalOptions, version } from './runCli'
import { createTerminal } from './terminal'

/** `rundesk serve`: the app in a browser until interrupted. */
export async function serve(options: GlobalOptions & { readonly port: number }): Promise<number> {
  return serveUntilInterrupted({ ...options, workspaces: options.workspace, demo: null })
}

/** `rundesk demo`: a workspace that is alive, in a browser until interrupted; what it made is removed with it. */
export async function demo(options: GlobalOptions & { readonly port: number; readonly dir?: string }): Promise<number> {
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
  onServed,
}: {
  readonly dataDir: string
  readonly port: number
  readonly readOnly: boolean
  readonly workspaces: readonly string[]
  readonly demo: DemoControl | null
  readonly onServed?: (request: (channel: string, input: unknown) => Promise<unknown>) => Promise<void>
}): Promise<number> {
  const terminal = createTerminal({ json: false })
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
    const served = await serveApp({ app, rendererDir: rendererDir(), port })
    try {
      terminal.answer(served.url, () => `Rundesk is at ${served.url}\nPress Ctrl-C to end it.`)
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
