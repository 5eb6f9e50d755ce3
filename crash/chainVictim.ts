import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createRunner, type Runner } from '../electron/runner/runner'
import { createRunStore, type RunStore } from '../electron/runs/runStore'
import { RundeskError } from '../shared/outcome'
import type { Scenario } from './scenario'

/** One life of a process that wants the folder's workflow completed: it starts it, or goes on with what is there. */
export const chainVictim: Pick<Scenario, 'open'> = {
  open: async ({ dir }) => {
    await writeFile(join(dir, 'runner.pid'), String(process.pid))
    const store = createRunStore({ workspaceDir: dir, watch: false })
    await store.load()
    const runner = createRunner({ journal: store, by: 'killed@here', graceMs: () => 300 })
    return () => goOn({ dir, store, runner })
  },
}

async function goOn({
  dir,
  store,
  runner,
}: {
  readonly dir: string
  readonly store: RunStore
  readonly runner: Runner
}): Promise<void> {
  const run = store.runs().at(-1)
  if (run?.view.status === 'completed') return
  if (run) await resume({ store, runner, runId: run.id })
  else await (await runner.start({ file: join(dir, 'flow.yaml'), vars: {} })).ended
}

/** Goes on with a run. One whose last line lacked nothing but its newline turns out to be completed. */
async function resume({
  store,
  runner,
  runId,
}: {
  readonly store: RunStore
  readonly runner: Runner
  readonly runId: string
}): Promise<void> {
  try {
    await (await runner.resume({ runId, confirmed: true })).ended
  } catch (error) {
    const isCompleted = error instanceof RundeskError && store.statusOf(runId) === 'completed'
    if (!isCompleted || error.code !== 'not_resumable') throw error
  }
}
