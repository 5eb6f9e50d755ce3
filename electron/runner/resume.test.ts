import { appendFile, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { ResumePlan } from '../../shared/runs'
import { readLease, writeLease } from '../runs/lease'
import type { RunJournal } from '../runs/runJournal'
import { foldState } from '../runs/runState'
import type { ResumeChoice } from './resumePlan'
import { createRunner, type Launched } from './runner'
import { openRunner, readRows, readStoreLines, runToEnd, writeWorkflow } from './runner.testkit'

type Opened = Awaited<ReturnType<typeof openRunner>>

const stored = { workflow: 'stored', asNewRun: false } as const
const count = (name: string): string => `echo ${name} >> ran; echo out-${name}`
const setKey = (key: string, value: string): string =>
  `node -e 'const f=process.env.RUNDESK_STATE,s=JSON.parse(fs.readFileSync(f));s.${key}=(s.${key}??"")+"${value}";fs.writeFileSync(f,JSON.stringify(s))'`

/** a completed, b failed until the file `go` is there, c behind b, d completed beside them. */
const steps = [
  { name: 'a', command: `${count('a')}; ${setKey('log', 'a')}` },
  { name: 'b', dependsOn: ['a'], command: `test -f go && ${count('b')}; ${setKey('log', 'b')}; test -f go` },
  { name: 'c', dependsOn: ['b'], command: `${count('c')}; echo "{{steps.a.output}}" > seen` },
  { name: 'd', command: 'true' },
]
const change = { errorHandling: { strategy: 'continue' } }

async function failedRun(opened: Opened): Promise<string> {
  return (await runToEnd(opened, steps, { change })).runId
}

async function resumeToEnd(
  { runner, store }: Opened,
  runId: string,
  choice: ResumeChoice,
): Promise<{ readonly runId: string } & Awaited<ReturnType<typeof readRows>>> {
  const launched = await runner.resume({ runId, confirmed: false, choice })
  await launched.ended
  return { runId: launched.runId, ...(await readRows(store, launched.runId)) }
}

const ran = async ({ dir }: Opened): Promise<string> => (await readFile(join(dir, 'ran'), 'utf8')).replaceAll('\n', '')
const wills = (plan: ResumePlan): Record<string, string> =>
  Object.fromEntries(plan.steps.map(({ name, will, reason }) => [name, `${will}: ${reason}`]))
const statesOf = (rows: Awaited<ReturnType<typeof readRows>>): Record<string, unknown> =>
  foldState(Object.values(rows.steps).map((row) => row.rundesk?.statePatch))

test('a plain resume runs what is not completed, and says so before', async () => {
  const opened = await openRunner()
  const runId = await failedRun(opened)
  await writeFile(join(opened.dir, 'go'), '')
  const plan = await opened.runner.plan({ runId, choice: stored })
  const { run } = await resumeToEnd(opened, runId, stored)
  expect([wills(plan), plan.refused, run.status, await ran(opened)]).toEqual([
    { a: 'keep: it is completed', b: 'run: it failed', c: 'run: it was skipped', d: 'keep: it is completed' },
    null,
    'completed',
    'abc',
  ])
})

test('a run whose failure was told a moment ago is resumed, though its process has not given it back yet', async () => {
  const { dir, store } = await openRunner()
  const file = await writeWorkflow(dir, [{ name: 'twice', command: 'echo >> tries; test $(wc -l < tries) -gt 1' }])
  const resumed: Promise<Launched>[] = []
  const claimRun: RunJournal['claimRun'] = async (runId, decide) => {
    await store.claimRun(runId, decide)
    if (store.statusOf(runId) !== 'failed' || resumed.length > 0) return
    resumed.push(runner.resume({ runId, confirmed: false }))
    for (let time = 0; time < 50; time++) await store.refresh() // Time enough to be refused.
  }
  const runner = createRunner({ journal: { ...store, claimRun }, by: 'tester@here' })
  const { runId, ended } = await runner.start({ file, vars: {} })
  await ended
  const again = await resumed[0]
  const executed = runner.executing()
  await again?.ended
  expect([executed, (await readRows(store, runId)).run.status]).toEqual([[runId], 'completed'])
})

test('a re-run from a step in place runs it and what depends on it, and drops their state', async () => {
  const opened = await openRunner()
  const runId = await failedRun(opened)
  await writeFile(join(opened.dir, 'go'), '')
  const choice = { ...stored, from: 'a' }
  const plan = await opened.runner.plan({ runId, choice })
  const rows = await resumeToEnd(opened, runId, choice)
  const attempts = rows.steps.a?.rundesk?.attempts
  expect([
    wills(plan).a,
    wills(plan).d,
    await ran(opened),
    statesOf(rows),
    Array.isArray(attempts) && attempts.length,
  ]).toEqual(['run: it was chosen', 'keep: it is completed', 'aabc', { log: 'ab' }, 2])
})

test('a re-run as a new run takes over outputs and state, and leaves the old run as it was', async () => {
  const opened = await openRunner()
  const runId = await failedRun(opened)
  const before = await readRows(opened.store, runId)
  await writeFile(join(opened.dir, 'go'), '')
  const rows = await resumeToEnd(opened, runId, { workflow: 'stored', asNewRun: true, from: 'b' })
  expect({
    old: await readRows(opened.store, runId),
    parent: rows.run.rundesk?.parent,
    status: rows.run.status,
    ran: await ran(opened),
    kept: [rows.steps.a?.status, rows.steps.a?.output, rows.steps.a?.runId, rows.steps.a?.startedAt],
    state: statesOf(rows),
    seen: await readFile(join(opened.dir, 'seen'), 'utf8'),
  }).toEqual({
    old: before,
    parent: { runId, from: 'b' },
    status: 'completed',
    ran: 'abc',
    kept: ['completed', 'out-a\n', rows.runId, undefined],
    state: { log: 'ab' },
    seen: 'out-a\n\n',
  })
})

test('a completed run is run again only as a new run', async () => {
  const opened = await openRunner()
  const { runId } = await runToEnd(opened, [{ name: 'a', command: 'true' }])
  const inPlace = { ...stored, from: 'a' }
  const plan = await opened.runner.plan({ runId, choice: inPlace })
  await expect(opened.runner.resume({ runId, confirmed: true, choice: inPlace })).rejects.toMatchObject({
    code: 'not_resumable',
  })
  const again = await resumeToEnd(opened, runId, { ...inPlace, asNewRun: true })
  expect([plan.refused, again.run.status, again.runId === runId]).toEqual([
    expect.stringContaining('it completed at'),
    'completed',
    false,
  ])
})

test('a failed run with nothing left to run says so and stays as it is', async () => {
  const opened = await openRunner()
  const { runId, run } = await runToEnd(opened, [{ name: 'a', command: 'true' }])
  await opened.store.append([{ kind: 'run', row: { ...run, status: 'failed' } }], 'written')
  const lines = await readStoreLines(opened.store)
  const plan = await opened.runner.plan({ runId, choice: stored })
  await expect(opened.runner.resume({ runId, confirmed: true })).rejects.toThrow(/nothing is left to run/)
  expect([plan.refused, await readStoreLines(opened.store)]).toEqual([
    expect.stringContaining('nothing is left to run'),
    lines,
  ])
})

test('an unknown step is refused and nothing is written', async () => {
  const opened = await openRunner()
  const runId = await failedRun(opened)
  const lines = await readStoreLines(opened.store)
  for (const asNewRun of [false, true]) {
    const choice = { workflow: 'stored', asNewRun, from: '../x' } as const
    await expect(opened.runner.plan({ runId, choice })).rejects.toMatchObject({ code: 'not_found' })
    await expect(opened.runner.resume({ runId, confirmed: true, choice })).rejects.toMatchObject({ code: 'not_found' })
  }
  expect(await readStoreLines(opened.store)).toEqual(lines)
})

test('a changed workflow file is told with its difference, and the stored workflow runs unless the file is asked for', async () => {
  const opened = await openRunner()
  const runId = await failedRun(opened)
  const unchanged = await opened.runner.plan({ runId, choice: stored })
  const changed = steps.map((step) => (step.name === 'b' ? { ...step, command: count('B') } : step))
  await writeWorkflow(opened.dir, [...changed, { name: 'e', dependsOn: ['c'], command: count('e') }], change)
  const asStored = await opened.runner.plan({ runId, choice: stored })
  const choice = { workflow: 'file', asNewRun: false } as const
  const asFile = await opened.runner.plan({ runId, choice })
  const rows = await resumeToEnd(opened, runId, choice)
  expect({
    unchanged: [unchanged.file?.changed, unchanged.file?.diff],
    told: [asStored.file?.changed, asStored.steps.map(({ name }) => name)],
    diff: asFile.file?.diff.flatMap(({ kind, text }) =>
      kind === 'add' && text.includes('echo B') ? [text.trim()] : [],
    ),
    wills: wills(asFile),
    ran: await ran(opened),
    task: rows.steps.b?.task,
    status: rows.run.status,
  }).toEqual({
    unchanged: [false, []],
    told: [true, ['a', 'b', 'c', 'd']],
    diff: ['command: echo B >> ran; echo out-B'],
    wills: {
      a: 'keep: it is completed',
      b: 'run: its definition changed',
      c: 'run: it was skipped',
      d: 'keep: it is completed',
      e: 'run: it is new',
    },
    ran: 'aBce',
    task: count('B'),
    status: 'completed',
  })
})

test('a completed step whose definition changed runs again with the new file, and so does what depends on it', async () => {
  const opened = await openRunner()
  const runId = await failedRun(opened)
  await writeFile(join(opened.dir, 'go'), '')
  await writeWorkflow(
    opened.dir,
    steps.map((step) => (step.name === 'a' ? { ...step, command: count('A') } : step)),
    change,
  )
  await resumeToEnd(opened, runId, { workflow: 'file', asNewRun: false })
  expect(await ran(opened)).toBe('aAbc')
})

test('a step that the new file no longer has is in the way in place, not in a new run', async () => {
  const opened = await openRunner()
  const runId = await failedRun(opened)
  await writeFile(join(opened.dir, 'go'), '')
  await writeWorkflow(opened.dir, steps.slice(0, 2), change)
  const refused = await opened.runner.plan({ runId, choice: { workflow: 'file', asNewRun: false } })
  const rows = await resumeToEnd(opened, runId, { workflow: 'file', asNewRun: true })
  expect([refused.refused, rows.run.status, Object.keys(rows.steps)]).toEqual([
    expect.stringContaining('no longer has'),
    'completed',
    ['a', 'b'],
  ])
})

test('without its file a run is resumed as it was stored', async () => {
  const opened = await openRunner()
  const runId = await failedRun(opened)
  await writeFile(join(opened.dir, 'go'), '')
  await rm(join(opened.dir, 'flow.yaml'))
  const plan = await opened.runner.plan({ runId, choice: stored })
  const rows = await resumeToEnd(opened, runId, stored)
  expect([plan.file?.trouble, plan.refused, rows.run.status]).toEqual([
    expect.stringContaining('cannot be read'),
    null,
    'completed',
  ])
})

test('the checks before a workflow stand before a new run, not before a resume', async () => {
  const opened = await openRunner()
  const preflight = [{ command: 'echo check >> checks' }]
  const workflows = [{ name: 'main', preflight, steps: steps.map((step) => ({ type: 'deterministic', ...step })) }]
  const { runId } = await runToEnd(opened, [], { change: { ...change, workflows } })
  await resumeToEnd(opened, runId, stored)
  await writeFile(join(opened.dir, 'go'), '')
  await resumeToEnd(opened, runId, { workflow: 'stored', asNewRun: true })
  expect(await readFile(join(opened.dir, 'checks'), 'utf8')).toBe('check\ncheck\n')
})

test('a resume goes on from the line of a killed resume that lacks nothing but its newline', async () => {
  const opened = await openRunner()
  const runId = await failedRun(opened)
  await writeFile(join(opened.dir, 'go'), '')
  const { run } = await readRows(opened.store, runId)
  const row = { ...run, status: 'running', updatedAt: new Date().toISOString() }
  await appendFile(opened.store.file, JSON.stringify({ kind: 'run', row }))
  const lease = await readLease(opened.store.rundeskDir, runId)
  if (lease) await writeLease(opened.store.rundeskDir, { ...lease, pid: 2 ** 30, releasedAt: null })
  expect((await resumeToEnd(opened, runId, stored)).run.status).toBe('completed')
})

/** A start that was killed while its first rows were being written: the run's, `whole` steps' and a part of the next one. */
async function tornStart(opened: Opened, whole: number): Promise<string> {
  const runId = await failedRun(opened)
  const lines = (await readFile(opened.store.file, 'utf8')).split('\n')
  const part = whole < steps.length ? (lines[whole + 1] ?? '').slice(0, 90) : ''
  await writeFile(opened.store.file, [...lines.slice(0, whole + 1), part].join('\n'))
  const lease = await readLease(opened.store.rundeskDir, runId)
  if (lease) await writeLease(opened.store.rundeskDir, { ...lease, pid: 2 ** 30, releasedAt: null })
  await rm(join(opened.dir, 'ran'))
  await writeFile(join(opened.dir, 'go'), '')
  return runId
}

test.each([0, 1, 3, 4])('a start that was torn behind %i rows of steps goes on with all of them', async (whole) => {
  const first = await openRunner()
  const runId = await tornStart(first, whole)
  const opened = await openRunner({ workspaceDir: first.dir })
  const { run, steps: rows } = await resumeToEnd(opened, runId, stored)
  const statuses = Object.fromEntries(Object.entries(rows).map(([name, { status }]) => [name, status]))
  expect([run.status, statuses, await ran(opened)]).toEqual([
    'completed',
    { a: 'completed', b: 'completed', c: 'completed', d: 'completed' },
    'abc',
  ])
})

test('what a torn start will run is told before', async () => {
  const first = await openRunner()
  const runId = await tornStart(first, 1)
  const { runner } = await openRunner({ workspaceDir: first.dir })
  const plan = await runner.plan({ runId, choice: stored })
  expect([plan.refused, plan.steps.map(({ name, will, reason }) => [name, will, reason])]).toEqual([
    null,
    [
      ['a', 'run', 'it did not run yet'],
      ['b', 'run', 'it did not run yet'],
      ['c', 'run', 'it did not run yet'],
      ['d', 'run', 'it did not run yet'],
    ],
  ])
})

test('a run that has begun and lacks the row of a step is not gone on with: that step may have run', async () => {
  const first = await openRunner()
  const runId = await failedRun(first)
  const lines = (await readFile(first.store.file, 'utf8')).split('\n')
  await writeFile(first.store.file, lines.filter((line) => !line.includes('"stepName":"a"')).join('\n'))
  const { runner } = await openRunner({ workspaceDir: first.dir })
  await expect(runner.resume({ runId, confirmed: false, choice: stored })).rejects.toThrow('there is no row for "a"')
})
