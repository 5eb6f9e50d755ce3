import { pathToFileURL } from 'node:url'
import { createTrajectoryStore } from '../electron/trajectories/trajectoryStore'
import { makeRecord } from './makeTrajectories'
import { median, timeMs, watchThread } from './measure'
import type { Sample } from './samples'

const saves = 31
/** Records that are saved have numbers above those of every fixture. */
const firstNew = 1_000_000

/** Samples about trajectories; each runs in a process of its own. */
export const trajectorySamples: Readonly<Record<string, (args: readonly string[]) => Promise<Sample>>> = {
  saveRecords: async ([root = '', cacheDir = '']) => {
    const store = createTrajectoryStore({ root, cacheDir })
    await store.refresh()
    const stretch = watchThread()
    const saveMs = await medianSave(async (number) => store.save(makeRecord(number)))
    await store.close()
    return { saveMs, busyMs: stretch(), listed: store.list().length }
  },
  listRecords: async ([root = '', cacheDir = '']) => {
    const stretch = watchThread()
    const start = performance.now()
    const store = createTrajectoryStore({ root, cacheDir })
    await store.refresh()
    const listed = store.list().length
    const ms = performance.now() - start
    await store.close()
    return { ms, listed, busyMs: stretch() }
  },
  peerSaveRecords: async ([base = '', peer = '']) => {
    const storage = await openPeer(base, peer)
    return { saveMs: await medianSave((number) => storage.save(makeRecord(number))) }
  },
  peerListRecords: async ([base = '', peer = '']) => {
    const start = performance.now()
    const storage = await openPeer(base, peer)
    const listed = (await storage.list({ limit: 1_000_000 })).length
    return { ms: performance.now() - start, listed }
  },
}

interface PeerStorage {
  readonly initialize: () => Promise<void>
  readonly save: (record: unknown) => Promise<void>
  readonly list: (query: { readonly limit: number }) => Promise<readonly unknown[]>
}

async function openPeer(base: string, peer: string): Promise<PeerStorage> {
  const { FileStorage } = (await import(pathToFileURL(`${peer}/dist/index.js`).href)) as {
    readonly FileStorage: new (base: string) => PeerStorage
  }
  const storage = new FileStorage(base)
  await storage.initialize()
  return storage
}

async function medianSave(save: (number: number) => Promise<void>): Promise<number> {
  const times: number[] = []
  for (let index = 0; index < saves; index++) times.push(await timeMs(() => save(firstNew + index)))
  return median(times)
}
