import { readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { bundleScript } from '../files/bundledScript.testkit'
import { makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import type { RunRow, StepRow, StoreLine } from '../runs/rows'
import { createRunStore, type RunStore } from '../runs/runStore'
import { createRunner, type Runner } from './runner'
import { type StepSlots, unlimitedSlots } from './stepSlots'

const here = dirname(fileURLToPath(import.meta.url))

/** Bundles a script of this folder for plain Node, once per test file, and gives its path. */
export function buildScript(name: string): Promise<string> {
  return bundleScript(join(here, `${name}.ts`))
}

/** A workspace with a store and a runner, closed when the test ends. */
export async function openRunner({
  workspaceDir,
  graceMs = 500,
  slots = unlimitedSlots,
}: {
  readonly workspaceDir?: string
  readonly graceMs?: number
  readonly slots?: StepSlots
} = {}): Promise<{
  readonly dir: string
  readonly store: RunStore
  readonly runner: Runner
}> {
  const dir = workspaceDir ?? (await makeTemporaryFolder())
  const store = createRunStore({ workspaceDir: dir, watch: false })
  await store.load()
  const runner = createRunner({
    journal: store,
    by: 'tester@here',
    graceMs: () => graceMs,
    slots,
  })
  onTestFinished(async () => {
    await runner.close({ stopRuns: true })
    await store.close()
  })
  return { dir, store, runner }
}

/** Writes a workflow file of shell steps and gives its path. */
export async function writeWorkflow(dir: string, steps: readonly object[], change: object = {}): Promise<string> {
  const path = join(dir, 'flow.yaml')
  const flow = {
    version: '1.0',
    name: 'flow',
    swarm: { pattern: 'dag' },
    agents: [],
    errorHandling: { strategy: 'fail-fast' },
    workflows: [{ name: 'main', steps: steps.map((step) => ({ type: 'deterministic', ...step })) }],
    ...change,
  }
  await writeFile(path, JSON.stringify(flow))
  return path
}

/** All lines of the store's file. */
export async function readStoreLines(store: RunStore): Promise<readonly StoreLine[]> {
  const text = await readFile(store.file, 'utf8')
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as StoreLine)
}

/** The newest rows of a run: the run's, and the steps' by name. */
export async function readRows(
  store: RunStore,
  runId: string,
): Promise<{ readonly run: RunRow; readonly steps: Readonly<Record<string, StepRow>> }> {
  await store.refresh()
  const record = await store.read(runId)
  if (!record) throw new Error(`no run ${runId}`)
  return { run: record.run, steps: Object.fromEntries(record.steps.map((step) => [step.stepName ?? '', step])) }
}

/** Starts a workflow and waits for its end. */
export async function runToEnd(
  { dir, store, runner }: { readonly dir: string; readonly store: RunStore; readonly runner: Runner },
  steps: readonly object[],
  { change = {}, vars = {} }: { readonly change?: object; readonly vars?: Readonly<Record<string, string>> } = {},
): Promise<{ readonly runId: string } & Awaited<ReturnType<typeof readRows>>> {
  const { runId, ended } = await runner.start({ file: await writeWorkflow(dir, steps, change), vars })
  await ended
  return { runId, ...(await readRows(store, runId)) }
}
