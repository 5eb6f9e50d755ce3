import type { ChildProcess } from 'node:child_process'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { endSayingWhy } from '../api/endings'
import { operator } from '../api/operator'
import { eventually } from '../files/temporaryFolder.testkit'
import { graceSeconds, openHostWorld, pageOf, startHolds } from './hostWorld.testkit'

/** Sends the signal, waits for what is said to it, and sends it once more, later than the same press comes; gives the exit code. */
async function insist(child: ChildProcess, signal: NodeJS.Signals, isHeard: () => boolean): Promise<number | null> {
  const ended = new Promise<number | null>((done) => child.once('exit', done))
  child.kill(signal)
  await eventually('the first signal is heard', isHeard)
  await wait(1_100)
  child.kill(signal)
  return ended
}

test('who interrupts a run twice does not wait for its end, and is told how it goes on; its history tells why', async () => {
  const { begin, stepIsGoing } = await openHostWorld()
  const { child, printed } = begin('start', 'holds.yaml')
  await stepIsGoing()
  const code = await insist(child, 'SIGINT', () => printed.said.includes('interrupted: cancelling the run'))
  const [, runId = ''] = /run ([0-9a-f]{24}) /.exec(printed.said) ?? []
  expect([code, printed.said.trim().split('\n').at(-1)]).toEqual([
    130,
    `rundesk: ended at once. What it executed is ended behind it: holds (${runId}). Go on in a new run: rundesk resume ${runId} --new`,
  ])
  const [{ status, history }, { refused }] = [
    await answer('show', runId),
    await answer('resume', runId, '--new', '--plan'),
  ]
  expect([status, history, refused]).toEqual([
    'cancelled',
    [
      expect.objectContaining({ act: 'start' }),
      {
        at: expect.any(String),
        act: 'cancel',
        by: operator(),
        reason: 'Rundesk, which executed it, was interrupted (SIGINT, as by Ctrl-C).',
        previousError: null,
      },
    ],
    null,
  ])

  async function answer(...args: readonly string[]): Promise<Record<string, unknown>> {
    const asked = begin(...args, '--json')
    await new Promise((done) => asked.child.once('close', done))
    return JSON.parse(asked.printed.out)
  }
})

test('a host that is ended says which runs it ends first, and does not wait for them when it is ended again', async () => {
  const { begin, stepIsGoing } = await openHostWorld()
  const { child, printed } = begin('serve')
  await startHolds(await pageOf(printed))
  await stepIsGoing()
  const code = await insist(child, 'SIGTERM', () => printed.said.includes('ending what it executes'))
  expect([code, printed.said.trim().split('\n')]).toEqual([
    143,
    [
      expect.stringMatching(
        /^rundesk: ending what it executes: holds \([0-9a-f]{24}\)\. Interrupt it again to end it at once\.$/,
      ),
      expect.stringMatching(
        /^rundesk: ended at once\. What it executed is ended behind it: holds \([0-9a-f]{24}\)\. Go on in a new run: rundesk resume [0-9a-f]{24} --new$/,
      ),
    ],
  ])
})

test('an end that takes too long says again and again what it waits for', async () => {
  const said: string[] = []
  let unsavedRows = 2
  const app = { executing: () => [], unsavedRows: () => unsavedRows, settings: () => ({ graceSeconds }) }
  const saidMore = (count: number) => () => eventually('it says what it waits for', () => said.length >= count)
  const twoReasons = async (): Promise<void> => {
    await saidMore(1)()
    unsavedRows = 0
    await saidMore(said.length + 1)()
  }
  await endSayingWhy(twoReasons, { app, say: (text) => said.push(text), lateMs: 5 })
  expect([said[0], said.at(-1)]).toEqual([
    'rundesk: it has not ended: it waits for the disk, which refused 2 of its rows. Interrupt it again to end it at once.',
    'rundesk: it has not ended: it waits for its last files to be written. Interrupt it again to end it at once.',
  ])
})
