import { expect, test } from 'vitest'
import type { LastEnd } from '../../shared/lastEnd'
import { eventually } from '../files/temporaryFolder.testkit'
import { openHostWorld, pageOf, startHolds } from './hostWorld.testkit'
import { lastEndWords } from './lastEndWords'

test('after a host was killed the next one tells, on the terminal and once in a window, which run was cut off', async () => {
  const { begin, stepIsGoing, markTells } = await openHostWorld()
  const killed = begin('serve')
  const runId = await startHolds(await pageOf(killed.printed))
  await stepIsGoing()
  await markTells('holds')
  const ended = new Promise((done) => killed.child.once('exit', done))
  killed.child.kill('SIGKILL')
  await ended
  const next = begin('serve')
  const page = await pageOf(next.printed)
  const [told, toldAgain] = [await page.ask('app:lastEnds', {}), await page.ask('app:lastEnds', {})]
  const said = await eventually(
    'the terminal tells it',
    () => /^rundesk: the Rundesk .*\n.*Cut off.*$/m.exec(next.printed.said)?.[0],
  )
  expect([told, toldAgain, said.split('\n')]).toEqual([
    {
      lastEnds: [
        {
          startedAt: expect.any(String),
          version: expect.any(String),
          face: 'browser',
          runs: [{ workspaceId: expect.any(String), runId, workflowName: 'holds', goesOn: false }],
          unsavedRows: 0,
          cause: { kind: 'unknown' },
        },
      ],
    },
    { lastEnds: [] },
    [
      expect.stringMatching(
        / was served to a browser from \S+ on did not close by itself: it crashed, was killed, or the machine went down\.$/,
      ),
      `  Cut off: holds (${runId}). Go on behind the last finished step: rundesk resume ${runId}`,
    ],
  ])
})

const end: LastEnd = {
  startedAt: '2026-11-22T10:00:00.000Z',
  version: '1.2.3',
  face: 'window',
  runs: [],
  unsavedRows: 0,
  cause: { kind: 'error', error: 'Error: no \u001b[31mroom\n    at one' },
}

test('an end that cost nothing says so, and its error does not steer the terminal', () => {
  expect(lastEndWords(end)).toEqual([
    'rundesk: the Rundesk 1.2.3 that was started at 2026-11-22T10:00:00.000Z did not close by itself: it had not foreseen an error: Error: no \\x1b[31mroom',
    '  Nothing was lost: no run of it was cut off, and all that it had told as saved is on the disk.',
  ])
})

test('rows that no disk took are lost; runs that the published runner executes are not', () => {
  const run = { workspaceId: 'w', runId: 'r', workflowName: 'agents', goesOn: true }
  expect(lastEndWords({ ...end, cause: { kind: 'endedAtOnce' }, unsavedRows: 1, runs: [run] }).slice(1)).toEqual([
    '  Not saved, because the disk refused them: 1 row.',
    '  Not lost: agents (r), executed by the published runner, which goes on without Rundesk.',
  ])
})
