import { spawn } from 'node:child_process'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { eventually, makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { foldState } from '../runs/runState'
import { rollbackOf } from './rollbackRows'
import { buildScript, openRunner, readRows, readStoreLines, runToEnd, writeWorkflow } from './runner.testkit'

type Opened = Awaited<ReturnType<typeof openRunner>>

const undo = (name: string): string => `echo ${name} >> undone`
const setKey = (key: string): string =>
  `node -e 'const f=process.env.RUNDESK_STATE,s=JSON.parse(fs.readFileSync(f));s.${key}=1;fs.writeFileSync(f,JSON.stringify(s))'`
const chain = (last: object): readonly object[] => [
  { name: 'a', command: `echo out-a; ${setKey('a')}`, rollback: `${undo('a')}; cat "$RUNDESK_STATE" >> states` },
  { name: 'b', dependsOn: ['a'], command: setKey('b') },
  {
    name: 'c',
    dependsOn: ['b'],
    command: `echo c >> ran; ${setKey('c')}`,
    rollback: `${undo('c')}; echo {{steps.a.output}} {{state.c}} >> undone`,
  },
  { name: 'bad', dependsOn: ['c'], ...last },
]
const critical = { command: 'test -f go || exit 9', criticalExitCodes: [9] }

const undone = async ({ dir }: Opened): Promise<string> =>
  (await readFile(join(dir, 'undone'), 'utf8').catch(() => '')).split(/\s+/).filter(Boolean).join(' ')

const hasPid = async (dir: string): Promise<boolean> =>
  (await readFile(join(dir, 'pid'), 'utf8').catch(() => '')) !== ''

async function rollBackToEnd({ runner, store }: Opened, runId: string): Promise<Awaited<ReturnType<typeof readRows>>> {
  await (await runner.rollback({ runId, confirmed: false })).ended
  return readRows(store, runId)
}

test('a critical failure rolls the finished steps back, the last first, and their state counts no more', async () => {
  const opened = await openRunner()
  const { run, steps } = await runToEnd(opened, chain(critical))
  expect({
    error: run.error,
    undone: await undone(opened),
    rollbacks: ['a', 'b', 'c'].map((name) => steps[name] && rollbackOf(steps[name])?.status),
    statuses: ['a', 'b', 'c'].map((name) => steps[name]?.status),
    state: foldState(Object.values(steps).map((row) => row.rundesk?.statePatch)),
    stateOfA: JSON.parse(await readFile(join(opened.dir, 'states'), 'utf8')),
  }).toEqual({
    error: 'Step "bad" failed: Command failed with exit code 9. 2 steps were rolled back',
    undone: 'c out-a 1 a',
    rollbacks: ['completed', undefined, 'completed'],
    statuses: ['completed', 'completed', 'completed'],
    state: { b: 1 },
    stateOfA: { a: 1, b: 1 },
  })
})

test('the start of a rollback is a line before its body, its end one after it', async () => {
  const opened = await openRunner()
  await runToEnd(opened, [
    { name: 'a', command: 'true', rollback: `cp .agent-relay/workflow-runs.jsonl seen` },
    { name: 'bad', dependsOn: ['a'], ...critical },
  ])
  const seen = (await readFile(join(opened.dir, 'seen'), 'utf8')).trim().split('\n').at(-1) ?? ''
  const after = (await readStoreLines(opened.store)).at(-2)
  expect([JSON.parse(seen).row.rundesk.rollback, after?.row.rundesk?.rollback]).toMatchObject([
    { status: 'running', attempts: 1, completedAt: null },
    { status: 'completed', attempts: 1, error: null },
  ])
})

test('a failure that is not critical rolls nothing back until somebody asks for it, once', async () => {
  const opened = await openRunner()
  const { runId } = await runToEnd(opened, chain({ command: 'exit 1' }))
  const before = await undone(opened)
  const { run } = await rollBackToEnd(opened, runId)
  const after = await undone(opened)
  await expect(opened.runner.rollback({ runId, confirmed: false })).rejects.toThrow('nothing is left to roll back')
  expect([before, after, run.status, run.error, run.rundesk?.history]).toMatchObject([
    '',
    'c out-a 1 a',
    'failed',
    'Step "bad" failed: Command failed with exit code 1. 2 steps were rolled back',
    [{ act: 'start' }, { act: 'rollback', by: 'tester@here' }],
  ])
})

test('a cancelled run can be rolled back and stays cancelled', async () => {
  const opened = await openRunner()
  const { runId, ended } = await opened.runner.start({
    file: await writeWorkflow(opened.dir, chain({ command: 'echo $$ > pid; exec sleep 60' })),
    vars: {},
  })
  await eventually('the last step', () => hasPid(opened.dir))
  await opened.runner.cancel({ runId, confirmed: false })
  await ended
  const { run } = await rollBackToEnd(opened, runId)
  expect([run.status, run.error, await undone(opened)]).toEqual([
    'cancelled',
    'Cancelled. 2 steps were rolled back',
    'c out-a 1 a',
  ])
})

test('a rollback that fails ends the chain, is told, and is where the next one begins', async () => {
  const opened = await openRunner()
  const { runId, run } = await runToEnd(opened, [
    { name: 'a', command: 'true', rollback: undo('a') },
    { name: 'b', dependsOn: ['a'], command: 'true', rollback: `echo no >&2; test -f go || exit 4; ${undo('b')}` },
    { name: 'bad', dependsOn: ['b'], ...critical },
  ])
  const between = await undone(opened)
  await writeFile(join(opened.dir, 'go'), '')
  const { run: after, steps } = await rollBackToEnd(opened, runId)
  expect([run.error, between, after.error, await undone(opened), steps.b && rollbackOf(steps.b)?.attempts]).toEqual([
    'Step "bad" failed: Command failed with exit code 9. The rollback of "b" failed: Command failed with exit code 4: no',
    '',
    'Step "bad" failed: Command failed with exit code 9. 2 steps were rolled back',
    'b a',
    2,
  ])
})

test('a completed run and one that somebody executes are not rolled back', async () => {
  const opened = await openRunner()
  const { runId } = await runToEnd(opened, [{ name: 'a', command: 'true', rollback: undo('a') }])
  await expect(opened.runner.rollback({ runId, confirmed: true })).rejects.toThrow('it completed')
  const going = await opened.runner.start({
    file: await writeWorkflow(opened.dir, [{ name: 'a', command: 'sleep 60', rollback: undo('a') }]),
    vars: {},
  })
  const other = await openRunner({ workspaceDir: opened.dir })
  await expect(other.runner.rollback({ runId: going.runId, confirmed: true })).rejects.toThrow('is held by process')
})

test('a resume runs what was rolled back again, with all that depends on it', async () => {
  const opened = await openRunner()
  const { runId } = await runToEnd(opened, [...chain(critical), { name: 'beside', command: 'echo beside >> ran' }])
  await writeFile(join(opened.dir, 'go'), '')
  const plan = await opened.runner.plan({ runId, choice: { workflow: 'stored', asNewRun: false } })
  await (await opened.runner.resume({ runId, confirmed: false })).ended
  const { run, steps } = await readRows(opened.store, runId)
  expect([
    plan.steps.map(({ name, will, reason }) => `${name} ${will}: ${reason}`),
    run.status,
    run.error,
    steps.a?.rundesk?.rollback,
    (await readFile(join(opened.dir, 'ran'), 'utf8')).split('\n').sort(),
    foldState(Object.values(steps).map((row) => row.rundesk?.statePatch)),
  ]).toEqual([
    [
      'a run: it was rolled back',
      'b run: it depends on a step that was rolled back',
      'c run: it was rolled back',
      'bad run: it failed',
      'beside keep: it is completed',
    ],
    'completed',
    undefined,
    undefined,
    ['', 'beside', 'c', 'c'],
    { a: 1, b: 1, c: 1 },
  ])
})

test('a rollback whose runner was killed goes on with those that are left, and what was running is run again and told', async () => {
  const dir = await makeTemporaryFolder()
  const file = await writeWorkflow(dir, [
    { name: 'a', command: 'true', rollback: undo('a') },
    {
      name: 'b',
      dependsOn: ['a'],
      command: 'true',
      rollback: `test -f go || { echo $$ > pid; sleep 60; }; ${undo('b')}`,
    },
    { name: 'c', dependsOn: ['b'], command: 'true', rollback: undo('c') },
    { name: 'bad', dependsOn: ['c'], ...critical },
  ])
  const script = await buildScript('startOne.testkit')
  const child = spawn(process.execPath, [script, dir, file], { stdio: 'ignore' })
  await eventually('the second rollback', () => hasPid(dir))
  child.kill('SIGKILL')
  await new Promise((resolve) => child.once('exit', resolve))
  await writeFile(join(dir, 'go'), '')
  await rm(join(dir, 'pid'))
  const opened = await openRunner({ workspaceDir: dir })
  const { run, steps } = await rollBackToEnd(opened, opened.store.runs()[0]?.id ?? '')
  expect([
    await undone(opened),
    ['a', 'b', 'c'].map((name) => steps[name] && rollbackOf(steps[name])),
    run.status,
    run.error,
  ]).toMatchObject([
    'c b a',
    [
      { status: 'completed', attempts: 1 },
      { status: 'completed', attempts: 2 },
      { status: 'completed', attempts: 1 },
    ],
    'failed',
    'The program that ran it ended before the run did. 3 steps were rolled back',
  ])
})
