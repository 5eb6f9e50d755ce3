import { expect, test } from 'vitest'
import { toWorkflow } from './parseWorkflow'
import { createSchedule } from './schedule'

function scheduleOf(dependsOn: Readonly<Record<string, readonly string[]>>) {
  const steps = Object.entries(dependsOn).map(([name, names]) => ({
    ...{ name, type: 'deterministic', command: 'true', dependsOn: names },
  }))
  const flow = {
    ...{ version: '1.0', name: 'flow', swarm: { pattern: 'dag' }, agents: [] },
    workflows: [{ name: 'main', steps }],
  }
  return createSchedule(toWorkflow(flow, { origin: 'flow.yaml' }).steps, {
    isPending: () => true,
    isDone: () => false,
  })
}

test.each([
  ['in a chain come those behind each other', { a: [], b: ['a'], c: ['b'], d: ['c'] }, ['b', 'c']],
  ['where it is waited for by several come those', { a: [], b: ['a'], c: ['a'], d: ['b'] }, ['b', 'c']],
  ['one that waits for another one too does not', { a: [], other: [], b: ['a', 'other'], c: ['a'] }, ['c']],
  ['nothing comes behind the last', { a: [] }, []],
] as const)('after a step: %s', (_what, steps, expected) => {
  const schedule = scheduleOf(steps)
  schedule.next()
  expect(schedule.after('a', 2).map(({ name }) => name)).toEqual(expected)
})
