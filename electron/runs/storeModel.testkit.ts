import type { StoreLine } from './rows'
import type { RunStore } from './runStore'

/** The newest row of each id, as plain data; a run's steps stand under the run. */
type Rows = Readonly<Record<string, { readonly run: unknown; readonly steps: Readonly<Record<string, unknown>> }>>

/** What a run store must say: the whole lines of the file in order, then those that wait. Written as plainly as it can be. */
export function foldText(content: string, waiting: readonly StoreLine[]): Rows {
  const lines = content.split('\n').slice(0, -1).flatMap(parse)
  const runs = new Map<string, unknown>()
  const steps = new Map<string, { runId: string; row: unknown }>()
  for (const { kind, row } of [...lines, ...waiting]) {
    if (kind === 'run') runs.set(row.id, row)
    else steps.set(row.id, { runId: row.runId, row })
  }
  return Object.fromEntries(
    [...runs].map(([id, run]) => {
      const own = [...steps].filter(([, { runId }]) => runId === id).map(([stepId, { row }]) => [stepId, row])
      return [id, { run, steps: Object.fromEntries(own) }]
    }),
  )
}

function parse(line: string): readonly StoreLine[] {
  try {
    const value = JSON.parse(line.trim())
    const isRun = value.kind === 'run' && typeof value.row?.id === 'string'
    const isStep = value.kind === 'step' && typeof value.row?.id === 'string' && typeof value.row.runId === 'string'
    return isRun || isStep ? [value as StoreLine] : []
  } catch {
    return []
  }
}

/** What a run store says, in the same form. */
export async function rowsOf(store: RunStore): Promise<Rows> {
  const records = await Promise.all(store.runs().map(async ({ id }) => [id, await store.read(id)] as const))
  return Object.fromEntries(
    records.map(([id, record]) => {
      const steps = (record?.steps ?? []).map((row) => [row.id, row] as const)
      return [id, { run: record?.run, steps: Object.fromEntries(steps) }]
    }),
  )
}

/** Everything that lists show of a store: views, counts, attempts, order, and the problems of its lines. */
export async function viewsOf(store: RunStore): Promise<unknown> {
  const runs = await Promise.all(
    store.runs().map(async (run) => {
      const steps = await store.stepsOf(run)
      const views = [...steps].map(([stepId, step]) => [stepId, step.view])
      return { id: run.id, view: run.view, counts: { ...run.counts }, steps: Object.fromEntries(views) }
    }),
  )
  const problems = store.problems().flatMap(({ code, line }) => (line === null ? [] : [`${line} ${code}`]))
  return { runs: runs.sort((one, other) => one.id.localeCompare(other.id)), problems }
}
