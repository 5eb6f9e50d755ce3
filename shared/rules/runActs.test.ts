import { expect, test } from 'vitest'
import { cancellable, type RunFacts, rerunnable, resumable, rollbackable } from './runActs'

const owner = { pid: 7, host: 'here' }
const failed: RunFacts = {
  status: 'failed',
  liveness: null,
  owned: true,
  owner: null,
  completedAt: '2026-11-20T10:00:00.000Z',
  stepCounts: { total: 3, completed: 1 },
  source: { kind: 'jsonl' },
}
const going: RunFacts = { ...failed, status: 'running', completedAt: null }

const runs = {
  failed,
  'failed, still held': { ...failed, owner: { ...owner, alive: true } },
  'failed, all steps completed': { ...failed, stepCounts: { total: 3, completed: 3 } },
  cancelled: { ...failed, status: 'cancelled' },
  'cancelled, still held': { ...failed, status: 'cancelled', owner: { ...owner, alive: true } },
  completed: { ...failed, status: 'completed' },
  live: { ...going, liveness: 'live', owner: { ...owner, alive: true } },
  unconfirmed: { ...going, liveness: 'unconfirmed' },
  'orphaned, its owner dead': { ...going, liveness: 'orphaned', owner: { ...owner, alive: false } },
  'orphaned by age': { ...going, liveness: 'orphaned' },
  'outputs only': { ...failed, source: { kind: 'step-outputs' } },
} as const satisfies Readonly<Record<string, RunFacts>>

function kinds(rule: (run: RunFacts) => { readonly kind: string }): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(runs).map(([name, run]) => [name, rule(run).kind]))
}

test('what ended badly, was cancelled, or lost its owner can be rolled back; what completed stays', () => {
  expect(kinds(rollbackable)).toEqual({
    failed: 'allowed',
    'failed, still held': 'refused',
    'failed, all steps completed': 'allowed',
    cancelled: 'allowed',
    'cancelled, still held': 'refused',
    completed: 'refused',
    live: 'refused',
    unconfirmed: 'refused',
    'orphaned, its owner dead': 'allowed',
    'orphaned by age': 'confirm',
    'outputs only': 'refused',
  })
})

test('only what failed or lost its owner goes on, and only while something is left to run', () => {
  expect(kinds(resumable)).toEqual({
    failed: 'allowed',
    'failed, still held': 'refused',
    'failed, all steps completed': 'refused',
    cancelled: 'refused',
    'cancelled, still held': 'refused',
    completed: 'refused',
    live: 'refused',
    unconfirmed: 'refused',
    'orphaned, its owner dead': 'allowed',
    'orphaned by age': 'confirm',
    'outputs only': 'refused',
  })
})

test('a new run takes over from any that nobody may still be running', () => {
  const refused = Object.entries(kinds(rerunnable)).flatMap(([name, kind]) => (kind === 'refused' ? [name] : []))
  expect(refused).toEqual(['failed, still held', 'cancelled, still held', 'live', 'unconfirmed', 'outputs only'])
})

test('everything but completed and cancelled runs can be cancelled, others after a confirmation', () => {
  const { unconfirmed, ...others } = kinds(cancellable)
  const refused = Object.entries(others).flatMap(([name, kind]) => (kind === 'refused' ? [name] : []))
  expect([unconfirmed, refused]).toEqual([
    'confirm',
    ['cancelled', 'cancelled, still held', 'completed', 'outputs only'],
  ])
})

test('a refusal tells who or what is in the way', () => {
  expect([rollbackable(runs.live), rollbackable(runs.completed)]).toEqual([
    { kind: 'refused', reason: 'it is held by process 7 on here' },
    { kind: 'refused', reason: 'it completed' },
  ])
})
