import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { appendFile, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { foldAsPublished } from '../crash/publishedFold'
import { bundleScript } from '../electron/files/bundledScript.testkit'
import { eventually } from '../electron/files/eventually.testkit'
import { markRunFailed } from '../electron/runs/markRunFailed'
import { markable } from '../shared/rules/runActs'
import {
  inWorkspace,
  look,
  mend,
  onlyRunOf,
  resumeWithPublished,
  resumeWithRundesk,
  startWithRundesk,
  withRundesk,
} from './playCase'
import { installPublished } from './publishedPackages'
import { readPublished } from './publishedReader'
import { type PublishedProcess, runPublished, startPublished } from './publishedRuns'

const installed = await installPublished()
if (installed.kind === 'unreachable')
  process.stderr.write(`rundesk: the interop tests are left out: ${installed.reason}\n`)

const step = (name: string, command: string, options: object = {}): object => ({
  name,
  type: 'deterministic',
  command: `echo '${name}' >> bodies; ${command}`,
  ...options,
})
/** Sleeps until the folder is mended, and tells its process id. */
const sleeper = 'test -f mended || { echo $$ > pid; exec sleep 30; }'
const settings = { errorHandling: { strategy: 'fail-fast' } }
const flowOf = (...steps: readonly object[]) => ({ workflows: [{ name: 'main', steps }], settings })
const startOne = fileURLToPath(new URL('../electron/runner/startOne.testkit.ts', import.meta.url))
const watchdog = fileURLToPath(new URL('../electron/runner/watchdog.ts', import.meta.url))

describe.skipIf(installed.kind === 'unreachable')('what the published runner gets wrong, and Rundesk does not', () => {
  if (installed.kind === 'unreachable') return
  const [published] = installed.packages

  test('a resumed run keeps its old error under the published runner, and loses it under Rundesk', async () => {
    const flow = flowOf(step('a', 'test -f mended'))
    const errorAfter = (resume: (place: { dir: string; runId: string }) => Promise<unknown>): Promise<unknown> =>
      inWorkspace(flow, async (dir) => {
        const runId = await startWithRundesk(dir)
        await mend(dir)
        await resume({ dir, runId })
        const { run } = (await look(dir, { runId, published })).rundesk
        return [run.status, run.error]
      })
    expect({
      published: await errorAfter((place) => resumeWithPublished(published, place)),
      rundesk: await errorAfter(({ dir, runId }) => resumeWithRundesk(dir, runId)),
    }).toEqual({
      published: ['completed', 'Step "a" failed: Command failed with exit code 1'],
      rundesk: ['completed', undefined],
    })
  })

  test('a step that a killed published runner left running is never run again by it, and is by Rundesk', async () => {
    await inWorkspace(flowOf(step('a', 'true'), step('b', sleeper, { dependsOn: ['a'] })), async (dir) => {
      const victim = startPublished(published, { dir, words: ['flow.yaml'] })
      await killWhileSleeping(victim, dir)
      const runId = await onlyRunOf(dir)
      await mend(dir)
      const early = await resumeWithRundesk(dir, runId)
      const byPublished = await resumeWithPublished(published, { dir, runId })
      const between = (await look(dir, { runId, published })).told
      const byRundesk = await resumeWithRundesk(dir, runId)
      expect([early, byPublished.slice(0, 11), between, byRundesk]).toEqual([
        'refused',
        'exit code 1',
        'failed: a completed 1, b running 1',
        'resumed',
      ])
      expect((await look(dir, { runId, published })).told).toBe('completed: a completed 1, b completed 2')
    })
  })

  test('a run that a killed published runner left is resumed after a person has marked it as failed', async () => {
    await inWorkspace(flowOf(step('a', sleeper)), async (dir) => {
      const victim = startPublished(published, { dir, words: ['flow.yaml'] })
      await killWhileSleeping(victim, dir)
      const runId = await onlyRunOf(dir)
      await mend(dir)
      await withRundesk(dir, ({ store }) =>
        markRunFailed(store, { runId, reason: 'its runner is gone', by: 'tester@here', rule: markable }),
      )
      const answer = await resumeWithRundesk(dir, runId)
      expect([answer, (await look(dir, { runId, published })).told]).toEqual(['resumed', 'completed: a completed 2'])
    })
  })

  test('a run that a killed Rundesk left is not repaired by the published runner, and is by Rundesk', async () => {
    await inWorkspace(flowOf(step('a', 'true'), step('b', sleeper, { dependsOn: ['a'] })), async (dir) => {
      const scripts = [await bundleScript(startOne), dir, join(dir, 'flow.yaml'), await bundleScript(watchdog)]
      const victim = spawn(process.execPath, scripts, { stdio: 'ignore' })
      await sleeperIn(dir)
      const dead = new Promise((resolve) => victim.once('exit', resolve))
      victim.kill('SIGKILL')
      await dead
      const runId = await onlyRunOf(dir)
      await mend(dir)
      const byPublished = await resumeWithPublished(published, { dir, runId })
      const between = (await look(dir, { runId, published })).told
      const byRundesk = await resumeWithRundesk(dir, runId)
      expect([byPublished.slice(0, 11), between, byRundesk]).toEqual([
        'exit code 1',
        'failed: a completed 1, b running 1',
        'resumed',
      ])
      expect((await look(dir, { runId, published })).told).toBe('completed: a completed 1, b completed 2')
    })
  })

  test('what a step printed is code for the published runner, and never for Rundesk', async () => {
    const flow = flowOf(
      step('a', `printf '%s' 'x; touch taken'`),
      step('b', 'echo {{steps.a.output}}', { dependsOn: ['a'] }),
    )
    const ranIt = (run: (dir: string) => Promise<unknown>): Promise<boolean> =>
      inWorkspace(flow, async (dir) => {
        await run(dir)
        return existsSync(join(dir, 'taken'))
      })
    expect({
      published: await ranIt((dir) => runPublished(published, { dir, workflow: 'main' })),
      rundesk: await ranIt(startWithRundesk),
    }).toEqual({ published: true, rundesk: false })
  })

  test('a name with dots and slashes leads the published runner out of its folder, and Rundesk nowhere', async () => {
    const flow = flowOf(step('../../escaped', 'echo out'))
    const escaped = (run: (dir: string) => Promise<unknown>): Promise<boolean> =>
      inWorkspace(flow, async (dir) => {
        await run(dir)
        return existsSync(join(dir, '.agent-relay', 'escaped.md'))
      })
    expect({
      published: await escaped((dir) => runPublished(published, { dir, workflow: 'main' })),
      rundesk: await escaped(startWithRundesk),
    }).toEqual({ published: true, rundesk: false })
  })

  test('two steps of one name: the published runner leaves one pending for ever, Rundesk refuses them', async () => {
    await inWorkspace(flowOf(step('a', 'true'), step('a', 'true')), async (dir) => {
      const refusal = await startWithRundesk(dir).catch((error: unknown) => String(error))
      await runPublished(published, { dir, workflow: 'main' })
      const { told } = await look(dir, { runId: await onlyRunOf(dir), published })
      expect([told, refusal.includes('two steps are named "a"')]).toEqual([
        'completed: a pending 2, a completed 2',
        true,
      ])
    })
  })

  test('what a timed-out step left goes on under the published runner, and is ended by Rundesk', async () => {
    const flow = flowOf(step('a', '(sleep 1; touch late) & wait', { timeoutMs: 200 }))
    const cameLate = (run: (dir: string) => Promise<unknown>): Promise<boolean> =>
      inWorkspace(flow, async (dir) => {
        await run(dir) // It also ends only when nothing holds the step's output any more.
        return existsSync(join(dir, 'late'))
      })
    expect({
      published: await cameLate((dir) => runPublished(published, { dir, workflow: 'main' })),
      rundesk: await cameLate(startWithRundesk),
    }).toEqual({ published: true, rundesk: false })
  })

  test('what a failed step printed is lost under the published runner, and kept by Rundesk', async () => {
    const flow = flowOf(step('a', 'echo the reason; exit 1'))
    const kept = (run: (dir: string) => Promise<unknown>): Promise<boolean> =>
      inWorkspace(flow, async (dir) => {
        await run(dir)
        const names = await readdir(dir, { recursive: true, withFileTypes: true })
        const files = names.filter(
          (entry) => entry.isFile() && entry.name !== 'flow.yaml' && !entry.name.endsWith('.jsonl'),
        )
        const texts = await Promise.all(files.map((entry) => readFile(join(entry.parentPath, entry.name), 'utf8')))
        return texts.some((text) => text.includes('the reason'))
      })
    expect({
      published: await kept((dir) => runPublished(published, { dir, workflow: 'main' })),
      rundesk: await kept(startWithRundesk),
    }).toEqual({ published: false, rundesk: true })
  })
})

describe.skipIf(installed.kind === 'unreachable')('what both runners leave each other', () => {
  if (installed.kind === 'unreachable') return
  const [published] = installed.packages

  test('the facts that Rundesk keeps in rows survive a resume by the published runner', async () => {
    await inWorkspace(
      flowOf(
        step('a', `printf '{"k":1}' > "$RUNDESK_STATE"; echo one`),
        step('b', 'test -f mended', { dependsOn: ['a'] }),
      ),
      async (dir) => {
        const runId = await startWithRundesk(dir)
        const before = (await look(dir, { runId, published })).rundesk
        await mend(dir)
        await resumeWithPublished(published, { dir, runId })
        const after = (await look(dir, { runId, published })).rundesk
        expect([after.run.rundesk, after.steps[0]]).toEqual([before.run.rundesk, before.steps[0]])
      },
    )
  })

  test('a run goes from one to the other as often as it fails, and no finished step runs again', async () => {
    await inWorkspace(
      flowOf(
        step('a', 'echo one'),
        step('b', 'test $(grep -c b bodies) -ge 4', { dependsOn: ['a'] }),
        step('c', 'echo three', { dependsOn: ['b'] }),
      ),
      async (dir) => {
        const runId = await startWithRundesk(dir)
        await resumeWithPublished(published, { dir, runId })
        await resumeWithRundesk(dir, runId)
        await resumeWithRundesk(dir, runId)
        const { told, rundesk } = await look(dir, { runId, published })
        expect([told, rundesk.run.error]).toEqual(['completed: a completed 1, b completed 4, c completed 1', undefined])
      },
    )
  })

  test('a run that Rundesk cancelled is resumed by neither', async () => {
    await inWorkspace(flowOf(step('a', 'sleep 30')), async (dir) => {
      const runId = await withRundesk(dir, async ({ runner }) => {
        const launched = await runner.start({ file: join(dir, 'flow.yaml'), vars: {} })
        await eventually('the body of a', async () => (await bodiesIn(dir)).includes('a'))
        await runner.cancel({ runId: launched.runId, confirmed: false })
        return launched.runId
      })
      const answers = [await resumeWithPublished(published, { dir, runId }), await resumeWithRundesk(dir, runId)]
      expect([answers, (await look(dir, { runId, published })).published.run?.status]).toEqual([
        ['refused', 'refused'],
        'cancelled',
      ])
    })
  })

  test('the crash tests fold a damaged file as the published reader does', async () => {
    await inWorkspace(flowOf(step('a', 'true')), async (dir) => {
      const runId = await startWithRundesk(dir)
      const file = join(dir, '.agent-relay', 'workflow-runs.jsonl')
      await appendFile(file, `{"kind":"run","row":{"id":"${runId}","sta\n\r\nnull\n{"kind":"run"}\n7\n`)
      await appendFile(file, `{"kind":"note","row":{"id":"n","runId":"${runId}"}}\r\n{"kind":"step","row":{"id":"n"`)
      const folded = await foldAsPublished(file)
      const { run, steps } = await readPublished(published, { dir, runId })
      expect([folded.runs.get(runId), [...folded.steps.values()], folded.skipped]).toEqual([run, steps, 5])
    })
  })

  test('a large output is whole in the log, and cut with a word about it where the published reader shows it', async () => {
    await inWorkspace(flowOf(step('a', "head -c 1000000 /dev/zero | tr '\\0' x")), async (dir) => {
      const runId = await startWithRundesk(dir)
      const shown = (await look(dir, { runId, published })).published.steps[0]
      const file = await readFile(join(dir, '.agent-relay', 'step-outputs', runId, 'a.md'), 'utf8')
      const log = await readFile(join(dir, '.agent-relay', 'rundesk', 'logs', runId, 'a.1.log'), 'utf8')
      expect([log.length, shown?.output === file, /^x+\n.*left out.*\nx+$/.test(file)]).toEqual([1_000_000, true, true])
    })
  })
})

/** The process id that a sleeping step has told. */
function sleeperIn(dir: string): Promise<number> {
  return eventually(
    'a sleeping step',
    async () => Number(await readFile(join(dir, 'pid'), 'utf8').catch(() => '')) || undefined,
  )
}

/** Kills a published runner whose step sleeps, and the step, which outlives it. */
async function killWhileSleeping(victim: PublishedProcess, dir: string): Promise<void> {
  const sleeping = await sleeperIn(dir)
  victim.kill()
  process.kill(sleeping, 'SIGKILL')
  await victim.ended
}

async function bodiesIn(dir: string): Promise<readonly string[]> {
  return (await readFile(join(dir, 'bodies'), 'utf8').catch(() => '')).split('\n')
}
