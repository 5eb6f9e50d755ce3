import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { isProcessAlive, ownIdentity } from '../files/processIdentity'
import { eventually, makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { readLease, writeLease } from '../runs/lease'
import { buildScript, openRunner, readRows, runToEnd, writeWorkflow } from './runner.testkit'

/** Shell code: is the process whose pid stands in the file `pid` running? (A zombie has no command line.) */
const alive = `test -n "$(tr -d '\\0' < /proc/$(cat pid)/cmdline)"`

const pidFrom = (path: string): Promise<number> =>
  eventually(`a pid in ${path}`, async () => Number(await readFile(path, 'utf8').catch(() => '')) || undefined)

test('a command that the system refuses is not tried again and fails its step only', async () => {
  const { run, steps } = await runToEnd(
    await openRunner(),
    [
      { name: 'big', command: `: ${'x'.repeat(140_000)}`, retries: 2 },
      { name: 'beside', command: 'echo fine' },
    ],
    { change: { errorHandling: { strategy: 'continue' } } },
  )
  expect([run.status, steps.big?.error, steps.big?.retryCount, steps.beside?.status]).toEqual([
    'failed',
    'The command is longer than the system takes in one piece (128 KiB). Put it into a script file and call that.',
    0,
    'completed',
  ])
})

test('a run whose runner breaks down is failed with the reason, its processes ended, its steps settled', async () => {
  const opened = await openRunner()
  const long = 'head -c 5000 /dev/zero | tr "\\0" x'
  const { runId, ended } = await opened.runner.start({
    file: await writeWorkflow(opened.dir, [
      { name: 'before', command: long },
      { name: 'sleeper', command: 'echo $$ > pid; exec sleep 60' },
      {
        name: 'breaks',
        dependsOn: ['before'],
        command: `while ! test -s pid; do sleep 0.05; done; ${long}; mkdir "$(dirname "$RUNDESK_OUTPUT_BEFORE")/breaks.out"`,
      },
      { name: 'after', dependsOn: ['breaks'], command: 'true' },
    ]),
    vars: {},
  })
  const pid = await pidFrom(join(opened.dir, 'pid'))
  await ended
  const { run, steps } = await readRows(opened.store, runId)
  expect([run.status, isProcessAlive(pid), steps.sleeper?.status, steps.after?.status]).toEqual([
    'failed',
    false,
    'failed',
    'skipped',
  ])
  expect((await readLease(opened.store.rundeskDir, runId))?.releasedAt).not.toBeNull()
})

test('a run that cannot get its private folder fails with the reason and holds no lease', async () => {
  const opened = await openRunner()
  const file = await writeWorkflow(opened.dir, [{ name: 'a', command: 'true' }])
  const kept = process.env.TMPDIR
  onTestFinished(() => {
    if (kept === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = kept
  })
  process.env.TMPDIR = join(opened.dir, 'gone')
  const { runId, ended } = await opened.runner.start({ file, vars: {} })
  await ended
  const { run, steps } = await readRows(opened.store, runId)
  expect([run.status, steps.a?.status]).toEqual(['failed', 'skipped'])
  expect(run.error).toContain(join(opened.dir, 'gone'))
  expect((await readLease(opened.store.rundeskDir, runId))?.releasedAt).not.toBeNull()
})

test('a start that cannot write its rows leaves no lease', async () => {
  const opened = await openRunner()
  await mkdir(opened.store.file, { recursive: true })
  const file = await writeWorkflow(opened.dir, [{ name: 'a', command: 'true' }])
  await expect(opened.runner.start({ file, vars: {} })).rejects.toThrow('is a folder, not a file')
  expect(await readdir(join(opened.store.rundeskDir, 'leases')).catch(() => [])).toEqual([])
})

test('the lease of a killed start that never had a row goes with the next start; one of a living process stays', async () => {
  const { dir, store } = await openRunner()
  const held = { version: 1, token: 'x', by: 'a@b', acquiredAt: '', heartbeatAt: '', releasedAt: null } as const
  const own = await ownIdentity()
  const leases = { dead: { ...own, pid: 2 ** 30 }, alive: own, elsewhere: { ...own, pid: 2 ** 30, host: 'elsewhere' } }
  for (const [runId, owner] of Object.entries(leases)) await writeLease(store.rundeskDir, { ...held, ...owner, runId })
  const { runId } = await runToEnd(await openRunner({ workspaceDir: dir }), [{ name: 'a', command: 'true' }])
  const left = await Promise.all([...Object.keys(leases), runId].map((id) => readLease(store.rundeskDir, id)))
  expect(left.map((lease) => lease?.runId)).toEqual([undefined, 'alive', 'elsewhere', runId])
})

test('the file with an output is whole, without what went to stderr or what a check printed', async () => {
  const { steps } = await runToEnd(await openRunner(), [
    {
      name: 'a',
      command:
        "head -c 400000 /dev/zero | tr '\\0' x; echo oops >&2; echo needle; head -c 400000 /dev/zero | tr '\\0' y",
      verification: { type: 'custom', value: 'echo checked' },
    },
    { name: 'b', dependsOn: ['a'], command: 'tr -d "xy" < "$RUNDESK_OUTPUT_A"; wc -c < "$RUNDESK_OUTPUT_A"' },
  ])
  expect(steps.b?.output?.split(/\s+/).filter(Boolean)).toEqual(['needle', '800007'])
})

test('a resume hands on whole outputs too', async () => {
  const opened = await openRunner()
  const { runId, run } = await runToEnd(opened, [
    { name: 'a', command: "head -c 600000 /dev/zero | tr '\\0' x" },
    { name: 'b', dependsOn: ['a'], command: 'test -f go && wc -c < "$RUNDESK_OUTPUT_A"' },
  ])
  expect(run.status).toBe('failed')
  await writeFile(join(opened.dir, 'go'), '')
  await (await opened.runner.resume({ runId, confirmed: false })).ended
  expect((await readRows(opened.store, runId)).steps.b?.output?.trim()).toBe('600000')
})

test('an output that fits into no command is refused with its real length and where it is, and not tried again', async () => {
  const { runId, steps } = await runToEnd(await openRunner(), [
    { name: 'a', command: "head -c 600000 /dev/zero | tr '\\0' x" },
    { name: 'b', dependsOn: ['a'], retries: 3, command: 'echo {{steps.a.output}}' },
  ])
  expect([steps.b?.error, steps.b?.retryCount]).toEqual([
    `{{steps.a.output}} has 600000 bytes, more than the 102400 that fit into a command. Read it from the file named in RUNDESK_OUTPUT_A. The log that holds it: ${join('.agent-relay', 'rundesk', 'logs', runId, 'a.1.log')}`,
    0,
  ])
})

test('an output whose log is gone is refused with what to do about it', async () => {
  const opened = await openRunner()
  const { runId } = await runToEnd(opened, [
    { name: 'a', command: "head -c 600000 /dev/zero | tr '\\0' x" },
    { name: 'b', dependsOn: ['a'], command: 'test -f go && echo {{steps.a.output}}' },
  ])
  await rm(join(opened.store.rundeskDir, 'logs', runId), { recursive: true })
  await (await opened.runner.resume({ runId, confirmed: false })).ended
  expect((await readRows(opened.store, runId)).steps.b?.error).toBe(
    '{{steps.a.output}} has 600000 bytes, more than the 102400 that fit into a command, and the log that held it is gone. Write it to a file in step "a", read that file, and run from "a" again.',
  )
})

test('a text in the middle of a large output is found by its check', async () => {
  const blob = "head -c 400000 /dev/zero | tr '\\0' x"
  const { run } = await runToEnd(await openRunner(), [
    { name: 'a', command: `${blob}; echo needle; ${blob}`, verification: { type: 'output_contains', value: 'needle' } },
  ])
  expect(run.status).toBe('completed')
})

test('two names that make the same variable get one each', async () => {
  const { steps } = await runToEnd(await openRunner(), [
    { name: 'a-b', command: 'printf dash' },
    { name: 'a_b', dependsOn: ['a-b'], command: 'printf under' },
    { name: 'c', dependsOn: ['a_b'], command: 'cat "$RUNDESK_OUTPUT_A_B" "$RUNDESK_OUTPUT_A_B_2"' },
  ])
  expect(steps.c?.output).toBe('dashunder')
})

test('a step sees the output files of those it depends on and of those it names, and no others', async () => {
  const opened = await openRunner()
  await writeFile(
    join(opened.dir, 'seen.sh'),
    'env | sed -n "s/^RUNDESK_OUTPUT_\\([A-Z]*\\)=.*/\\1/p" | sort | tr -d "\\n"',
  )
  const { steps } = await runToEnd(opened, [
    { name: 'a', command: 'true' },
    { name: 'b', dependsOn: ['a'], command: 'sh seen.sh' },
    { name: 'c', dependsOn: ['b'], command: 'sh seen.sh' },
    { name: 'd', dependsOn: ['c'], command: 'sh seen.sh', env: ['RUNDESK_OUTPUT_A'] },
    { name: 'e', dependsOn: ['d'], command: ': "$RUNDESK_OUTPUT_B"; sh seen.sh' },
  ])
  expect(['b', 'c', 'd', 'e'].map((name) => steps[name]?.output)).toEqual(['A', 'B', 'AC', 'BD'])
})

test('a time limit longer than timers go is no limit of no time', async () => {
  const { run } = await runToEnd(await openRunner(), [{ name: 'a', timeoutMs: 3_000_000_000, command: 'sleep 0.2' }])
  expect(run.status).toBe('completed')
})

test('a missing working folder is told by its name', async () => {
  const opened = await openRunner()
  const { steps } = await runToEnd(opened, [{ name: 'a', cwd: 'nope', command: 'true' }])
  expect(steps.a?.error).toBe(
    `Its working folder ${join(opened.dir, 'nope')} does not exist. Create it, or correct "cwd".`,
  )
})

test.each([
  ['timed out', 'sleep 60', { timeoutMs: 700 }],
  ['failed', 'while ! test -s pid; do sleep 0.05; done; exit 1', {}],
])('what an attempt that %s left in another session is gone before the next one', async (_how, rest, limits) => {
  const { steps } = await runToEnd(
    await openRunner(),
    [
      {
        name: 'a',
        retries: 1,
        ...limits,
        command: `if test -s pid; then ${alive} && echo ALIVE; exit 0; fi; setsid sh -c 'echo $$ > pid; exec sleep 60' & ${rest}`,
      },
    ],
    { change: { errorHandling: { strategy: 'fail-fast', retryDelayMs: 10 } } },
  )
  expect([steps.a?.status, steps.a?.output]).toEqual(['completed', ''])
})

test('a resume waits until what a killed runner left has ended, and its own steps are left alone by the old watchdog', async () => {
  const dir = await makeTemporaryFolder()
  const stubborn = "trap '' TERM; echo $$ > pid; while :; do sleep 0.1; done"
  const file = await writeWorkflow(dir, [
    {
      name: 'a',
      retries: 0,
      command: `if test -f go; then ${alive} && exit 9; sleep 1; else ${stubborn}; fi`,
    },
  ])
  const killed = spawn(process.execPath, [await buildScript('startOne.testkit'), dir, file], {
    stdio: 'ignore',
  })
  const pid = await pidFrom(join(dir, 'pid'))
  killed.kill('SIGKILL')
  await new Promise((resolve) => killed.once('exit', resolve))
  await writeFile(join(dir, 'go'), '')
  const opened = await openRunner({ workspaceDir: dir })
  const runId = opened.store.runs()[0]?.id ?? ''
  await (await opened.runner.resume({ runId, confirmed: false })).ended
  const { run } = await readRows(opened.store, runId)
  expect([run.status, run.error, isProcessAlive(pid), existsSync(join(dir, 'go'))]).toEqual([
    'completed',
    undefined,
    false,
    true,
  ])
})

test('the output of a step lies where other tools look for it, whatever its name, unless that is no file name', async () => {
  const opened = await openRunner()
  const names = ['build web.v2', 'Größe ✓', '-rf', 'a/b', '..', 'x'.repeat(250)]
  const { runId } = await runToEnd(
    opened,
    names.map((name) => ({ name, command: 'echo it' })),
  )
  const folder = join(opened.dir, '.agent-relay', 'step-outputs', runId)
  const written = await eventually('all outputs', async () => {
    const found = await readdir(folder).catch(() => [])
    return found.length >= 3 && found.every((name) => !name.startsWith('.')) ? found : undefined
  })
  expect(written.sort()).toEqual(['-rf.md', 'Größe ✓.md', 'build web.v2.md'].sort())
})
