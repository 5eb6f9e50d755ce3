import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type Client, createClient } from '../../shared/client'
import { makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { type App, createApp } from './app'
import type { AppOptions } from './appOptions'
import type { Caller } from './dispatch'

/** An app that is closed after the test, and who asks it. */
export interface OpenApp {
  readonly app: App
  readonly client: Client
  /** The id of the first workspace; empty without one. */
  readonly workspaceId: string
  readonly dataDir: string
}

/** Opens an app over these folders. Its home is a new one unless one is given; its data lies in `data` there. */
export async function openApp(
  workspaces: readonly string[],
  {
    caller = 'window',
    host = 'cli',
    readOnly = false,
    home,
  }: {
    readonly caller?: Caller
    readonly host?: AppOptions['host']
    readonly readOnly?: boolean
    readonly home?: string
  } = {},
): Promise<OpenApp> {
  const place = home ?? (await makeTemporaryFolder())
  const dataDir = join(place, 'data')
  const options = { dataDir, home: place, workspaces, host, version: '0', readOnly }
  const app = await createApp({ ...options, chooseFolder: null, demo: null })
  onTestFinished(() => app.close({ stopRuns: true }))
  const client = createClient({
    request: (channel, input) => app.request(channel, input, caller),
    subscribe: app.subscribe,
  })
  const known = await client.request('workspaces:list', {})
  return { app, client, workspaceId: known.workspaces[0]?.id ?? '', dataDir }
}
