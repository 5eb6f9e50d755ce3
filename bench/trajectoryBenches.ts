import { cpSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Bench } from './main'
import { makeRecords } from './makeTrajectories'
import { median, type Result, toLimit, toRatio } from './measure'
import { takeSample } from './samples'

const rounds = 5
const roots = { month: '.trajectories', folder: join('.agentworkforce', 'trajectories') }

/** A copy of a folder with so many records, which the sample may change. The base is the workspace. */
function fixture(
  dir: string,
  { count, layout }: { readonly count: number; readonly layout: 'month' | 'folder' },
): string {
  const made = join(dir, `records-${layout}-${count}`)
  const copy = join(dir, 'work', `records-${layout}-${count}`)
  if (!existsSync(made)) {
    rmSync(`${made}.part`, { recursive: true, force: true })
    makeRecords(join(`${made}.part`, roots[layout]), { count, layout, usedAt: join(copy, roots[layout]) })
    renameSync(`${made}.part`, made)
  }
  rmSync(copy, { recursive: true, force: true })
  cpSync(made, copy, { recursive: true })
  return copy
}

const saveTrajectory: Bench = async ({ dir, peers }) => {
  const cacheDir = join(dir, 'work', 'lists')
  mkdirSync(cacheDir, { recursive: true })
  const ours = (count: number): readonly Readonly<Record<string, number>>[] => {
    const base = fixture(dir, { count, layout: 'month' })
    return Array.from({ length: rounds }, () => takeSample('saveRecords', [join(base, roots.month), cacheDir]))
  }
  const peer = (path: string | null, layout: 'month' | 'folder'): number => {
    if (!path) return Number.NaN
    const base = fixture(dir, { count: 5_000, layout })
    return median(
      Array.from({ length: rounds }, () => takeSample('peerSaveRecords', [base, path]).saveMs ?? Number.NaN),
    )
  }
  const samples = ours(5_000)
  const value = median(samples.map(({ saveMs = Number.NaN }) => saveMs))
  const of = (count: number): number => median(ours(count).map(({ saveMs = Number.NaN }) => saveMs))
  const unit = 'ms'
  const results: Result[] = [
    toRatio('save one trajectory at 5,000, durable', {
      value,
      unit,
      reference: { name: '0.5.6', value: peer(peers.trajectories056, 'month') },
      goal: 0.5,
    }),
    toRatio('save one trajectory at 5,000, durable', {
      value,
      unit,
      reference: { name: '0.6.1', value: peer(peers.trajectories061, 'folder') },
      goal: 0.05,
    }),
    toRatio('save one trajectory at 50,000', {
      value: of(50_000),
      unit,
      reference: { name: 'the same at 100', value: of(100) },
      goal: 2,
    }),
    toLimit('save trajectories: longest stretch', {
      value: median(samples.map(({ busyMs = 0 }) => busyMs)),
      unit,
      below: 50,
    }),
  ]
  return results
}

const listTrajectories: Bench = async ({ dir, peers }) => {
  const cacheDir = join(dir, 'work', 'lists')
  mkdirSync(cacheDir, { recursive: true })
  const month = fixture(dir, { count: 5_000, layout: 'month' })
  const folder = fixture(dir, { count: 5_000, layout: 'folder' })
  const root = join(month, roots.month)
  takeSample('listRecords', [root, cacheDir])
  const samples = Array.from({ length: rounds }, () => takeSample('listRecords', [root, cacheDir]))
  const value = median(samples.map(({ ms = Number.NaN }) => ms))
  const peer = (path: string | null, base: string): number =>
    path
      ? median(Array.from({ length: rounds }, () => takeSample('peerListRecords', [base, path]).ms ?? Number.NaN))
      : Number.NaN
  return [
    toRatio('list 5,000 trajectories', {
      value,
      unit: 'ms',
      reference: { name: '0.5.6', value: peer(peers.trajectories056, month) },
      goal: 0.1,
    }),
    toRatio('list 5,000 trajectories', {
      value,
      unit: 'ms',
      reference: { name: '0.6.1', value: peer(peers.trajectories061, folder) },
      goal: 0.1,
    }),
    toLimit('list trajectories: longest stretch', {
      value: median(samples.map(({ busyMs = 0 }) => busyMs)),
      unit: 'ms',
      below: 50,
    }),
  ]
}

export const trajectoryBenches = { saveTrajectory, listTrajectories }
