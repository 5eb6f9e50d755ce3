import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { createTrajectoryStore } from '../electron/trajectories/trajectoryStore'
import { mebibytes, watchThread } from './measure'
import type { Sample } from './samples'

/** Samples about trajectories; each runs in a process of its own. */
export const trajectorySamples: Readonly<Record<string, (args: readonly string[]) => Promise<Sample>>> = {
  trajectories: async ([root = '', cacheDir = '']) => {
    const stretch = watchThread()
    const start = performance.now()
    const store = createTrajectoryStore({ root, cacheDir })
    await store.refresh()
    const records = store.list().length
    const ms = performance.now() - start
    const busyMs = stretch()
    await store.close()
    return { ms, records, busyMs, mib: mebibytes() }
  },
  trajectoriesPeer: async ([workspace = '', peer = '']) => {
    process.chdir(workspace)
    const { FileStorage } = await import(pathToFileURL(join(peer, 'dist', 'index.js')).href)
    const start = performance.now()
    const storage = new FileStorage(workspace)
    await storage.initialize()
    // Its own limit: when it lists all 5,000 it needs more than 4 GB of memory.
    const records = (await storage.list({ limit: 500 })).length
    return { ms: performance.now() - start, records }
  },
}
