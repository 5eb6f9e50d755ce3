import { appendFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { foldAsPublished } from '../crash/publishedFold'
import { eventually } from '../electron/files/eventually.testkit'
import {
  inWorkspace,
  look,
  mend,
  resumeWithPublished,
  resumeWithRundesk,
  startWithRundesk,
  withRundesk,
} from './playCase'
import { installPublished } from './publishedPackages'
import { readPublished } from './publishedReader'
import { failFast, step } from './workflowCase'

const installed = await installPublished()
if (installed.kind === 'unreachable')
  process.stderr.write(`rundesk: the interop tests are left out: ${installed.reason}\n`)

const flowOf = (...steps: readonly object[]) => ({ workflows: [{ name: 'main', steps }], settings: failFast })

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

async function bodiesIn(dir: string): Promise<readonly string[]> {
  return (await readFile(join(dir, 'bodies'), 'utf8').catch(() => '')).split('\n')
}
