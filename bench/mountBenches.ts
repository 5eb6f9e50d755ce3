import { join } from 'node:path'
import type { Bench } from './main'
import { makeMount } from './makeMount'
import { median, toLimit, toRatio } from './measure'
import { takeSample } from './samples'

const rounds = 5
const [many, veryMany] = [10_000, 100_000]

/** A mount of 10,000 refused writes, against a loop that reads and parses the same files. */
const scanWritebacks: Bench = async ({ dir }) => {
  const mount = makeMount(join(dir, 'mount-many'), { items: many, localFiles: true })
  takeSample('bareMount', [mount])
  const samples = Array.from({ length: rounds }, () => ({
    ours: takeSample('scanMount', [mount]),
    bare: takeSample('bareMount', [mount]),
  }))
  return [
    toRatio('10,000 writebacks found and folded', {
      value: median(samples.map(({ ours }) => ours.ms ?? Number.NaN)),
      unit: 'ms',
      reference: { name: 'bare loop', value: median(samples.map(({ bare }) => bare.ms ?? Number.NaN)) },
      goal: 2,
    }),
    toLimit('10,000 writebacks: not found', {
      value: Math.max(...samples.map(({ ours }) => many - (ours.items ?? 0))),
      unit: 'items',
      below: 1,
    }),
    toLimit('10,000 writebacks: longest stretch', {
      value: median(samples.map(({ ours }) => ours.busyMs ?? Number.NaN)),
      unit: 'ms',
      below: 50,
    }),
  ]
}

/** One new record beside 10,000 others, until a page shows it. */
const writebackChange: Bench = async ({ dir }) => {
  const mount = makeMount(join(dir, 'mount-many'), { items: many, localFiles: true })
  const sample = takeSample('changeMount', [mount, String(many)])
  return [
    toLimit('one change beside 10,000, seen and shown', { value: sample.ms ?? Number.NaN, unit: 'ms', below: 50 }),
    toLimit('one change: longest stretch', { value: sample.busyMs ?? Number.NaN, unit: 'ms', below: 50 }),
  ]
}

const searchWritebacks: Bench = async ({ dir }) => {
  const mount = makeMount(join(dir, 'mount-very-many'), { items: veryMany, localFiles: false })
  const sample = takeSample('searchMount', [mount, String(veryMany)])
  return [
    toLimit('search in 100,000 writebacks, the slowest of six', {
      value: sample.ms ?? Number.NaN,
      unit: 'ms',
      below: 200,
    }),
    toLimit('search in 100,000: miscounted', { value: sample.wrong ?? Number.NaN, unit: 'items', below: 1 }),
    toLimit('search in 100,000: longest stretch', { value: sample.busyMs ?? Number.NaN, unit: 'ms', below: 50 }),
    toLimit('100,000 writebacks: peak memory', { value: sample.mib ?? Number.NaN, unit: 'MiB', below: 1_000 }),
  ]
}

export const mountBenches = { scanWritebacks, writebackChange, searchWritebacks }
