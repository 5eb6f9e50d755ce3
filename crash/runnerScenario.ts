import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createRunner, type Runner } from '../electron/runner/runner'
import type { StoreLine } from '../electron/runs/rows'
import type { RunRecord } from '../electron/runs/runJournal'
import { createRunStore, type RunStore } from '../electron/runs/runStore'
import { makeRunLine, makeStepLine, toFile } from '../electron/runs/storeLines.testkit'
import { leftOver } from './leftOver'
import { type Aftermath, compareChanges, type Scenario } from './scenario'

const flowOf = (dir: string): string => join(dir, 'flow.yaml')
const ranOf = (dir: string): string => join(dir, 'ran')

/** Each step tells outside of Rundesk that its body ran. The second one wants the state that the first one committed. */
const commands = {
  one: `echo "$RUNDESK_RUN_ID one" >> ran; printf '{"one":1}' > "$RUNDESK_STATE"`,
  two: `echo "$RUNDESK_RUN_ID two" >> ran; grep -q '^{"one":1}$' "$RUNDESK_STATE" && printf '{"one":1,"two":1}' > "$RUNDESK_STATE"`,
}

const flow = {
  version: '1.0',
  name: 'flow',
  swarm: { pattern: 'dag' },
  agents: [],
  errorHandling: { strategy: 'fail-fast' },
  workflows: [
    {
      name: 'main',
      steps: [
        { name: 'one', type: 'deterministic', command: commands.one },
        { name: 'two', type: 'deterministic', dependsOn: ['one'], command: commands.two },
      ],
    },
    { name: 'small', steps: [{ name: 'only', type: 'deterministic', command: 'true' }] },
  ],
}

/** A run's processes are found by its id, so that no two folders may hold the same run. */
const failedIdOf = (dir: string): string => createHash('sha256').update(dir).digest('hex').slice(0, 24)

/** A run of the first workflow whose second step failed. */
function failedRun(runId: string): readonly StoreLine[] {
  const change = { runId, rundesk: { statePatch: { seq: 1, set: { one: 1 }, unset: [] } } }
  return [
    makeRunLine({ id: runId, workflowName: 'main', config: flow, status: 'failed', error: 'Step "two" failed' }),
    makeStepLine({ ...change, id: '1'.repeat(24), stepName: 'one', status: 'completed', task: commands.one }),
    makeStepLine({
      runId,
      id: '2'.repeat(24),
      stepName: 'two',
      status: 'failed',
      dependsOn: ['one'],
      task: commands.two,
    }),
  ]
}

async function openRunner({
  dir,
  onEnd,
}: { readonly dir: string } & Partial<Aftermath>): Promise<{ readonly store: RunStore; readonly runner: Runner }> {
  const store = createRunStore({ workspaceDir: dir, watch: false })
  onEnd?.(store.close)
  await store.load()
  return { store, runner: createRunner({ journal: store, by: 'killed@here', graceMs: () => 500 }) }
}

/** Goes on with every run that is not completed; gives what is wrong with those that cannot be completed. */
async function resumeAll(store: RunStore, runner: Runner): Promise<readonly string[]> {
  const wrong: string[] = []
  for (const { id, view } of [...store.runs()]) {
    if (view.status === 'completed') continue
    await (await runner.resume({ runId: id, confirmed: true })).ended
    const status = store.statusOf(id)
    if (status !== 'completed')
      wrong.push(`run ${id} was ${view.status} and is now ${status}: ${store.get(id)?.view.error}`)
  }
  return wrong
}

/**
 * Runs that are started, or one that failed and is resumed: who comes next completes them, and what was completed does
 * not run again.
 */
export function runnerScenario({ resumes }: { readonly resumes: boolean }): Scenario {
  return {
    victims: 1,
    changes: 1,
    fewerPoints: true,
    prepare: async (dir) => {
      await writeFile(flowOf(dir), JSON.stringify(flow))
      await writeFile(ranOf(dir), resumes ? `${failedIdOf(dir)} one\n` : '')
      if (!resumes) return
      await mkdir(join(dir, '.agent-relay'))
      await writeFile(join(dir, '.agent-relay', 'workflow-runs.jsonl'), toFile(failedRun(failedIdOf(dir))))
    },
    open: async ({ dir, complain }) => {
      const { store, runner } = await openRunner({ dir })
      return async (id) => {
        const isResumed = store.statusOf(failedIdOf(dir)) === 'failed'
        const { runId, ended } = isResumed
          ? await runner.resume({ runId: failedIdOf(dir), confirmed: true })
          : await runner.start({ file: flowOf(dir), workflow: 'main', vars: { change: id } })
        await ended
        if (store.statusOf(runId) !== 'completed') complain(`run ${runId} is ${store.statusOf(runId)}`)
      }
    },
    check: (after) => checkRuns(after, { resumes }),
  }
}

async function checkRuns(after: Aftermath, { resumes }: { readonly resumes: boolean }): Promise<readonly string[]> {
  const { store, runner } = await openRunner(after)
  const before = await bodiesOfCompleted(store, after.dir)
  const isIdle = store.runs().every(({ view }) => view.status === 'completed')
  const unfinished = await resumeAll(store, runner)
  if (isIdle) await (await runner.start({ file: flowOf(after.dir), workflow: 'small', vars: {} })).ended
  const again = await bodiesOfCompleted(store, after.dir)
  const records = await Promise.all(store.runs().map(({ id }) => store.read(id)))
  const completed = records.filter((record) => record?.run.status === 'completed')
  const states = completed.map((record) => (record?.run.workflowName === 'main' ? stateOf(record) : wantedState))
  const failedId = failedIdOf(after.dir)
  const started = completed.filter((record) => record?.run.id !== failedId && record?.run.workflowName === 'main')
  const changes = after.changes.filter(({ id }) => !id.startsWith('heir')).slice(resumes ? 1 : 0)
  const rundesk = join(after.dir, '.agent-relay', 'rundesk')
  const leases = (await readdir(join(rundesk, 'leases'))).filter((name) => /^[0-9a-f]{24}\.json$/.test(name))
  return [
    ...unfinished,
    ...[...before].flatMap(([step, count]) => (again.get(step) === count ? [] : [`${step} ran again`])),
    ...compareChanges(started.map(changeOf), { ...after, changes }),
    ...(resumes && store.statusOf(failedId) !== 'completed' ? ['the failed run is not completed'] : []),
    ...states.filter((state) => state !== wantedState).map((state) => `a run ended with the state ${state}`),
    ...leases.filter((name) => !store.get(name.slice(0, 24))).map((name) => `the lease ${name} is that of no run`),
    ...(await leftOver(rundesk, { ...after, expected: ['leases', 'logs'] })),
    ...(await leftOver(join(rundesk, 'leases'), { ...after, expected: leases })),
  ]
}

/** How often the body of each completed step ran, as the bodies themselves tell. */
async function bodiesOfCompleted(store: RunStore, dir: string): Promise<ReadonlyMap<string, number>> {
  const bodies = (await readFile(ranOf(dir), 'utf8')).split('\n')
  const steps = await Promise.all(
    store.runs().map(async (run) => [...(await store.stepsOf(run)).values()].map(({ view }) => view)),
  )
  const completed = steps
    .flat()
    .flatMap(({ runId, name, status }) => (status === 'completed' ? [`${runId} ${name}`] : []))
  return new Map(completed.map((step) => [step, bodies.filter((body) => body === step).length]))
}

const wantedState = 'one:1 two:1'

/** What the steps' lines add to the run's state, each addition once. */
function stateOf({ steps }: RunRecord): string {
  const sets = steps.flatMap(({ rundesk }) => Object.entries(setOf(rundesk?.statePatch)))
  return sets
    .map(([key, value]) => `${key}:${String(value)}`)
    .sort()
    .join(' ')
}

function setOf(patch: unknown): object {
  return typeof patch === 'object' && patch !== null && 'set' in patch ? (patch.set as object) : {}
}

/** The change that a run was started for. */
function changeOf(record: RunRecord | undefined): string {
  const vars = record?.run.rundesk?.vars
  return typeof vars === 'object' && vars !== null && 'change' in vars ? String(vars.change) : ''
}
