import { type ChildProcess, spawn } from 'node:child_process'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { bundleScript } from '../files/bundledScript.testkit'
import { makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import type { TrajectoryDocument } from './trajectoryDocument'
import { createTrajectoryStore, type TrajectoryStore } from './trajectoryStore'

/** The root of a workspace of this test alone. It does not exist yet. */
export async function makeRoot(): Promise<string> {
  return join(await makeTemporaryFolder(), '.trajectories')
}

/** A store that has looked once, closed when the test ends. */
export async function openStore(root: string, cacheDir: string | null = null): Promise<TrajectoryStore> {
  const store = createTrajectoryStore({ root, cacheDir })
  onTestFinished(() => store.close())
  await store.refresh()
  return store
}

/** A finished record of one chapter. */
export function makeDocument(change: Readonly<Record<string, unknown>> = {}): TrajectoryDocument {
  const at = '2026-02-03T10:00:00.000Z'
  return {
    id: 'traj_one',
    version: 1,
    task: { title: 'Mend the import' },
    status: 'completed',
    startedAt: at,
    completedAt: '2026-02-03T11:00:00.000Z',
    agents: [{ name: 'ada', role: 'lead', joinedAt: at }],
    chapters: [
      {
        id: 'chap_one',
        title: 'Work',
        agentName: 'ada',
        startedAt: at,
        events: [{ ts: Date.parse(at), type: 'note', content: 'Looked at the import' }],
      },
    ],
    retrospective: { summary: 'Mended', approach: 'Step by step', confidence: 0.9 },
    ...change,
  }
}

/** Writes files below the root: texts as they are, anything else as JSON. */
export async function writeTree(root: string, files: Readonly<Record<string, unknown>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), typeof content === 'string' ? content : JSON.stringify(content, null, 2))
  }
}

/** The relative paths of all files below the root but Rundesk's own. */
export async function listTree(root: string): Promise<readonly string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .filter((path) => !path.startsWith('.rundesk'))
    .sort()
}

/** An index as other tools write it. */
export function makeIndex(entries: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return { version: 1, lastUpdated: '2026-02-03T12:00:00.000Z', trajectories: entries }
}

/** The entries of the index file. */
export async function readEntries(root: string): Promise<Readonly<Record<string, Readonly<Record<string, unknown>>>>> {
  return JSON.parse(await readFile(join(root, 'index.json'), 'utf8')).trajectories
}

/** Starts a process that saves `count` records named after `prefix`, and prints each id when its save was told as done. */
export async function startSaving(root: string, prefix: string, count: number): Promise<ChildProcess> {
  const script = await bundleScript(join(dirname(fileURLToPath(import.meta.url)), 'saveMany.testkit.ts'))
  const child = spawn(process.execPath, [script, root, prefix, String(count)], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  return child
}

/** Resolves with what the process printed, line by line, when it has ended. */
export function linesOf(child: ChildProcess): Promise<readonly string[]> {
  let text = ''
  child.stdout?.on('data', (data: Buffer) => {
    text += data.toString()
  })
  return new Promise((resolve) => child.on('close', () => resolve(text.split('\n').filter(Boolean))))
}
