import { appendFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Client } from '../../shared/client'
import { makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { makeRunLine, toFile } from '../runs/storeLines.testkit'
import type { App } from './app'
import type { Caller } from './dispatch'
import { openApp } from './openApp.testkit'

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

/** A new workspace whose store has one line for each of `runs`. */
export async function makeWorkspace(runs: readonly object[]): Promise<string> {
  const dir = await makeTemporaryFolder()
  await mkdir(join(dir, '.agent-relay'))
  await writeFile(storeOf(dir), toFile(runs.map(makeRunLine)))
  return dir
}

function storeOf(dir: string): string {
  return join(dir, '.agent-relay', 'workflow-runs.jsonl')
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
  const dir = await makeWorkspace(runs)
  const file = storeOf(dir)
  const { app, client, workspaceId, dataDir } = await openApp([dir], {
    caller,
    readOnly,
    host: watch ? 'browser' : 'cli',
  })
  await app.request('runs:list', { limit: 0 }, 'cli')
  return {
    app,
    client,
    workspaceId,
    dataDir,
    write: (more) => appendFile(file, toFile(more.map(makeRunLine))),
  }
}
