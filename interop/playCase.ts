import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createRunner, type Runner } from '../electron/runner/runner'
import type { RunRecord } from '../electron/runs/runJournal'
import { createRunStore, type RunStore } from '../electron/runs/runStore'
import { RundeskError } from '../shared/outcome'
import type { PublishedPackage } from './publishedPackages'
import { type PublishedRecord, readPublished } from './publishedReader'
import { resumePublished, runPublished } from './publishedRuns'
import type { WorkflowCase } from './workflowCase'

/** How one act on a run ended, as both sides then read it from the file. */
export interface Look {
  /** `status: step status bodies, …`, as Rundesk shows it. */
  readonly told: string
  readonly rundesk: RunRecord
  readonly published: PublishedRecord
}

/** A workflow's way through one folder: its first execution by one runner, then, if it failed, its resume by the other. */
export interface Play {
  readonly first: Look
  /** The other runner's answer when it was asked to resume: `resumed`, `refused`, or what else it said. */
  readonly answer: string
  readonly last: Look
}

/** Opens Rundesk's store and runner on a folder for one act, as a process of its own would. */
export async function withRundesk<T>(
  dir: string,
  act: (opened: { readonly store: RunStore; readonly runner: Runner }) => Promise<T>,
): Promise<T> {
  const store = createRunStore({ workspaceDir: dir, watch: false })
  await store.load()
  const runner = createRunner({
    journal: store,
    by: 'tester@here',
    graceMs: () => 500,
  })
  try {
    return await act({ store, runner })
  } finally {
    await runner.close({ stopRuns: true })
    await store.close()
  }
}

/** A folder with the workflow in `flow.yaml`, and further files, for the time of an action. */
export async function inWorkspace<T>(
  flow: Pick<WorkflowCase, 'workflows' | 'settings'> & { readonly files?: Readonly<Record<string, string>> },
  action: (dir: string) => Promise<T>,
): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), 'rundesk-interop-'))
  const text = {
    version: '1.0',
    name: 'interop',
    swarm: { pattern: 'dag' },
    trajectories: false,
    ...flow.settings,
    workflows: flow.workflows,
  }
  for (const [path, content] of Object.entries({ 'flow.yaml': JSON.stringify(text), ...flow.files })) {
    await mkdir(dirname(join(dir, path)), { recursive: true })
    await writeFile(join(dir, path), content)
  }
  try {
    return await action(dir)
  } finally {
    await rm(dir, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** The workflow fails under Rundesk, is mended, and resumed by the published runner. */
export function playFromRundesk(flow: WorkflowCase, published: PublishedPackage): Promise<Play> {
  return inWorkspace(flow, async (dir) => {
    const runId = await startWithRundesk(dir)
    const first = await look(dir, { runId, published })
    await mend(dir)
    const answer = await resumeWithPublished(published, { dir, runId })
    return { first, answer, last: await look(dir, { runId, published }) }
  })
}

/** The workflow fails under the published runner, is mended, and resumed by Rundesk. */
export function playFromPublished(flow: WorkflowCase, published: PublishedPackage): Promise<Play> {
  return inWorkspace(flow, async (dir) => {
    await runPublished(published, { dir, workflow: 'main' })
    const runId = await onlyRunOf(dir)
    const first = await look(dir, { runId, published })
    await mend(dir)
    const answer = await resumeWithRundesk(dir, runId)
    return { first, answer, last: await look(dir, { runId, published }) }
  })
}

/** Makes what the workflows of the table lack at first. */
export async function mend(dir: string): Promise<void> {
  await writeFile(join(dir, 'mended'), '')
}

/** Runs the workflow `main` of `flow.yaml` with Rundesk to its end; gives the run's id. */
export function startWithRundesk(dir: string): Promise<string> {
  return withRundesk(dir, async ({ runner }) => {
    const { runId, ended } = await runner.start({ file: join(dir, 'flow.yaml'), workflow: 'main', vars: {} })
    await ended
    return runId
  })
}

/** Resumes a run with the published runner; gives `resumed` when it is completed then, `refused`, or what it said. */
export async function resumeWithPublished(
  published: PublishedPackage,
  place: { readonly dir: string; readonly runId: string },
): Promise<string> {
  const { code, text } = await resumePublished(published, place)
  if (code === 0) return 'resumed'
  return text.includes('and cannot be resumed') ? 'refused' : `exit code ${code}: ${text}`
}

/** Resumes a run with Rundesk; gives `resumed` when its execution ended, `refused`, or what was wrong. */
export function resumeWithRundesk(dir: string, runId: string): Promise<string> {
  return withRundesk(dir, async ({ runner }) => {
    try {
      await (await runner.resume({ runId, confirmed: false })).ended
      return 'resumed'
    } catch (error) {
      return error instanceof RundeskError && error.code === 'not_resumable' ? 'refused' : String(error)
    }
  })
}

/** The id of the run whose line is the first of the file. */
export async function onlyRunOf(dir: string): Promise<string> {
  const text = await readFile(join(dir, '.agent-relay', 'workflow-runs.jsonl'), 'utf8')
  return /"row":\{"id":"([0-9a-f]{24})"/.exec(text)?.[1] ?? ''
}

/** Reads a run as both sides do, anew from the file. */
export async function look(
  dir: string,
  { runId, published }: { readonly runId: string; readonly published: PublishedPackage },
): Promise<Look> {
  const bodies = (await readFile(join(dir, 'bodies'), 'utf8').catch(() => '')).split('\n')
  return withRundesk(dir, async ({ store }) => {
    const node = store.get(runId)
    const record = await store.read(runId)
    if (!node || !record) throw new Error(`Rundesk does not know the run ${runId}`)
    const steps = [...(await store.stepsOf(node)).values()].map(({ view }) => {
      const ran = bodies.filter((body) => body === view.name).length
      return `${view.name} ${view.status} ${ran}`
    })
    return {
      told: `${node.view.status}: ${steps.join(', ')}`,
      rundesk: record,
      published: await readPublished(published, { dir, runId }),
    }
  })
}
