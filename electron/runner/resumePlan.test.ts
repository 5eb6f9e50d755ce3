import { expect, test } from 'vitest'
import type { StepRow } from '../runs/rows'
import { toWorkflow } from './parseWorkflow'
import { changedSteps, planSteps } from './resumePlan'

type FileStep = Readonly<Record<string, unknown>>

/** A diamond: b and c wait for a, d waits for both. */
const diamond: readonly FileStep[] = [
  { name: 'a', command: 'echo a' },
  { name: 'b', command: 'echo b', dependsOn: ['a'] },
  { name: 'c', command: 'echo c', dependsOn: ['a'] },
  { name: 'd', command: 'echo d', dependsOn: ['b', 'c'] },
]

function makeWorkflow(steps: readonly FileStep[]) {
  const typed = steps.map((step) => ({ type: 'deterministic', ...step }))
  const workflows = [{ name: 'main', steps: typed }]
  return toWorkflow(
    { version: '1.0', name: 'flow', swarm: { pattern: 'dag' }, agents: [], workflows },
    { origin: 'flow.yaml' },
  )
}

function makeRows(statuses: Readonly<Record<string, string>>, change: object = {}): { readonly steps: StepRow[] } {
  const rows = Object.entries(statuses).map(([stepName, status]) => ({ id: stepName, runId: 'run', stepName, status }))
  return { steps: rows.map((row) => ({ ...row, ...change })) }
}

const completed = { a: 'completed', b: 'completed', c: 'completed', d: 'completed' }

function plan(
  rows: Parameters<typeof planSteps>[0],
  { from, changed = [] }: { readonly from?: string; readonly changed?: readonly string[] } = {},
): Readonly<Record<string, string>> {
  const steps = planSteps(rows, makeWorkflow(diamond), { from, changed: new Set(changed) })
  return Object.fromEntries(steps.map(({ name, will, reason }) => [name, `${will}: ${reason}`]))
}

test('what is not completed runs, each for its own reason', () => {
  expect(plan(makeRows({ a: 'completed', b: 'failed', c: 'running' }))).toEqual({
    a: 'keep: it is completed',
    b: 'run: it failed',
    c: 'run: it was left running',
    d: 'run: it is new',
  })
})

test('a chosen step runs with all that depends on it, and nothing beside it', () => {
  expect(plan(makeRows(completed), { from: 'b' })).toEqual({
    a: 'keep: it is completed',
    b: 'run: it was chosen',
    c: 'keep: it is completed',
    d: 'run: it depends on b',
  })
})

test('a changed step runs with all that depends on it', () => {
  expect(plan(makeRows(completed), { changed: ['c'] })).toEqual({
    a: 'keep: it is completed',
    b: 'keep: it is completed',
    c: 'run: its definition changed',
    d: 'run: it depends on a changed step',
  })
})

test('what was rolled back runs again, and so does what was built on it', () => {
  const { steps } = makeRows(completed)
  const rows = steps.map((row) =>
    row.stepName === 'b' ? { ...row, rundesk: { rollback: { status: 'failed' } } } : row,
  )
  expect(plan({ steps: rows })).toEqual({
    a: 'keep: it is completed',
    b: 'run: it was rolled back',
    c: 'keep: it is completed',
    d: 'run: it depends on a step that was rolled back',
  })
})

test('a step that there is not is refused with those that there are', () => {
  expect(() => plan(makeRows(completed), { from: 'z' })).toThrow('There is no step "z". The workflow has: a, b, c, d')
})

test.each([
  ['another command', { command: 'echo z' }, ['b']],
  ['another folder', { cwd: 'sub' }, ['b']],
  ['another time limit', { timeoutMs: 5 }, []],
  ['more retries', { retries: 9, backoff: { baseMs: 1 } }, []],
  ['another rollback', { rollback: 'echo undo' }, []],
  ['another place in the order', { dependsOn: [] }, []],
])('what makes a result counts as a change, not how often it is tried: %s', (_what, change, expected) => {
  const after = diamond.map((step) => (step.name === 'b' ? { ...step, ...change } : step))
  expect([...changedSteps(makeWorkflow(diamond), makeWorkflow(after))]).toEqual(expected)
})

test('a new step and one that is gone are no changed steps', () => {
  const after = [...diamond.slice(0, 3), { name: 'e', command: 'echo e' }]
  expect([...changedSteps(makeWorkflow(diamond), makeWorkflow(after))]).toEqual([])
})
