import { expect, onTestFinished, test } from 'vitest'
import { testSource } from '../sources/sourceSuite.testkit'
import { openRelayWorld } from './relayWorld.testkit'

testSource('the files of a workspace', openRelayWorld, { phases: ['completed', 'failed', 'cancelled', 'running'] })

const signal = new AbortController().signal

test('nothing that a workspace knows of a run is lost: attempts, dependencies, state and history are told', async () => {
  const world = await openRelayWorld()
  onTestFinished(world.close)
  const runId = await world.make('failed', { retries: 1 })
  const run = await world.source.run(runId, signal)
  const steps = (await world.source.steps({ runId, offset: 0, limit: 10 }, signal))?.steps
  const [first, second, third] = steps ?? []
  expect([
    steps?.map(({ name, attempts, dependsOn }) => [name, attempts?.map(({ status }) => status), dependsOn]),
    run?.facts.map(({ name }) => name),
    [first?.type, second?.phase, third?.phase],
  ]).toEqual([
    [
      ['first', ['completed'], []],
      ['second', ['failed', 'failed'], ['first']],
      ['third', [], ['second']],
    ],
    expect.arrayContaining(['stepCounts', 'source', 'owned', 'saved', 'state', 'history', 'runner', 'workflowFile']),
    ['deterministic', 'failed', 'cancelled'],
  ])
})

test('a run whose program is gone is marked as failed after a confirmation, and only with a reason', async () => {
  const world = await openRelayWorld()
  onTestFinished(world.close)
  const runId = await world.makeLeft()
  const version = (await world.source.run(runId, signal))?.version ?? ''
  const act = { runId, act: 'mark-failed', version } as const
  const codes = [
    await world.source.act({ ...act, confirmed: false, reason: 'gone' }, signal).catch((error) => error.code),
    await world.source.act({ ...act, confirmed: true }, signal).catch((error) => error.code),
  ]
  const result = await world.source.act({ ...act, confirmed: true, reason: 'the machine was replaced' }, signal)
  expect([codes, result]).toMatchObject([
    ['needs_confirmation', 'usage'],
    { outcome: 'done', run: { phase: 'failed', error: 'Marked as failed: the machine was replaced' } },
  ])
})
