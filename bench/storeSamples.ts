import { closeSync, openSync, readSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { createRunStore, type RunStore } from '../electron/runs/runStore'
import { mebibytes, watchThread } from './measure'
import type { Sample } from './samples'

/** Samples about opening run stores; each runs in a process of its own. */
export const storeSamples: Readonly<Record<string, (args: readonly string[]) => Promise<Sample>>> = {
  open: async ([workspaceDir = '', snapshotDir = '']) => {
    const stretch = watchThread()
    const start = performance.now()
    const store = createRunStore({ workspaceDir, watch: false, ...(snapshotDir ? { snapshotDir } : {}) })
    await store.load()
    const listedMs = performance.now() - start
    const runs = store.runs().length
    const completed = store.runs().filter(({ view }) => view.status === 'completed').length
    const steps = store.runs().reduce((sum, run) => sum + run.counts.completed, 0)
    await store.checked()
    const checkedMs = performance.now() - start
    const busyMs = stretch()
    const sample = { listedMs, checkedMs, runs, completed, steps, busyMs, mib: mebibytes() }
    await store.close()
    return sample
  },
  peer: async ([workspaceDir = '', peer = '']) => {
    const { JsonFileWorkflowDb } = await import(pathToFileURL(peer).href)
    const start = performance.now()
    const db = new JsonFileWorkflowDb(storeFile(workspaceDir))
    const ms = performance.now() - start
    return { ms, steps: (await db.getStepsByRunId('none')).length, mib: mebibytes() }
  },
  bare: async ([workspaceDir = '']) => {
    const start = performance.now()
    const lines = parseEveryLine(storeFile(workspaceDir))
    return { ms: performance.now() - start, lines, mib: mebibytes() }
  },
  newest: async ([workspaceDir = '']) => {
    const start = performance.now()
    const store = createRunStore({ workspaceDir, watch: false })
    const loading = store.load()
    await new Promise<void>((resolve) => {
      store.onChange(() => {
        if (store.runs().length >= 200) resolve()
      })
    })
    const newestMs = performance.now() - start
    const first = newestOf(store)
    await loading
    const wrong = newestOf(store).filter((run, index) => run !== first[index]).length
    await store.close()
    return { newestMs, wrong }
  },
}

function newestOf(store: RunStore): string[] {
  return store
    .runs()
    .slice(-200)
    .map(({ id, view, counts }) => JSON.stringify([id, view, counts]))
}

export function storeFile(workspaceDir: string): string {
  return `${workspaceDir}/.agent-relay/workflow-runs.jsonl`
}

/** The least that anybody can do who parses a file of JSON lines of any size. */
function parseEveryLine(path: string): number {
  const file = openSync(path, 'r')
  const chunk = Buffer.alloc(1024 * 1024)
  let rest = Buffer.alloc(0)
  let lines = 0
  for (let read = readSync(file, chunk); read > 0; read = readSync(file, chunk)) {
    const bytes = Buffer.concat([rest, chunk.subarray(0, read)])
    let start = 0
    for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, start)) {
      JSON.parse(bytes.toString('utf8', start, end))
      lines++
      start = end + 1
    }
    rest = bytes.subarray(start)
  }
  closeSync(file)
  return lines
}

/** Brings the file into the system's cache, so that the first sample has no worse start than the others. */
export function warm(path: string): void {
  const file = openSync(path, 'r')
  const chunk = Buffer.alloc(4 * 1024 * 1024)
  while (readSync(file, chunk) > 0);
  closeSync(file)
}
