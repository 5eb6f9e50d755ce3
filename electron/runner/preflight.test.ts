import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isProcessAlive } from '../files/processIdentity'
import { eventually, makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { buildScript, openRunner, readRows, writeWorkflow } from './runner.testkit'

type Opened = Awaited<ReturnType<typeof openRunner>>

const pidFrom = (path: string): Promise<number> =>
  eventually(`a pid in ${path}`, async () => Number(await readFile(path, 'utf8').catch(() => '')) || undefined)

function withPreflight(dir: string, preflight: readonly object[], command = 'touch ran'): Promise<string> {
  return writeWorkflow(dir, [], {
    workflows: [{ name: 'main', preflight, steps: [{ name: 'a', type: 'deterministic', command }] }],
  })
}

async function start({ dir, runner }: Opened, preflight: readonly object[]): Promise<string> {
  const file = await withPreflight(dir, preflight)
  try {
    const { ended } = await runner.start({ file, vars: { word: "it's" } })
    await ended
    return 'started'
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

test.each([
  [{ command: 'true' }, 'started'],
  [
    { command: 'echo no >&2; exit 3', description: 'disk is there' },
    'The preflight check "disk is there" failed: it ended with exit code 3: no. Nothing was started.',
  ],
  [
    { command: 'echo dirty', failIf: 'non-empty' },
    'The preflight check "echo dirty" failed: its output is not empty: dirty. Nothing was started.',
  ],
  [{ command: 'echo " "', failIf: 'non-empty' }, 'started'],
  [
    { command: 'echo', failIf: 'empty' },
    'The preflight check "echo" failed: its output is empty. Nothing was started.',
  ],
  [{ command: 'echo x', failIf: 'empty' }, 'started'],
  [
    { command: 'echo v18', failIf: '^v1[0-8]' },
    'The preflight check "echo v18" failed: its output matches "^v1[0-8]": v18. Nothing was started.',
  ],
  [{ command: 'echo v20', failIf: '^v1[0-8]', successIf: '^v\\d+' }, 'started'],
  [
    { command: 'echo v', successIf: '^v\\d+' },
    'The preflight check "echo v" failed: its output does not match "^v\\\\d+": v. Nothing was started.',
  ],
  [
    { command: 'echo x', failIf: 'empty', successIf: 'y' },
    'The preflight check "echo x" failed: its output does not match "y": x. Nothing was started.',
  ],
  [{ command: 'test {{word}} = "it\'s"' }, 'started'],
])('the check %o: %s', async (check, words) => {
  expect(await start(await openRunner(), [check])).toBe(words)
})

test('a failed check starts nothing and leaves no record, and later checks do not run', async () => {
  const opened = await openRunner()
  await start(opened, [{ command: 'touch first' }, { command: 'false' }, { command: 'touch third' }])
  const there = ['first', 'third', 'ran', '.agent-relay'].map((name) => existsSync(join(opened.dir, name)))
  expect(there).toEqual([true, false, false, false])
})

test('a resume skips the checks', async () => {
  const opened = await openRunner()
  const file = await withPreflight(opened.dir, [{ command: 'echo x >> checked' }], 'test -f go')
  const { runId, ended } = await opened.runner.start({ file, vars: {} })
  await ended
  await writeFile(join(opened.dir, 'go'), '')
  await (await opened.runner.resume({ runId, confirmed: false })).ended
  const { run } = await readRows(opened.store, runId)
  expect([run.status, await readFile(join(opened.dir, 'checked'), 'utf8')]).toEqual(['completed', 'x\n'])
})

test('what a check leaves in the background is gone when it is judged', async () => {
  const opened = await openRunner()
  await start(opened, [{ command: 'sleep 300 & echo $! > pid' }])
  expect(isProcessAlive(await pidFrom(join(opened.dir, 'pid')))).toBe(false)
})

test('closing the runner stops a check, and nothing is started', async () => {
  const opened = await openRunner()
  const outcome = start(opened, [{ command: 'echo $$ > pid; sleep 300' }])
  const pid = await pidFrom(join(opened.dir, 'pid'))
  await opened.runner.close({ stopRuns: true })
  expect([await outcome, isProcessAlive(pid), existsSync(join(opened.dir, '.agent-relay'))]).toEqual([
    'The preflight check "echo $$ > pid; sleep 300" failed: it was stopped. Nothing was started.',
    false,
    false,
  ])
})

test('a check dies with the runner', async () => {
  const dir = await makeTemporaryFolder()
  const file = await withPreflight(dir, [{ command: 'echo $$ > pid; sleep 300' }])
  const child = spawn(process.execPath, [await buildScript('startOne.testkit'), dir, file], { stdio: 'ignore' })
  const pid = await pidFrom(join(dir, 'pid'))
  child.kill('SIGKILL')
  expect(await eventually('the check to be gone', () => !isProcessAlive(pid))).toBe(true)
})
