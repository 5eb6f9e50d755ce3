import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { appendFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isProcessAlive } from '../files/processIdentity'
import { eventually, makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { readLease } from '../runs/lease'
import { makeRunLine, toFile } from '../runs/storeLines.testkit'
import { buildScript, openRunner, readRows, readStoreLines, runToEnd, writeWorkflow } from './runner.testkit'

const pidFrom = (path: string): Promise<number> =>
  eventually(`a pid in ${path}`, async () => Number(await readFile(path, 'utf8').catch(() => '')) || undefined)

test('steps run in the order of their dependencies and hand their outputs on', async () => {
  const { steps, run } = await runToEnd(await openRunner(), [
    { name: 'a', command: "printf '%s' \"it's $HOME\"" },
    { name: 'b', dependsOn: ['a'], command: "printf '%s|' {{steps.a.output}} 'x{{steps.a.output}}'" },
  ])
  expect([run.status, steps.b?.output]).toEqual(['completed', `it's ${process.env.HOME}|xit's ${process.env.HOME}|`])
})

test('the lines of a run follow the published order, each with its full row', async () => {
  const opened = await openRunner()
  await runToEnd(opened, [{ name: 'a', command: 'echo hi' }])
  const lines = await readStoreLines(opened.store)
  expect(lines.map(({ kind, row }) => [kind, row.status, 'createdAt' in row && 'updatedAt' in row])).toEqual([
    ['run', 'pending', true],
    ['step', 'pending', true],
    ['run', 'running', true],
    ['step', 'running', true],
    ['step', 'completed', true],
    ['run', 'completed', true],
  ])
  expect(await readFile(join(opened.dir, '.agent-relay', 'step-outputs', lines[0]?.row.id ?? '', 'a.md'), 'utf8')).toBe(
    'hi\n',
  )
})

test('a failed step is tried again as often as it may, and every attempt is kept', async () => {
  const opened = await openRunner()
  const { runId, run, steps } = await runToEnd(
    opened,
    [
      { name: 'a', retries: 2, command: 'echo x >> tries; echo broke >&2; exit 3' },
      { name: 'b', dependsOn: ['a'], command: 'touch never' },
    ],
    { change: { errorHandling: { strategy: 'fail-fast', retryDelayMs: 10 } } },
  )
  expect([run.status, run.error, steps.a?.error, steps.b?.status, existsSync(join(opened.dir, 'never'))]).toEqual([
    'failed',
    'Step "a" failed: Command failed with exit code 3: broke',
    'Command failed with exit code 3: broke',
    'skipped',
    false,
  ])
  const known = opened.store.get(runId)
  const node = known && (await opened.store.stepsOf(known)).get(steps.a?.id ?? '')
  expect(node?.view.attempts.map(({ number, status, error }) => [number, status, error])).toEqual(
    [1, 2, 3].map((number) => [number, 'failed', 'Command failed with exit code 3: broke']),
  )
  expect(await readFile(join(opened.dir, 'tries'), 'utf8')).toBe('x\nx\nx\n')
})

test('a workflow without error handling tries a step three times', async () => {
  const { run } = await runToEnd(await openRunner(), [{ name: 'a', command: 'true' }], {
    change: { errorHandling: undefined },
  })
  expect(run.config).toMatchObject({ errorHandling: { strategy: 'retry', maxRetries: 2, retryDelayMs: 1000 } })
})

test('under continue the other branches go on', async () => {
  const { run, steps } = await runToEnd(
    await openRunner(),
    [
      { name: 'bad', command: 'exit 7' },
      { name: 'below', dependsOn: ['bad'], command: 'true' },
      { name: 'soft', failOnError: false, command: 'echo soft; exit 5' },
      { name: 'silent', captureOutput: false, dependsOn: ['soft'], command: 'echo hidden' },
    ],
    { change: { errorHandling: { strategy: 'continue' } } },
  )
  expect([
    run.status,
    ...['bad', 'below', 'soft', 'silent'].map((name) => steps[name]?.status),
    steps.silent?.output,
  ]).toEqual(['failed', 'failed', 'skipped', 'completed', 'completed', 'Command completed (exit code 0)'])
})

test('independent steps run at the same time', async () => {
  const meet = (own: string, other: string): string => `touch ${own}; while ! test -f ${other}; do sleep 0.02; done`
  const { run } = await runToEnd(await openRunner(), [
    { name: 'a', command: meet('a', 'b'), timeoutMs: 20_000 },
    { name: 'b', command: meet('b', 'a'), timeoutMs: 20_000 },
  ])
  expect(run.status).toBe('completed')
})

test('a timeout ends the whole process group, and its words are true', async () => {
  const opened = await openRunner()
  const { steps } = await runToEnd(opened, [
    { name: 'a', timeoutMs: 300, command: "sh -c 'sleep 300 & echo $! > pid; wait'" },
  ])
  expect([steps.a?.error, isProcessAlive(await pidFrom(join(opened.dir, 'pid')))]).toEqual([
    'Step "a" timed out after 300 ms',
    false,
  ])
})

test.each([
  [{ type: 'output_contains', value: 'ok' }, 'completed', 'completed_verified'],
  [{ type: 'output_contains', value: 'nope' }, 'failed', 'failed_verification'],
  [{ type: 'file_exists', value: 'made' }, 'completed', 'completed_verified'],
  [{ type: 'file_exists', value: '../made' }, 'failed', 'failed_verification'],
  [{ type: 'custom', value: 'test -f made' }, 'completed', 'completed_verified'],
  [{ type: 'custom', value: 'exit 1' }, 'failed', 'failed_verification'],
  [{ type: 'exit_code', value: 0 }, 'completed', 'completed_verified'],
])('verification %o ends the step %s', async (verification, status, completionReason) => {
  const { steps } = await runToEnd(await openRunner(), [{ name: 'a', command: 'touch made; echo ok', verification }])
  expect(steps.a).toMatchObject({ status, completionReason })
})

test('a step commits its state only when it succeeds', async () => {
  const opened = await openRunner()
  const put = (value: string): string => `printf '%s' '{"k":"${value}"}' > "$RUNDESK_STATE"`
  const { steps } = await runToEnd(
    opened,
    [
      { name: 'good', command: put('kept') },
      { name: 'bad', dependsOn: ['good'], failOnError: true, command: `${put('lost')}; exit 1` },
      { name: 'reader', dependsOn: ['good'], command: 'sleep 0.3; printf %s {{state.k}}' },
    ],
    { change: { errorHandling: { strategy: 'continue' } } },
  )
  expect([steps.good?.rundesk?.statePatch, steps.bad?.rundesk?.statePatch, steps.reader?.output]).toEqual([
    { seq: 1, set: { k: 'kept' }, unset: [] },
    undefined,
    'kept',
  ])
})

test('a state that is no object fails the step and changes nothing', async () => {
  const { steps } = await runToEnd(await openRunner(), [{ name: 'a', command: 'echo [1] > "$RUNDESK_STATE"' }])
  expect([steps.a?.status, steps.a?.error]).toEqual([
    'failed',
    'The state in $RUNDESK_STATE is not a JSON object. Nothing of it was taken.',
  ])
})

test('a large output is cut in the row and whole in the log', async () => {
  const opened = await openRunner()
  const { steps } = await runToEnd(opened, [
    { name: 'a', command: 'awk \'BEGIN { for (i = 0; i < 200000; i++) print "äöü " i }\'' },
  ])
  const log = steps.a?.rundesk?.log as { file: string; bytes: number }
  const whole = await readFile(join(opened.dir, '.agent-relay', 'rundesk', log.file), 'utf8')
  expect([
    Buffer.byteLength(steps.a?.output ?? '') <= 256 * 1024,
    steps.a?.output?.includes('\ufffd'),
    Buffer.byteLength(whole) === log.bytes,
    whole.endsWith('äöü 199999\n'),
  ]).toEqual([true, false, true, true])
})

test('a background process that keeps the pipe open does not hold the step, and ends with the run', async () => {
  const opened = await openRunner()
  const { steps } = await runToEnd(opened, [{ name: 'a', command: 'sleep 300 & echo $! > pid; echo done' }])
  expect([steps.a?.output, isProcessAlive(await pidFrom(join(opened.dir, 'pid')))]).toEqual(['done\n', false])
})

test('a step that left its group does not outlive the run', async () => {
  const opened = await openRunner()
  await runToEnd(opened, [
    { name: 'a', command: "setsid sh -c 'echo $$ > pid; exec sleep 300' & while ! test -s pid; do sleep 0.02; done" },
  ])
  expect(isProcessAlive(await pidFrom(join(opened.dir, 'pid')))).toBe(false)
})

test('hostile step names become no path', async () => {
  const opened = await openRunner()
  const { run } = await runToEnd(opened, [
    { name: '../../outside', command: 'echo x' },
    { name: 'a/b', command: 'echo y' },
  ])
  expect([
    run.status,
    existsSync(join(opened.dir, 'outside.md')),
    existsSync(join(opened.dir, '.agent-relay', 'outside.md')),
  ]).toEqual(['completed', false, false])
})

test.each([
  [
    'two steps are named',
    [
      { name: 'a', command: 'touch ran' },
      { name: 'a', command: 'true' },
    ],
  ],
  ['is no step', [{ name: 'a', command: 'touch ran', dependsOn: ['b'] }]],
  [
    'circle',
    [
      { name: 'a', command: 'touch ran', dependsOn: ['b'] },
      { name: 'b', command: 'true', dependsOn: ['a'] },
    ],
  ],
  ['has no command', [{ name: 'a' }]],
  ['so the published runner is needed', [{ name: 'a', type: 'agent', agent: 'x', task: 'y' }]],
  ['--var who=VALUE', [{ name: 'a', command: 'echo {{who}}' }]],
])('a workflow that says "%s" is refused and nothing is written', async (words, steps) => {
  const opened = await openRunner()
  await expect(opened.runner.start({ file: await writeWorkflow(opened.dir, steps), vars: {} })).rejects.toThrow(words)
  expect(existsSync(join(opened.dir, '.agent-relay'))).toBe(false)
})

test('broken YAML is told with its line and column', async () => {
  const opened = await openRunner()
  await writeFile(join(opened.dir, 'bad.yaml'), 'version: "1.0"\n  name: [unclosed\n')
  await expect(opened.runner.start({ file: join(opened.dir, 'bad.yaml'), vars: {} })).rejects.toThrow(/bad\.yaml:2:\d+/)
})

test('a resume runs what did not finish, with the committed outputs, and clears the error', async () => {
  const opened = await openRunner()
  const first = await runToEnd(opened, [
    { name: 'a', command: 'echo a >> ran; echo from a' },
    { name: 'b', dependsOn: ['a'], command: 'test -f go && echo b >> ran' },
    { name: 'c', dependsOn: ['b'], command: 'echo c >> ran; printf %s {{steps.a.output}}' },
  ])
  await writeFile(join(opened.dir, 'go'), '')
  const { ended } = await opened.runner.resume({ runId: first.runId, confirmed: false })
  await ended
  const { run, steps } = await readRows(opened.store, first.runId)
  expect([
    first.run.status,
    run.status,
    run.error,
    steps.c?.output,
    await readFile(join(opened.dir, 'ran'), 'utf8'),
  ]).toEqual(['failed', 'completed', undefined, 'from a\n', 'a\nb\nc\n'])
  expect(run.rundesk?.history).toMatchObject([
    { act: 'start', previousError: null },
    { act: 'resume', previousError: first.run.error },
  ])
})

test('of many resumes exactly one wins, and every step runs once', async () => {
  const opened = await openRunner()
  const { runId } = await runToEnd(opened, [{ name: 'a', command: 'test -f go && echo a >> ran && sleep 0.3' }])
  await writeFile(join(opened.dir, 'go'), '')
  const others = await Promise.all(Array.from({ length: 6 }, () => openRunner({ workspaceDir: opened.dir })))
  const results = await Promise.allSettled(others.map(({ runner }) => runner.resume({ runId, confirmed: false })))
  const won = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
  const codes = results.flatMap((result) => (result.status === 'rejected' ? [result.reason.code] : []))
  await Promise.all(won.map(({ ended }) => ended))
  expect([won.length, new Set(codes), await readFile(join(opened.dir, 'ran'), 'utf8')]).toEqual([
    1,
    new Set(['not_resumable']),
    'a\n',
  ])
})

test('a completed run is not resumable, and its words tell why', async () => {
  const opened = await openRunner()
  const { runId } = await runToEnd(opened, [{ name: 'a', command: 'true' }])
  await expect(opened.runner.resume({ runId, confirmed: true })).rejects.toThrow(/it completed at/)
})

test('cancel by another process ends the grandchild before it returns, and a second one changes nothing', async () => {
  const opened = await openRunner()
  const { runId, ended } = await opened.runner.start({
    file: await writeWorkflow(opened.dir, [
      { name: 'long', command: "sh -c 'sleep 300 & echo $! > pid; wait'" },
      { name: 'later', dependsOn: ['long'], command: 'touch never' },
    ]),
    vars: {},
  })
  const pid = await pidFrom(join(opened.dir, 'pid'))
  const other = await openRunner({ workspaceDir: opened.dir })
  const first = await other.runner.cancel({ runId, confirmed: false })
  const aliveAfter = isProcessAlive(pid)
  await ended
  const before = await readStoreLines(opened.store)
  const second = await other.runner.cancel({ runId, confirmed: false })
  const { run, steps } = await readRows(opened.store, runId)
  expect({
    first: first.cancelled,
    aliveAfter,
    second,
    status: run.status,
    long: steps.long?.error,
    later: steps.later?.status,
    same: (await readStoreLines(opened.store)).length === before.length,
  }).toEqual({
    first: true,
    aliveAfter: false,
    second: {
      cancelled: false,
      status: 'cancelled',
      completedAt: first.completedAt,
      message: `Nothing to cancel: it was cancelled at ${first.completedAt}.`,
    },
    status: 'cancelled',
    long: 'Step "long" aborted',
    later: 'skipped',
    same: true,
  })
})

test('a step that ignores TERM is killed after the grace period', async () => {
  const opened = await openRunner()
  const { runId } = await opened.runner.start({
    file: await writeWorkflow(opened.dir, [
      { name: 'a', command: "trap '' TERM; echo $$ > pid; while :; do sleep 0.1; done" },
    ]),
    vars: {},
  })
  const pid = await pidFrom(join(opened.dir, 'pid'))
  await opened.runner.cancel({ runId, confirmed: false })
  expect(isProcessAlive(pid)).toBe(false)
})

test('a foreign run that may be alive is cancelled only after a confirmation, and resumed never', async () => {
  const dir = await makeTemporaryFolder()
  const at = new Date().toISOString()
  const line = toFile([makeRunLine({ status: 'running', updatedAt: at })])
  const { store } = await openRunner({ workspaceDir: dir })
  await store.append([makeRunLine({ status: 'running', updatedAt: at })], 'written')
  expect(await readFile(store.file, 'utf8')).toBe(line)
  const { runner } = await openRunner({ workspaceDir: dir })
  const runId = '0'.repeat(24)
  await expect(runner.cancel({ runId, confirmed: false })).rejects.toMatchObject({ code: 'needs_confirmation' })
  await expect(runner.resume({ runId, confirmed: true })).rejects.toMatchObject({ code: 'not_resumable' })
  expect((await runner.cancel({ runId, confirmed: true })).cancelled).toBe(true)
})

test('a late cancel is never overwritten by the finishing runner', async () => {
  const opened = await openRunner()
  const { runId, ended } = await opened.runner.start({
    file: await writeWorkflow(opened.dir, [{ name: 'a', command: 'while ! test -f go; do sleep 0.02; done' }]),
    vars: {},
  })
  await eventually('the step to run', () => opened.store.get(runId)?.counts.running === 1)
  const { run } = await readRows(opened.store, runId)
  await appendFile(opened.store.file, toFile([{ kind: 'run', row: { ...run, status: 'cancelled' } }]))
  await writeFile(join(opened.dir, 'go'), '')
  await ended
  expect((await readRows(opened.store, runId)).run.status).toBe('cancelled')
})

test('when the runner is killed its steps die, the run is orphaned, and it can be resumed', async () => {
  const dir = await makeTemporaryFolder()
  const file = await writeWorkflow(dir, [
    { name: 'a', command: "test -f go || sh -c 'sleep 300 & echo $! > pid; wait'" },
  ])
  const child = spawn(process.execPath, [await buildScript('startOne.testkit'), dir, file], { stdio: 'ignore' })
  const pid = await pidFrom(join(dir, 'pid'))
  child.kill('SIGKILL')
  await eventually('the grandchild to be gone', () => !isProcessAlive(pid))
  await writeFile(join(dir, 'go'), '')
  const { store, runner } = await openRunner({ workspaceDir: dir })
  const runId = store.runs()[0]?.id ?? ''
  const { ended } = await runner.resume({ runId, confirmed: false })
  await ended
  expect([
    (await readRows(store, runId)).run.status,
    (await readLease(store.rundeskDir, runId))?.releasedAt !== null,
  ]).toEqual(['completed', true])
})
