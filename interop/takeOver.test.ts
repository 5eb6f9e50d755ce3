import { access, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { eventually } from '../electron/files/eventually.testkit'
import { makeTemporaryFolder } from '../electron/files/temporaryFolder.testkit'
import { publishedLogName } from '../electron/runner/launchPublished'
import { markedProcesses } from '../electron/runner/processGroups'
import { publishedMark } from '../electron/runner/publishedProcess'
import { readAttemptLog } from '../electron/runner/readAttemptLog'
import { openRunner, readRows, writeWorkflow } from '../electron/runner/runner.testkit'
import { readLease } from '../electron/runs/lease'
import { installPublished, type PublishedPackage } from './publishedPackages'

const published = await installPublished()
const packages = published.kind === 'installed' ? published.packages : []
const folders = { 'the sdk': '@agent-relay/sdk', relayflows: '@relayflows/core' } as const

type Opened = Awaited<ReturnType<typeof openRunner>>

/** A workspace in which the package is installed. */
async function openWith(one: PublishedPackage): Promise<Opened> {
  const dir = await makeTemporaryFolder()
  const place = join(dir, 'node_modules', folders[one.name])
  await mkdir(dirname(place), { recursive: true })
  await symlink(one.dir, place)
  return openRunner({ workspaceDir: dir })
}

async function start(
  opened: Opened,
  steps: readonly object[],
  vars: Readonly<Record<string, string>> = {},
): ReturnType<Opened['runner']['start']> {
  return opened.runner.start({ file: await writeWorkflow(opened.dir, steps), vars, published: true })
}

const chain = [
  { name: 'a', command: 'echo a >> ran' },
  { name: 'b', dependsOn: ['a'], command: 'test -f go && echo b >> ran' },
  { name: 'c', dependsOn: ['b'], command: 'echo c >> ran' },
]

const factsOf = ({ run }: Awaited<ReturnType<typeof readRows>>): unknown => run.rundesk?.publishedRunner

describe.skipIf(published.kind === 'unreachable').each(packages)('the runner of $name is taken over', (one) => {
  test('it runs a workflow with its variables, and its exit and what it printed are kept', async () => {
    const opened = await openWith(one)
    const { runId, ended } = await start(opened, [{ name: 'a', command: 'echo {{who}}' }], { who: "o'x $HOME" })
    await ended
    const rows = await readRows(opened.store, runId)
    const { rundeskDir } = opened.store
    const log = { rundeskDir, runId, stepName: publishedLogName, attempt: null, offset: 0, maxBytes: 100_000 }
    expect([
      rows.run.status,
      rows.steps.a?.output,
      factsOf(rows),
      (await readAttemptLog(log)).text,
      (await readLease(rundeskDir, runId))?.releasedAt !== null,
    ]).toEqual([
      'completed',
      "o'x $HOME\n",
      expect.objectContaining({ package: folders[one.name], exitCode: 0 }),
      expect.stringContaining(runId),
      true,
    ])
  })

  test('what it failed is resumed by it, and steps that it had skipped run then', async () => {
    const opened = await openWith(one)
    const { runId, ended } = await start(opened, chain)
    await ended
    const failed = await readRows(opened.store, runId)
    await writeFile(join(opened.dir, 'go'), '')
    await (await opened.runner.resume({ runId, confirmed: false, published: true })).ended
    const { run, steps } = await readRows(opened.store, runId)
    expect([
      failed.run.status,
      run.status,
      run.error,
      steps.c?.status,
      await readFile(join(opened.dir, 'ran'), 'utf8'),
    ]).toEqual(['failed', 'completed', undefined, 'completed', 'a\nb\nc\n'])
  })

  test('it runs again from a step as a new run that keeps what was completed', async () => {
    const opened = await openWith(one)
    const { runId, ended } = await start(opened, chain)
    await ended
    await writeFile(join(opened.dir, 'go'), '')
    const choice = { workflow: 'stored', asNewRun: true, from: 'b' } as const
    const again = await opened.runner.resume({ runId, confirmed: false, choice, published: true })
    await again.ended
    const { run } = await readRows(opened.store, again.runId)
    const before = await readRows(opened.store, runId)
    expect([before.run.status, run.status, await readFile(join(opened.dir, 'ran'), 'utf8')]).toEqual([
      'failed',
      'completed',
      'a\nb\nc\n',
    ])
  })

  test('a cancel from elsewhere ends all that it started, and stands', async () => {
    const opened = await openWith(one)
    const { runId, ended } = await start(opened, [
      { name: 'a', command: 'setsid sleep 300 & touch up; sleep 300' },
      { name: 'b', dependsOn: ['a'], command: 'touch never' },
    ])
    await eventually('the step to run', () =>
      access(join(opened.dir, 'up')).then(
        () => true,
        () => false,
      ),
    )
    const { rundeskDir } = opened.store
    const token = (await readLease(rundeskDir, runId))?.token ?? ''
    const other = await openRunner({ workspaceDir: opened.dir })
    const result = await other.runner.cancel({ runId, confirmed: false })
    const left = await markedProcesses(publishedMark(rundeskDir, token))
    await ended
    const { run, steps } = await readRows(opened.store, runId)
    expect([result.cancelled, left, run.status, steps.a?.status, steps.b?.status, opened.store.problems()]).toEqual([
      true,
      [],
      'cancelled',
      'failed',
      'skipped',
      [],
    ])
  })

  test('a run whose runner was killed fails with the reason, and can be resumed', async () => {
    const opened = await openWith(one)
    const { runId, ended } = await start(opened, [{ name: 'a', command: 'touch up; test -f go || sleep 300' }])
    await eventually('the step to run', () =>
      access(join(opened.dir, 'up')).then(
        () => true,
        () => false,
      ),
    )
    const pid = (await readLease(opened.store.rundeskDir, runId))?.pid ?? 0
    process.kill(pid, 'SIGKILL')
    await ended
    const killed = await readRows(opened.store, runId)
    await writeFile(join(opened.dir, 'go'), '')
    await (await opened.runner.resume({ runId, confirmed: false, published: true })).ended
    expect([killed.run.status, killed.run.error, (await readRows(opened.store, runId)).run.status]).toEqual([
      'failed',
      'The published runner ended with signal SIGKILL before the run did',
      'completed',
    ])
  })
})
