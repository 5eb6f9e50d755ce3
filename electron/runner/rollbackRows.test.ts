import { expect, test } from 'vitest'
import type { StepRow } from '../runs/rows'
import { toWorkflow } from './parseWorkflow'
import { rollbackEnded, rollbackOf, rollbackStarted, rollbackText, stepsToRollBack } from './rollbackRows'

const at = '2026-11-20T10:00:00.000Z'

function makeSteps(names: readonly string[]) {
  const steps = names.map((name) => ({ name, type: 'deterministic', command: 'true', rollback: `undo ${name}` }))
  const flow = {
    version: '1.0',
    name: 'flow',
    swarm: { pattern: 'dag' },
    agents: [],
    workflows: [{ name: 'main', steps }],
  }
  return toWorkflow(flow, { origin: 'flow.yaml' }).steps
}

function makeRow(stepName: string, rundesk: Readonly<Record<string, unknown>> = {}, change: object = {}): StepRow {
  return { id: stepName, runId: 'run', stepName, status: 'completed', completedAt: at, rundesk, ...change }
}

function left(rows: readonly StepRow[]): readonly string[] {
  const names = ['a', 'b', 'c', 'd']
  return stepsToRollBack(makeSteps(names), (name) => rows.find(({ stepName }) => stepName === name)).map(
    ({ name }) => name,
  )
}

test('the last commit is rolled back first, whatever the order of the workflow', () => {
  const rows = [
    makeRow('a', { commitSeq: 2 }),
    makeRow('b', { commitSeq: 3 }),
    makeRow('c', { commitSeq: 1 }, { completedAt: '2026-11-20T11:00:00.000Z' }),
    makeRow('d', { commitSeq: 4 }),
  ]
  expect(left(rows)).toEqual(['d', 'b', 'a', 'c'])
})

test('rows without a place in the order of commits go by their end, then by the workflow', () => {
  const rows = [makeRow('a'), makeRow('b', {}, { completedAt: '2026-11-20T11:00:00.000Z' }), makeRow('c')]
  expect(left(rows)).toEqual(['b', 'c', 'a'])
})

test('only what this run completed, and what was not rolled back yet, is left', () => {
  const done = rollbackEnded(rollbackStarted(makeRow('a'), at), { at, error: null, log: null })
  const failed = rollbackEnded(rollbackStarted(makeRow('b'), at), { at, error: 'no', log: null })
  expect(left([done, failed, makeRow('c', { keptFrom: 'other' }), makeRow('d', {}, { status: 'failed' })])).toEqual([
    'b',
  ])
})

test('a rollback that is begun again counts its attempts', () => {
  const again = rollbackStarted(rollbackStarted(makeRow('a'), at), at)
  expect(rollbackOf(again)).toMatchObject({ status: 'running', attempts: 2, error: null })
})

test.each([
  ['succeeded', null, { status: 'completed', statePatch: { seq: 1 } }, undefined],
  ['failed', 'no', { status: 'failed', error: 'no' }, { seq: 1 }],
])('the change of the state counts as long as the rollback has not: %s', (_how, error, rollback, statePatch) => {
  const row = rollbackEnded(rollbackStarted(makeRow('a', { statePatch: { seq: 1 } }), at), { at, error, log: null })
  expect([row.status, row.rundesk?.rollback, row.rundesk?.statePatch]).toEqual([
    'completed',
    expect.objectContaining(rollback),
    statePatch,
  ])
})

test('a run tells how many steps were rolled back, and which one was not', () => {
  const ended = (
    [
      ['a', null],
      ['b', 'exit 3'],
    ] as const
  ).map(([name, error]) => rollbackEnded(rollbackStarted(makeRow(name), at), { at, error, log: null }))
  expect(rollbackText([...ended, makeRow('c')])).toEqual([
    '1 step was rolled back',
    'The rollback of "b" failed: exit 3',
  ])
})
