import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { eventually } from '../files/temporaryFolder.testkit'
import { foldState } from '../runs/runState'
import { openRunner, readRows, runToEnd, writeWorkflow } from './runner.testkit'

const put = (json: string): string => `printf '%s' '${json}' > "$RUNDESK_STATE"`
const stateOf = ({ steps }: Pick<Awaited<ReturnType<typeof readRows>>, 'steps'>): Record<string, unknown> =>
  foldState(Object.values(steps).map((row) => row.rundesk?.statePatch))
const quick = { errorHandling: { strategy: 'fail-fast', retryDelayMs: 10 } }

test.each([
  ['is not JSON', put('{"k":'), 'The state in $RUNDESK_STATE is not JSON.'],
  ['is no object', put('null'), 'The state in $RUNDESK_STATE is not a JSON object.'],
  ['is not UTF-8', `printf '{"k":"\\377"}' > "$RUNDESK_STATE"`, 'The state in $RUNDESK_STATE is not UTF-8.'],
  ['holds what no number is', put('{"k":1e999}'), `The state's "k" holds a number that is too large to be kept.`],
  [
    'is too large',
    'head -c 3000000 /dev/zero > "$RUNDESK_STATE"',
    'The state in $RUNDESK_STATE has 3000000 bytes, more than 2 MiB. Keep large values in files.',
  ],
  ['is gone', 'rm "$RUNDESK_STATE"', 'The file in $RUNDESK_STATE is gone.'],
  ['became a symlink', 'ln -sf /etc/passwd "$RUNDESK_STATE"', '$RUNDESK_STATE is a symlink now, not a file.'],
  ['became a pipe', 'rm "$RUNDESK_STATE"; mkfifo "$RUNDESK_STATE"', '$RUNDESK_STATE is a pipe now, not a file.'],
  ['became a folder', 'rm "$RUNDESK_STATE"; mkdir "$RUNDESK_STATE"', '$RUNDESK_STATE is a folder now, not a file.'],
])('a state that %s fails the step, tells it, and changes nothing', async (_what, command, error) => {
  const result = await runToEnd(await openRunner(), [
    { name: 'good', command: put('{"kept":1}') },
    { name: 'bad', dependsOn: ['good'], command },
  ])
  expect([result.steps.bad?.status, result.steps.bad?.error, stateOf(result)]).toEqual([
    'failed',
    `${error} Nothing of it was taken.`,
    { kept: 1 },
  ])
})

test('a state of another value but the same length, written at once, is taken', async () => {
  const result = await runToEnd(await openRunner(), [
    { name: 'a', command: put('{"k":1}') },
    { name: 'b', dependsOn: ['a'], command: put('{"k":2}') },
  ])
  expect([stateOf(result), result.steps.b?.rundesk?.statePatch]).toEqual([
    { k: 2 },
    { seq: 2, set: { k: 2 }, unset: [] },
  ])
})

test('keys of any name are kept, changed and taken out', async () => {
  const result = await runToEnd(await openRunner(), [
    { name: 'a', command: put('{"__proto__":{"x":1},"constructor":2,"":3,"gone":4}') },
    {
      name: 'b',
      dependsOn: ['a'],
      command: `cat "$RUNDESK_STATE"; ${put('{"__proto__":{"x":1},"constructor":5,"":3}')}`,
    },
  ])
  expect([JSON.stringify(stateOf(result)), result.steps.b?.output]).toEqual([
    '{"__proto__":{"x":1},"constructor":5,"":3}',
    '{"__proto__":{"x":1},"constructor":2,"":3,"gone":4}',
  ])
})

test('steps that change nothing leave no word of a state', async () => {
  const { steps } = await runToEnd(await openRunner(), [
    { name: 'a', command: 'true' },
    { name: 'b', command: 'touch "$RUNDESK_STATE"; cat "$RUNDESK_STATE"' },
  ])
  expect([steps.a?.rundesk?.statePatch, steps.b?.rundesk?.statePatch, steps.b?.output]).toEqual([
    undefined,
    undefined,
    '{}',
  ])
})

test('steps beside each other that change the same key are told on the later row, and its value counts', async () => {
  const wait = (file: string): string => `while ! test -f ${file}; do sleep 0.02; done`
  const opened = await openRunner()
  const { runId, ended } = await opened.runner.start({
    file: await writeWorkflow(opened.dir, [
      { name: 'early', command: `touch early; ${wait('late')}; ${put('{"k":"early","own":1}')}` },
      { name: 'late', command: `touch late; ${wait('early')}; ${wait('go')}; ${put('{"k":"late","other":1}')}` },
      { name: 'after', dependsOn: ['early', 'late'], command: put('{"k":"after"}') },
    ]),
    vars: {},
  })
  await eventually(
    'the first commit',
    async () => (await readRows(opened.store, runId)).steps.early?.status === 'completed',
  )
  await writeFile(join(opened.dir, 'go'), '')
  await ended
  const result = await readRows(opened.store, runId)
  const node = opened.store.get(runId)
  const view = node && [...(await opened.store.stepsOf(node)).values()].map(({ view: step }) => step.own.stateConflicts)
  expect([
    ['early', 'late', 'after'].map((name) => result.steps[name]?.rundesk?.stateConflicts),
    view,
    result.steps.late?.rundesk?.statePatch,
    stateOf(result),
  ]).toEqual([
    [undefined, [{ key: 'k', with: 'early' }], undefined],
    [undefined, [{ key: 'k', with: 'early' }], undefined],
    { seq: 2, set: { k: 'late', other: 1 }, unset: [] },
    { k: 'after' },
  ])
})

test('what a timed-out attempt still writes into its state reaches nothing', async () => {
  const opened = await openRunner()
  const late = `exec 3>> "$RUNDESK_STATE"; echo "$RUNDESK_STATE" >> paths; trap 'echo late >&3' TERM; while :; do sleep 0.05; done`
  const result = await runToEnd(
    opened,
    [
      {
        name: 'a',
        retries: 1,
        timeoutMs: 400,
        command: `if test -f paths; then sleep 0.1; ${put('{"k":"second"}')}; else ${late}; fi`,
      },
    ],
    { change: quick },
  )
  expect([result.run.status, stateOf(result)]).toEqual(['completed', { k: 'second' }])
})

test('what a background process writes into the state after its step succeeded reaches nothing', async () => {
  const opened = await openRunner()
  const result = await runToEnd(opened, [
    {
      name: 'a',
      command: `(exec 3>> "$RUNDESK_STATE"; while ! test -f go; do sleep 0.02; done; printf '{"k":"late"}' >&3; touch wrote) & ${put('{"k":"first"}')}`,
    },
    {
      name: 'b',
      dependsOn: ['a'],
      command: 'touch go; while ! test -f wrote; do sleep 0.02; done; cat "$RUNDESK_STATE"',
    },
  ])
  expect([result.steps.b?.output, stateOf(result)]).toEqual(['{"k":"first"}', { k: 'first' }])
})

test('no copy of the state is left when the run has ended', async () => {
  const opened = await openRunner()
  await runToEnd(opened, [{ name: 'a', command: 'dirname "$RUNDESK_STATE" > where' }])
  const where = (await readFile(join(opened.dir, 'where'), 'utf8')).trim()
  await expect(readdir(where)).rejects.toMatchObject({ code: 'ENOENT' })
})
