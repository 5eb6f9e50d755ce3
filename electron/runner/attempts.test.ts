import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { eventually } from '../files/temporaryFolder.testkit'
import { afterFailure, exitCodeOf, retryDelay } from './retryPolicy'
import { openRunner, readRows, readStoreLines, runToEnd, writeWorkflow } from './runner.testkit'
import { attemptsOf } from './stepFacts'

const quick = { errorHandling: { strategy: 'fail-fast', retryDelayMs: 10 } }

test.each([
  [1, 100],
  [2, 200],
  [3, 400],
  [5, 1_000],
])('the delay after failure %i is %i ms', (number, expected) => {
  const delay = retryDelay({ backoff: { baseMs: 100, maxMs: 1_000 } }, { number, retryDelayMs: 7, random: () => 0.5 })
  expect(delay).toBe(expected)
})

test.each([
  [0, 1_000],
  [0.5, 750],
  [1, 500],
])('jitter leaves its part of the delay to chance (%d)', (random, expected) => {
  const backoff = { baseMs: 1_000, jitter: 0.5 }
  expect(retryDelay({ backoff }, { number: 1, retryDelayMs: 7, random: () => random })).toBe(expected)
})

test.each([
  [{ criticalExitCodes: [3] }, 3, 'critical'],
  [{ criticalExitCodes: [3] }, 4, 'retry'],
  [{ retryOn: [5] }, 5, 'retry'],
  [{ retryOn: [5] }, 4, 'not-retried'],
  [{ retryOn: [5], criticalExitCodes: [5] }, 5, 'critical'],
] as const)('with %o exit code %i is followed by: %s', (step, exitCode, expected) => {
  const lists = {
    ...('retryOn' in step ? { retryOn: [...step.retryOn] } : {}),
    ...('criticalExitCodes' in step ? { criticalExitCodes: [...step.criticalExitCodes] } : {}),
  }
  expect(afterFailure(lists, { exitCode, failedByExit: true, retriesLeft: 1 })).toBe(expected)
})

test('what failed without an exit code of its own is tried again whatever codes are', () => {
  expect(afterFailure({ retryOn: [5] }, { exitCode: null, failedByExit: false, retriesLeft: 1 })).toBe('retry')
})

test('a signal counts as shells count it', () => {
  expect(exitCodeOf({ kind: 'exited', code: null, signal: 'SIGKILL' })).toBe(137)
})

test('an exit code that is not to be tried again ends the step after one attempt', async () => {
  const { steps } = await runToEnd(
    await openRunner(),
    [{ name: 'a', retries: 3, retryOn: [7], command: 'echo x >> tries; exit 4' }],
    { change: quick },
  )
  expect([steps.a?.rundesk?.attemptsExhausted, attemptsOf(steps.a ?? { id: '', runId: '' }).length]).toEqual([
    undefined,
    1,
  ])
})

test('a step that used up its attempts says so, and every attempt tells its exit code', async () => {
  const { steps } = await runToEnd(
    await openRunner(),
    [{ name: 'a', retries: 2, retryOn: [4, 5], command: 'echo >> n; test $(wc -l < n) = 2 && exit 5; exit 4' }],
    { change: quick },
  )
  const row = steps.a ?? { id: '', runId: '' }
  expect([
    row.rundesk?.attemptsExhausted,
    row.rundesk?.maxAttempts,
    attemptsOf(row).map(({ status, exitCode }) => [status, exitCode]),
  ]).toEqual([
    true,
    3,
    [
      ['failed', 4],
      ['failed', 5],
      ['failed', 4],
    ],
  ])
})

test('the time of the next attempt stands in the file before it comes', async () => {
  const opened = await openRunner()
  await runToEnd(opened, [{ name: 'a', retries: 1, backoff: { baseMs: 30 }, command: 'exit 1' }])
  const rows = (await readStoreLines(opened.store)).map(({ row }) => row)
  const waited = rows.find(({ rundesk }) => rundesk?.nextAttemptAt !== undefined)
  const second = rows.findLast(({ status }) => status === 'running')
  expect([
    waited?.status,
    Date.parse(String(waited?.rundesk?.nextAttemptAt)) <= Date.parse(second?.startedAt ?? ''),
  ]).toEqual(['running', true])
})

test('a run that waits for a retry tells when it comes, and a cancel does not wait for it', async () => {
  const opened = await openRunner()
  const { runId, ended } = await opened.runner.start({
    file: await writeWorkflow(opened.dir, [{ name: 'a', retries: 1, backoff: { baseMs: 600_000 }, command: 'exit 1' }]),
    vars: {},
  })
  const waiting = await eventually('the wait', async () => {
    const { steps } = await readRows(opened.store, runId)
    return typeof steps.a?.rundesk?.nextAttemptAt === 'string' ? steps.a : undefined
  })
  await opened.runner.cancel({ runId, confirmed: false })
  await ended
  const { steps } = await readRows(opened.store, runId)
  expect([waiting.status, steps.a?.error, steps.a?.rundesk?.nextAttemptAt]).toEqual([
    'running',
    'Step "a" aborted',
    undefined,
  ])
})

test('a critical exit code fails the run at once, also under continue and with failOnError off', async () => {
  const opened = await openRunner()
  const { run, steps } = await runToEnd(
    opened,
    [
      { name: 'beside', command: 'echo $$ > pid; exec sleep 60' },
      {
        name: 'bad',
        retries: 5,
        failOnError: false,
        criticalExitCodes: [9],
        command: 'while ! test -s pid; do sleep 0.02; done; echo >> tries; exit 9',
      },
      { name: 'later', dependsOn: ['beside'], command: 'true' },
    ],
    { change: { errorHandling: { strategy: 'continue' } } },
  )
  expect([
    run.error,
    await readFile(join(opened.dir, 'tries'), 'utf8'),
    steps.bad?.rundesk?.critical,
    steps.beside?.error,
    steps.later?.status,
  ]).toEqual([
    'Step "bad" failed: Command failed with exit code 9',
    '\n',
    true,
    'Step "beside" aborted, because "bad" failed critically',
    'skipped',
  ])
})
