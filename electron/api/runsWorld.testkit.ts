import { appendFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type Client, createClient } from '../../shared/client'
import { makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { makeRunLine, toFile } from '../runs/storeLines.testkit'
import { type App, createApp } from './app'
import type { Caller } from './dispatch'

/** An app over a workspace whose store holds these runs. */
export interface RunsWorld {
  readonly app: App
  readonly client: Client
  readonly workspaceId: string
  readonly dataDir: string
  /** Appends run lines as another program does. */
  readonly write: (runs: readonly object[]) => Promise<void>
}

/** An id of 24 hex digits that ends in this number. */
export function runIdOf(number: number): string {
  return number.toString(16).padStart(24, '0')
}

/** Opens the app as a window, or as the command line, over a store with one line for each of `runs`. */
export async function openRuns(
  runs: readonly object[],
  {
    caller = 'window',
    readOnly = false,
    watch = false,
  }: { readonly caller?: Caller; readonly readOnly?: boolean; readonly watch?: boolean } = {},
): Promise<RunsWorld> {
  const dir = await makeTemporaryFolder()
  const home = await makeTemporaryFolder()
  const dataDir = join(home, 'data')
  const file = join(dir, '.agent-relay', 'workflow-runs.jsonl')
  await mkdir(join(dir, '.agent-relay'))
  await writeFile(file, toFile(runs.map(makeRunLine)))
  const app = await createApp({
    dataDir,
    home,
    workspaces: [dir],
    host: watch ? 'browser' : 'cli',
    version: '0',
    chooseFolder: null,
    demo: null,
    readOnly,
  })
  onTestFinished(() => app.close({ stopRuns: true }))
  const client = createClient({
    request: (channel, input) => app.request(channel, input, caller),
    subscribe: app.subscribe,
  })
  await app.request('runs:list', { limit: 0 }, 'cli')
  const { workspaces } = await client.request('workspaces:list', {})
  return {
    app,
    client,
    workspaceId: workspaces[0]?.id ?? '',
    dataDir,
    write: (more) => appendFile(file, toFile(more.map(makeRunLine))),
  }
}
