import { existsSync, mkdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import type { Bench, BenchContext } from './main'
import { makeStore, type StoreShape } from './makeStore'
import { median, type Result, toLimit, toRatio } from './measure'
import { takeSample } from './samples'
import { storeFile, warm } from './storeSamples'

const rounds = 5
const shapes = {
  small: { runs: 1_660, steps: 20, outputBytes: 400 },
  large: { runs: 100_000, steps: 4, outputBytes: 60 },
  mixed: { runs: 30_000, steps: 4, outputBytes: 60, interleaved: 8, retried: 0.1, resumed: 0.3 },
} satisfies Record<string, StoreShape>

/** The workspace with the store of this shape, made when it is missing. */
export function fixture(dir: string, name: keyof typeof shapes): string {
  const workspace = workspaceWith(join(dir, `store-${name}`), shapes[name])
  warm(storeFile(workspace))
  return workspace
}

/** This workspace, with a store that is made when it is missing. */
export function workspaceWith(workspace: string, shape: StoreShape): string {
  const file = storeFile(workspace)
  if (!existsSync(file)) {
    makeStore(`${file}.part`, shape)
    renameSync(`${file}.part`, file)
  }
  return workspace
}

const openSmall: Bench = async ({ dir, peers }) => {
  const workspace = fixture(dir, 'small')
  const samples = Array.from({ length: rounds }, () => ({
    open: takeSample('open', [workspace]),
    peer: peers.runStore ? takeSample('peer', [workspace, peers.runStore]) : undefined,
    bare: takeSample('bare', [workspace]),
  }))
  const of = (pick: (sample: (typeof samples)[number]) => number | undefined): number =>
    median(samples.map((sample) => pick(sample) ?? Number.NaN))
  const peer = { name: 'peer replay', value: of(({ peer }) => peer?.ms) }
  const bare = { name: 'bare loop', value: of(({ bare }) => bare.ms) }
  return [
    toRatio('small, cold: all runs listed', {
      value: of(({ open }) => open.listedMs),
      unit: 'ms',
      reference: peer,
      goal: 0.8,
    }),
    toRatio('small, cold: all runs listed, bare', {
      value: of(({ open }) => open.listedMs),
      unit: 'ms',
      reference: bare,
      goal: 1.3,
    }),
    toRatio('small, cold: every line validated', {
      value: of(({ open }) => open.checkedMs),
      unit: 'ms',
      reference: bare,
      goal: 1.3,
    }),
    toLimit('small, cold: longest stretch', { value: of(({ open }) => open.busyMs), unit: 'ms', below: 50 }),
  ]
}

const openWarm: Bench = async ({ dir, peers }) => {
  const workspace = fixture(dir, 'small')
  const snapshots = join(dir, 'work', 'snapshots')
  mkdirSync(snapshots, { recursive: true })
  takeSample('open', [workspace, snapshots])
  const samples = Array.from({ length: rounds }, () => ({
    open: takeSample('open', [workspace, snapshots]),
    peer: peers.runStore ? takeSample('peer', [workspace, peers.runStore]) : undefined,
  }))
  const value = median(samples.map(({ open }) => open.listedMs ?? Number.NaN))
  const reference = { name: 'peer replay', value: median(samples.map(({ peer }) => peer?.ms ?? Number.NaN)) }
  return [toRatio('small, warm by snapshot', { value, unit: 'ms', reference, goal: 0.05 })]
}

const openLarge: Bench = async (context) => {
  const workspace = fixture(context.dir, 'large')
  const samples = Array.from({ length: rounds }, () => ({
    open: takeSample('open', [workspace]),
    newest: takeSample('newest', [workspace]),
    bare: takeSample('bare', [workspace]),
  }))
  const newest = median(samples.map(({ newest }) => newest.newestMs ?? Number.NaN))
  const wrong = Math.max(...samples.map(({ newest }) => newest.wrong ?? Number.NaN))
  const of = (key: string): number => median(samples.map(({ open }) => open[key] ?? Number.NaN))
  const bare = { name: 'bare loop', value: median(samples.map(({ bare }) => bare.ms ?? Number.NaN)) }
  return [
    toLimit('large, cold: newest 200 runs', { value: newest, unit: 'ms', below: 300 }),
    toLimit('large, cold: newest runs shown wrong', { value: wrong, unit: 'runs', below: 1 }),
    toRatio('large, cold: whole history', { value: of('listedMs'), unit: 'ms', reference: bare, goal: 1.5 }),
    toRatio('large, cold: every line validated', { value: of('checkedMs'), unit: 'ms', reference: bare, goal: 1.5 }),
    toLimit('large, cold: peak memory', {
      value: Math.max(...samples.map(({ open }) => open.mib ?? 0)),
      unit: 'MiB',
      below: 450,
    }),
    toLimit('large, cold: longest stretch', { value: of('busyMs'), unit: 'ms', below: 50 }),
    ...largeWarm(workspace, context),
  ]
}

function largeWarm(workspace: string, { dir }: BenchContext): readonly Result[] {
  const snapshots = join(dir, 'work', 'snapshots-large')
  mkdirSync(snapshots, { recursive: true })
  takeSample('open', [workspace, snapshots])
  const warmed = Array.from({ length: rounds }, () => takeSample('open', [workspace, snapshots]))
  return [
    toLimit('large, warm: whole history', {
      value: median(warmed.map(({ listedMs = 0 }) => listedMs)),
      unit: 'ms',
      below: 1_000,
    }),
    toLimit('large, warm: longest stretch', {
      value: median(warmed.map(({ busyMs = 0 }) => busyMs)),
      unit: 'ms',
      below: 50,
    }),
  ]
}

/** Interleaved, retried and late-resumed runs: what is shown first must be what is shown at the end. */
const newestRight: Bench = async ({ dir }) => {
  const { wrong = Number.NaN } = takeSample('newest', [fixture(dir, 'mixed')])
  return [toLimit('newest 200 runs that change later', { value: wrong, unit: 'runs', below: 1 })]
}

export const openBenches = { openSmall, openWarm, openLarge, newestRight }
