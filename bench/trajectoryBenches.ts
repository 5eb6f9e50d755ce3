import { cpSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { createTrajectoryStore } from '../electron/trajectories/trajectoryStore'
import type { Bench } from './main'
import { makeRecord, rootOf, trajectoryFixture } from './makeTrajectories'
import { median, timeMs, toLimit, toRatio } from './measure'
import { takeSample } from './samples'

const rounds = 5
const many = 5_000
const saves = 60
const [few, most] = [100, 50_000]
type Kind = 'months' | 'folders'

/** Listing in a fresh process, against what the published package of that layout needs. */
const listTrajectories: Bench = async (context) => {
  const peers = { months: context.peers.trajectories056, folders: context.peers.trajectories061 }
  const names = { months: 'peer 0.5.6', folders: 'peer 0.6.1' }
  return (['months', 'folders'] as const).flatMap((kind) => {
    const workspace = trajectoryFixture(context.dir, { kind, records: many })
    const cacheDir = join(context.dir, 'work', `cache-${kind}`)
    const ours = (): ReturnType<typeof takeSample> => takeSample('trajectories', [rootOf(workspace, kind), cacheDir])
    const first = ours()
    const samples = Array.from({ length: rounds }, ours)
    const ms = median(samples.map((sample) => sample.ms ?? Number.NaN))
    const busyMs = median(samples.map((sample) => sample.busyMs ?? Number.NaN))
    const label = `${many} trajectories listed, ${kind}`
    const limits = [
      toLimit(label, { value: ms, unit: 'ms', below: 250 }),
      toLimit(`${label}: longest stretch`, { value: busyMs, unit: 'ms', below: 50 }),
    ]
    const peer = peers[kind]
    if (peer === null) return limits
    // The package changes what it finds: it gets a copy.
    const copy = copyOf(context.dir, workspace, `peer-${kind}`)
    const theirs = median(
      Array.from({ length: rounds }, () => takeSample('trajectoriesPeer', [copy, peer]).ms ?? Number.NaN),
    )
    const reference = { name: names[kind], value: theirs }
    return [
      ...limits,
      toRatio(label, { value: ms, unit: 'ms', reference, goal: 0.1 }),
      toRatio(`${label}, for the first time`, { value: first.ms ?? Number.NaN, unit: 'ms', reference, goal: 0.4 }),
    ]
  })
}

/** One save after the other beside records of each number, against the published packages. */
const saveTrajectories: Bench = async ({ dir, peers }) => {
  const [small, large, largest] = [await saveMs(dir, few), await saveMs(dir, many), await saveMs(dir, most)]
  const results = [
    toRatio(`save beside ${most} trajectories`, {
      value: largest,
      unit: 'ms',
      reference: { name: `beside ${few}`, value: small },
      goal: 2,
    }),
  ]
  for (const [kind, peer, goal] of [
    ['months', peers.trajectories056, 0.5],
    ['folders', peers.trajectories061, 0.05],
  ] as const) {
    if (peer === null) continue
    const value = kind === 'months' ? large : await saveMs(dir, many, kind)
    const theirs = await peerSaveMs(copyOf(dir, trajectoryFixture(dir, { kind, records: many }), `save-${kind}`), peer)
    const reference = { name: kind === 'months' ? 'peer 0.5.6' : 'peer 0.6.1', value: theirs }
    results.push(toRatio(`save beside ${many} trajectories, ${kind}`, { value, unit: 'ms', reference, goal }))
  }
  return results
}

async function saveMs(dir: string, records: number, kind: Kind = 'months'): Promise<number> {
  const workspace = copyOf(dir, trajectoryFixture(dir, { kind, records }), `save-${kind}-${records}`)
  const store = createTrajectoryStore({ root: rootOf(workspace, kind) })
  const times: number[] = []
  for (let number = 0; number < saves; number++)
    times.push(await timeMs(() => store.save(makeRecord(1_000_000 + number))))
  await store.close()
  return median(times)
}

async function peerSaveMs(workspace: string, peer: string): Promise<number> {
  const { FileStorage } = await import(pathToFileURL(join(peer, 'dist', 'index.js')).href)
  const storage = new FileStorage(workspace)
  await storage.initialize()
  const times: number[] = []
  for (let number = 0; number < saves / 2; number++)
    times.push(await timeMs(() => storage.save(makeRecord(1_000_000 + number))))
  return median(times)
}

function copyOf(dir: string, workspace: string, name: string): string {
  const copy = join(dir, 'work', name)
  mkdirSync(copy, { recursive: true })
  cpSync(workspace, copy, { recursive: true, preserveTimestamps: true })
  return copy
}

export const trajectoryBenches = { listTrajectories, saveTrajectories }
