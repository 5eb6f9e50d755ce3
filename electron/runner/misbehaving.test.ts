import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isProcessAlive } from '../files/processIdentity'
import { eventually, makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { markedProcesses } from './processGroups'
import { readAttemptLog } from './readAttemptLog'
import { buildScript, openRunner, readRows, runToEnd, writeWorkflow } from './runner.testkit'

const linux = process.platform === 'linux'
/** What carries the run's mark, or wrote its pid down, and is still there. */
async function survivors(dir: string, runId: string): Promise<readonly number[]> {
  const left = (await readFile(join(dir, 'left'), 'utf8').catch(() => '')).split('\n').map(Number)
  return [...left.filter(isProcessAlive), ...(await markedProcesses(`RUNDESK_RUN_ID=${runId}`))]
}

/** Shell code: waits until the file holds so many lines. */
const lines = (file: string, count: number): string =>
  `while test "$(cat ${file} 2>/dev/null | wc -l)" -lt ${count}; do sleep 0.02; done`

/** Ways to go wrong, and what the step's row must say of it. `error` null: the step completes. */
const ways: readonly (readonly [
  string,
  { readonly command: string; readonly timeoutMs?: number },
  string | RegExp | null,
])[] = [
  [
    'ignores TERM',
    { command: "trap '' TERM; while :; do sleep 0.05; done", timeoutMs: 300 },
    'Step "a" timed out after 300 ms',
  ],
  ['stops itself', { command: 'kill -STOP $$', timeoutMs: 300 }, 'Step "a" timed out after 300 ms'],
  [
    'leaves its session',
    { command: `setsid sh -c 'echo $$ >> left; exec sleep 60' & ${lines('left', 1)}; exit 1` },
    'Command failed with exit code 1',
  ],
  [
    'forks twice',
    { command: `(setsid sh -c '(sh -c "echo \\$\\$ >> left; exec sleep 60" &) ' &); ${lines('left', 1)}; exit 1` },
    'Command failed with exit code 1',
  ],
  [
    'clears its environment and leaves its session',
    { command: `env -i setsid sh -c 'echo $$ >> left; exec sleep 60' >/dev/null 2>&1 & ${lines('left', 1)}; exit 1` },
    'Command failed with exit code 1',
  ],
  [
    'clears its environment, leaves its session, and the step succeeds',
    {
      command: `env -i setsid sh -c 'echo $$ >> left; exec sleep 60' >/dev/null 2>&1 & ${lines('left', 1)}; echo fine`,
    },
    null,
  ],
  [
    'starts a daemon that keeps its pipe open',
    { command: `setsid sh -c 'echo $$ >> left; exec sleep 60' & ${lines('left', 1)}; echo fine` },
    null,
  ],
  [
    'starts a daemon that never stops printing',
    { command: `setsid sh -c 'echo $$ >> left; exec yes flood' & ${lines('left', 1)}; echo fine` },
    null,
  ],
  [
    'starts a daemon that prints a little all the time',
    {
      command: `setsid sh -c 'echo $$ >> left; while :; do echo drip; sleep 0.1; done' & ${lines('left', 1)}; echo fine`,
    },
    null,
  ],
  [
    'starts fifty children that ignore TERM',
    {
      command: `i=0; while test $i -lt 50; do sh -c "trap '' TERM; echo \\$\\$ >> left; while :; do sleep 1; done" & i=$((i+1)); done; ${lines('left', 50)}; exit 3`,
    },
    'Command failed with exit code 3',
  ],
  [
    'starts children again and again',
    { command: 'while :; do sleep 30 & sleep 0.01; done', timeoutMs: 500 },
    'Step "a" timed out after 500 ms',
  ],
  ['writes to a closed pipe', { command: 'yes | head -n 1; echo fine' }, null],
  [
    'closes its input and its outputs',
    { command: 'exec <&- >&- 2>&-; sleep 0.1; exit 5' },
    'Command failed with exit code 5',
  ],
  ['waits for input that never comes', { command: 'cat; echo fine' }, null],
  ['kills itself', { command: 'kill -9 $$' }, 'Command failed with exit code 137 (as after SIGKILL)'],
  ['prints nothing', { command: 'true' }, null],
  ['is no shell code', { command: 'if then fi' }, /^Command failed with exit code 2: .*[Ss]yntax error/s],
  [
    'has no such command',
    { command: 'no-such-command-here' },
    /^Command failed with exit code 12[67]: .*(?:not found|[Pp]ermission denied)/s,
  ],
]

test.runIf(linux).each(ways)(
  'a step that %s leaves no process behind, and its row tells what happened',
  async (_way, step, error) => {
    const opened = await openRunner()
    const { runId, run, steps } = await runToEnd(opened, [{ name: 'a', ...step }])
    const expected = error === null ? ['completed', undefined] : ['failed', error]
    const told = error instanceof RegExp && error.test(steps.a?.error ?? '') ? error : steps.a?.error
    expect([await survivors(opened.dir, runId), run.status, told]).toEqual([[], ...expected])
  },
)

/** Waits until the run has opened a lane for its later steps. */
const laneIsThere = 'until test -p "${RUNDESK_STATE%/*}/lane-1/err0"; do sleep 0.02; done; sleep 0.1'

test.runIf(linux).each(ways)(
  'a later step of a long run that %s leaves no process behind either, and its row tells what happened',
  async (_way, step, error) => {
    const opened = await openRunner()
    const { runId, run, steps } = await runToEnd(opened, [
      { name: 'before', command: laneIsThere },
      { name: 'a', dependsOn: ['before'], ...step },
      ...[1, 2, 3, 4].map((number) => ({ name: `after-${number}`, dependsOn: ['a'], command: 'true' })),
    ])
    const expected = error === null ? ['completed', undefined] : ['failed', error]
    const told = error instanceof RegExp && error.test(steps.a?.error ?? '') ? error : steps.a?.error
    expect([await survivors(opened.dir, runId), run.status, told]).toEqual([[], ...expected])
  },
)

test.runIf(linux).each(ways.filter(([way]) => /leaves|forks|daemon|fifty|TERM|stops itself/.test(way)))(
  'a runner that is killed while a step %s leaves no process behind',
  async (_way, { command }) => {
    const dir = await makeTemporaryFolder()
    const hanging = `${command.replace(/exit \d$/, ':')}; echo >> ready; sleep 60`
    const file = await writeWorkflow(dir, [
      {
        name: 'a',
        command: command.startsWith('trap') || command.startsWith('kill') ? `echo >> ready; ${command}` : hanging,
      },
    ])
    const script = await buildScript('startOne.testkit')
    const child = spawn(process.execPath, [script, dir, file], { stdio: 'ignore' })
    await eventually(
      'the step to be ready',
      async () => (await readFile(join(dir, 'ready'), 'utf8').catch(() => '')) !== '',
    )
    child.kill('SIGKILL')
    const { store } = await openRunner({ workspaceDir: dir })
    const runId = store.runs()[0]?.id ?? ''
    const gone = await eventually('everything to be gone', async () => (await survivors(dir, runId)).length === 0)
    expect([gone, (await readRows(store, runId)).steps.a?.status]).toEqual([true, 'running'])
  },
)

test('output that is no text is kept byte for byte in the log', async () => {
  const opened = await openRunner()
  const command =
    "node -e 'process.stdout.write(Buffer.from(Array.from({length: 100000}, (_, i) => (i * 7919) % 256)))'"
  const { steps } = await runToEnd(opened, [{ name: 'a', command }])
  const log = steps.a?.rundesk?.log as { file: string; sha256: string }
  const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * 7919) % 256))
  expect([
    createHash('sha256').update(bytes).digest('hex'),
    (await readFile(join(opened.store.rundeskDir, log.file))).equals(bytes),
    steps.a?.status,
  ]).toEqual([log.sha256, true, 'completed'])
})

test('200 MB of output go through bounded memory into parts of a log, all of them', async () => {
  const opened = await openRunner()
  const before = process.memoryUsage().rss
  const running = runToEnd(opened, [
    { name: 'a', command: 'yes 0123456789012345678901234567890123456789 | head -c 200000000' },
  ])
  let most = 0
  const watching = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss - before)
  }, 20)
  const { runId, steps } = await running.finally(() => clearInterval(watching))
  const log = steps.a?.rundesk?.log as { file: string; bytes: number; sha256: string }
  const hash = createHash('sha256')
  for (const part of ['', '.1', '.2']) {
    const path = join(opened.store.rundeskDir, log.file.replace('.log', `${part}.log`))
    for await (const chunk of createReadStream(path)) hash.update(chunk)
  }
  const end = await readAttemptLog({
    rundeskDir: opened.store.rundeskDir,
    runId,
    stepName: 'a',
    attempt: 1,
    offset: log.bytes - 8,
    maxBytes: 100,
  })
  expect([log.bytes, hash.digest('hex'), end.text.length, (steps.a?.output?.length ?? 0) < 300_000]).toEqual([
    200_000_000,
    log.sha256,
    8,
    true,
  ])
  expect(most).toBeLessThan(150 * 1024 * 1024)
})
