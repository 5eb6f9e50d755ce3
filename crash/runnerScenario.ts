import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createRunner, type Runner } from '../electron/runner/runner'
import { createRunStore, type RunStore } from '../electron/runs/runStore'
import { leftOver } from './leftOver'
import type { Scenario } from './scenario'

const watchdogPath = fileURLToPath(new URL('watchdog.mjs', import.meta.url))
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

async function openRunner(dir: string): Promise<{ readonly store: RunStore; readonly runner: Runner }> {
  const store = createRunStore({ workspaceDir: dir, watch: false })
  await store.load()
  return { store, runner: createRunner({ journal: store, by: 'killed@here', watchdogPath, graceMs: 500 }) }
}

/** Goes on with every run that is not completed; gives what is wrong with those that cannot be completed. */
async function resumeAll(store: RunStore, runner: Runner): Promise<readonly string[]> {
  const wrong: string[] = []
  for (const { id, view } of [...store.runs()]) {
    if (view.status === 'completed') continue
    const { ended } = await runner.resume({ runId: id, confirmed: true })
    await ended
    const status = store.statusOf(id)
    if (status !== 'completed') wrong.push(`run ${id} was ${view.status} and is ${status} after its resume`)
  }
  return wrong
}

/** Runs that are started and resumed: who comes next completes them, and what was completed does not run again. */
export const runnerScenario: Scenario = {
  name: 'start and resume of a run',
  victims: 1,
  changes: 1,
  prepare: async (dir) => {
    await writeFile(flowOf(dir), JSON.stringify(flow))
    await writeFile(ranOf(dir), '')
  },
  open: async ({ dir, complain }) => {
    const { store, runner } = await openRunner(dir)
    for (const text of await resumeAll(store, runner)) complain(text)
    return async (id) => {
      const { runId, ended } = await runner.start({ file: flowOf(dir), workflow: 'main', vars: { change: id } })
      await ended
      if (store.statusOf(runId) !== 'completed') complain(`run ${runId} is ${store.statusOf(runId)}`)
    }
  },
  check: async (after) => {
    const { store, runner } = await openRunner(after.dir)
    const before = await bodiesOfCompleted(store, after.dir)
    const unfinished = await resumeAll(store, runner)
    await (await runner.start({ file: flowOf(after.dir), workflow: 'small', vars: {} })).ended
    const again = await bodiesOfCompleted(store, after.dir)
    const acknowledged = after.changes.filter(({ done }) => done).length + 1
    const states = await Promise.all(store.runs().map(async ({ id }) => stateOf(store, id)))
    const rundesk = join(after.dir, '.agent-relay', 'rundesk')
    const leases = (await readdir(join(rundesk, 'leases'))).filter((name) => /^[0-9a-f]{24}\.json$/.test(name))
    return [
      ...unfinished,
      ...[...before].flatMap(([step, count]) => (again.get(step) === count ? [] : [`${step} ran again`])),
      ...(store.runs().length < acknowledged
        ? [`${acknowledged} runs were completed, ${store.runs().length} stand`]
        : []),
      ...states
        .filter((state) => state !== 'one:1 two:1' && state !== '')
        .map((state) => `a run ended with the state ${state}`),
      ...(await leftOver(rundesk, { ...after, expected: ['leases', 'logs'] })),
      ...(await leftOver(join(rundesk, 'leases'), { ...after, expected: leases })),
    ]
  },
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

async function stateOf(store: RunStore, runId: string): Promise<string> {
  const record = await store.read(runId)
  const sets = (record?.steps ?? []).flatMap(({ rundesk }) => Object.entries(patchOf(rundesk)))
  return sets
    .map(([key, value]) => `${key}:${String(value)}`)
    .sort()
    .join(' ')
}

function patchOf(facts: object | undefined): object {
  const patch = facts && 'statePatch' in facts ? facts.statePatch : undefined
  return typeof patch === 'object' && patch !== null && 'set' in patch ? (patch.set as object) : {}
}
