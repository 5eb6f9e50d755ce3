import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { markedProcesses } from '../electron/runner/processGroups'
import type { RunRow, StepRow } from '../electron/runs/rows'
import { foldState } from '../electron/runs/runState'
import { createRunStore } from '../electron/runs/runStore'
import { type ChainStep, chainSteps, countBodies, wantedOutput, wantedState } from './chainFlow'
import { leftOver } from './leftOver'
import { foldAsPublished } from './publishedFold'

/** A step that was committed, and how often its body had run when that was seen. */
export interface Commit {
  readonly row: StepRow
  readonly bodies: number
}

/** What stands in a folder between two lives. */
export interface Standing {
  readonly run: RunRow | undefined
  readonly commits: ReadonlyMap<ChainStep, Commit>
  readonly wrong: readonly string[]
}

export const nothingStands: Standing = { run: undefined, commits: new Map(), wrong: [] }

/**
 * Looks at a folder whose processes are dead: what was committed before stands as it was and did not run again, and the
 * state is what the committed steps have added to it, and nothing else.
 */
export async function inspect(dir: string, before: Standing): Promise<Standing> {
  const store = createRunStore({ workspaceDir: dir, watch: false })
  try {
    await store.load()
    const node = store.runs().at(-1)
    const record = node && (await store.read(node.id))
    const bodies = await countBodies(dir)
    const completed = (record?.steps ?? []).filter(({ status }) => status === 'completed')
    const commits = new Map<ChainStep, Commit>()
    for (const step of chainSteps) {
      const row = completed.find(({ stepName }) => stepName === step)
      if (row) commits.set(step, { row, bodies: bodies[step] })
    }
    const state = stateText(foldState(completed.map(({ rundesk }) => rundesk?.statePatch)))
    const wanted = stateText(stateOf([...commits.keys()]))
    return {
      run: record?.run,
      commits,
      wrong: [
        ...[...before.commits].flatMap(([step, commit]) => lost(step, commit, commits.get(step))),
        ...(state === wanted ? [] : [`${[...commits.keys()].join(' ')} are committed, and the state is ${state}`]),
      ],
    }
  } finally {
    await store.close()
  }
}

function lost(step: ChainStep, before: Commit, now: Commit | undefined): readonly string[] {
  if (!now) return [`the commit of ${step} is lost`]
  return [
    ...(isDeepStrictEqual(now.row, before.row) ? [] : [`the committed row of ${step} has changed`]),
    ...(now.bodies === before.bodies ? [] : [`the body of ${step} ran again after its commit`]),
  ]
}

/** The state that these steps add up to. */
function stateOf(steps: readonly ChainStep[]): Readonly<Record<string, number>> {
  const total = steps.filter((step) => step !== 'c').length
  return { ...Object.fromEntries(steps.map((step) => [step, 1])), ...(total > 0 ? { total } : {}) }
}

function stateText(state: Readonly<Record<string, unknown>>): string {
  const entries = Object.entries(state).sort(([left], [right]) => (left < right ? -1 : 1))
  return JSON.stringify(Object.fromEntries(entries))
}

/** Looks at a folder whose last life was not disturbed: it is as if nothing had ever been killed. */
export async function inspectEnd(
  dir: string,
  { standing, kills, executed }: { readonly standing: Standing; readonly kills: number; readonly executed: boolean },
): Promise<readonly string[]> {
  const { run, commits } = standing
  if (!run) return ['there is no run at the end']
  const file = join(dir, '.agent-relay', 'workflow-runs.jsonl')
  const rundesk = join(dir, '.agent-relay', 'rundesk')
  const state = stateText(stateOf([...commits.keys()]))
  const marked = await markedProcesses(`RUNDESK_RUN_ID=${run.id}`)
  return [
    ...(run.status === 'completed' && run.error === undefined ? [] : [`the run is ${run.status}: ${run.error}`]),
    ...(state === wantedState ? [] : [`the state is ${state} at the end`]),
    ...(commits.get('d')?.row.output === wantedOutput ? [] : [`d has said ${commits.get('d')?.row.output}`]),
    ...(marked.length === 0 ? [] : [`the processes ${marked.join(', ')} of the run are left`]),
    ...(await commitLines(file, run.id)),
    ...(await foldsAlike(dir, { file, kills })),
    ...(executed ? await leftOver(rundesk, { freshlyDead: [], expected: ['leases', 'logs'] }) : []),
    ...(executed ? await leftOver(join(rundesk, 'leases'), { freshlyDead: [], expected: [`${run.id}.json`] }) : []),
  ]
}

/** Each step of the run has exactly one line that commits it. */
async function commitLines(file: string, runId: string): Promise<readonly string[]> {
  const lines = (await readFile(file, 'utf8')).split('\n')
  return chainSteps.flatMap((step) => {
    const count = lines.filter(
      (line) =>
        line.startsWith('{"kind":"step"') &&
        line.endsWith('}}') &&
        line.includes(`"runId":"${runId}","stepName":"${step}"`) &&
        line.includes('"status":"completed"') &&
        isJson(line),
    ).length
    return count === 1 ? [] : [`${count} lines commit ${step}`]
  })
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** Rundesk and the published packages read the same rows, and no more lines are torn than processes were killed. */
async function foldsAlike(
  dir: string,
  { file, kills }: { readonly file: string; readonly kills: number },
): Promise<readonly string[]> {
  const published = await foldAsPublished(file)
  const store = createRunStore({ workspaceDir: dir, watch: false })
  try {
    await store.load()
    const records = await Promise.all(store.runs().map(({ id }) => store.read(id)))
    const runs = new Map(records.flatMap((record) => (record ? [[record.run.id, record.run]] : [])))
    const steps = new Map(records.flatMap((record) => (record?.steps ?? []).map((row) => [row.id, row])))
    return [
      ...(isDeepStrictEqual(runs, published.runs) ? [] : ['the published reader sees other runs']),
      ...(isDeepStrictEqual(steps, published.steps) ? [] : ['the published reader sees other steps']),
      ...(published.skipped <= kills ? [] : [`${published.skipped} lines are torn after ${kills} kills`]),
    ]
  } finally {
    await store.close()
  }
}
