import { expect, test } from 'vitest'
import { planRollback } from './claimRollback'
import { openRunner, readStoreLines, runToEnd } from './runner.testkit'

const steps = (last: string): readonly object[] => [
  { name: 'a', command: 'true', rollback: 'echo undo a' },
  { name: 'b', dependsOn: ['a'], command: 'true' },
  { name: 'c', dependsOn: ['b'], command: 'true', rollback: 'echo undo c' },
  { name: 'd', dependsOn: ['c'], command: last, rollback: 'echo undo d' },
]

test('a plan tells what would be rolled back, in that order, and writes nothing', async () => {
  const opened = await openRunner()
  const { runId } = await runToEnd(opened, steps('exit 1'))
  const before = await readStoreLines(opened.store)
  const plan = await planRollback(opened.store, runId)
  expect([plan, await readStoreLines(opened.store)]).toEqual([
    {
      steps: [
        { name: 'c', command: 'echo undo c' },
        { name: 'a', command: 'echo undo a' },
      ],
      refused: null,
      question: null,
    },
    before,
  ])
})

test('a plan of a completed run tells its steps and why they stay', async () => {
  const opened = await openRunner()
  const { runId } = await runToEnd(opened, steps('true'))
  const plan = await planRollback(opened.store, runId)
  expect([plan.steps.map(({ name }) => name), plan.refused]).toEqual([['d', 'c', 'a'], 'it completed'])
})

test('where no completed step has a rollback the plan says what would be one', async () => {
  const opened = await openRunner()
  const { runId } = await runToEnd(opened, [
    { name: 'a', command: 'true' },
    { name: 'b', command: 'exit 1' },
  ])
  expect(await planRollback(opened.store, runId)).toEqual({
    steps: [],
    refused: 'only completed steps with a "rollback" command can be, once each',
    question: null,
  })
})

test('a plan of an unknown run is refused', async () => {
  const { store } = await openRunner()
  await expect(planRollback(store, 'none')).rejects.toMatchObject({ code: 'not_found' })
})
