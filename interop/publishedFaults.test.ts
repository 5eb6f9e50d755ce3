import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
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
import { type PublishedProcess, runPublished, startPublished } from './publishedRuns'
import { failFast, step } from './workflowCase'

const installed = await installPublished()
if (installed.kind === 'unreachable')
  process.stderr.write(`rundesk: the interop tests are left out: ${installed.reason}\n`)

/** Sleeps until the folder is mended, and tells its process id. */
const sleeper = 'test -f mended || { echo $$ > pid; exec sleep 30; }'
const flowOf = (...steps: readonly object[]) => ({ workflows: [{ name: 'main', steps }], settings: failFast })
const startOne = fileURLToPath(new URL('../electron/runner/startOne.testkit.ts', import.meta.url))

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
      const scripts = [await bundleScript(startOne), dir, join(dir, 'flow.yaml')]
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

  test('a custom step is refused by the published runner in a file, and resumed by it from what Rundesk recorded', async () => {
    const waitFor = {
      params: [{ name: 'file', required: true }],
      type: 'deterministic',
      command: 'echo a >> bodies; test -f {{file}}',
    }
    const flow = flowOf({ name: 'a', use: 'wait-for', file: 'mended' })
    const files = { '.relay/steps.yaml': JSON.stringify({ steps: { 'wait-for': waitFor } }) }
    await inWorkspace({ ...flow, files }, async (dir) => {
      const { code, text } = await runPublished(published, { dir, workflow: 'main' })
      const runId = await startWithRundesk(dir)
      await mend(dir)
      const answer = await resumeWithPublished(published, { dir, runId })
      const { told } = await look(dir, { runId, published })
      expect([code, text.includes('must have "agent" and "task"'), answer, told]).toEqual([
        1,
        true,
        'resumed',
        'completed: a completed 2',
      ])
    })
  })

  test('a preflight check that fails: the published runner leaves a failed run and skips it later, Rundesk starts none', async () => {
    const flow = {
      settings: failFast,
      workflows: [{ name: 'main', preflight: [{ command: 'false' }], steps: [step('a', 'true')] }],
    }
    await inWorkspace(flow, async (dir) => {
      const refusal = await startWithRundesk(dir).catch((error: unknown) =>
        error instanceof Error ? error.message : '',
      )
      const isQuiet = !existsSync(join(dir, '.agent-relay', 'workflow-runs.jsonl'))
      await runPublished(published, { dir, workflow: 'main' })
      const runId = await onlyRunOf(dir)
      const { told } = await look(dir, { runId, published })
      const answer = await resumeWithPublished(published, { dir, runId })
      expect([isQuiet, refusal, told, answer]).toEqual([
        true,
        'The preflight check "false" failed: it ended with exit code 1. Nothing was started.',
        'failed: a pending 0',
        'resumed',
      ])
    })
  })

  test('what a timed-out step left goes on under the published runner, and is ended by Rundesk', async () => {
    const flow = flowOf(step('a', '(sleep 3; touch late) & wait', { timeoutMs: 200 }))
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
