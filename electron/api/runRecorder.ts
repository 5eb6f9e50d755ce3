import { setImmediate as nextTurn } from 'node:timers/promises'
import { z } from 'zod'
import { attemptSchema, historyEntrySchema } from '../../shared/runs'
import type { RunJournal, RunRecord } from '../runs/runJournal'
import { keepForeignParts } from '../trajectories/keepForeignParts'
import type { RunStory } from '../trajectories/runStory'
import { runTrajectoryId, toRunTrajectory } from '../trajectories/runTrajectory'
import type { WorkspaceTrajectories } from '../trajectories/workspaceTrajectories'

/** Writes the trajectories of the runs that this process executes: when one starts, and when it ends. */
export interface RunRecorder {
  /** Brings the trajectory of a run to its end that was ended from here although its program was gone. */
  readonly settle: (runId: string) => void
  /** Resolves when everything due was tried. */
  readonly close: () => Promise<void>
}

const ended: readonly string[] = ['completed', 'failed', 'cancelled']

/**
 * Follows the run store. A trajectory that cannot be saved is among the problems of `trajectories`, and nothing else
 * comes of it. `onChange` is called after every try.
 */
export function createRunRecorder({
  store,
  executing,
  trajectories,
  onChange,
}: {
  readonly store: Pick<RunJournal, 'read' | 'readRun' | 'statusOf' | 'onChange'>
  /** The runs that this process executes. */
  readonly executing: () => readonly string[]
  readonly trajectories: Pick<WorkspaceTrajectories, 'save' | 'list'>
  readonly onChange: () => void
}): RunRecorder {
  /** What the trajectory of each run executed here was last written as. */
  const written = new Map<string, string>()
  let work = Promise.resolve()

  const record = async (runId: string, isWanted: (story: RunStory) => boolean): Promise<void> => {
    if (!wantsTrajectory((await store.readRun(runId))?.config)) return
    const run = await store.read(runId)
    if (!run) return
    const story = toStory(run)
    if (isWanted(story)) await trajectories.save(toRunTrajectory(story), keepForeignParts)
  }
  const enqueue = (runId: string, isWanted: (story: RunStory) => boolean = () => true): void => {
    work = work
      .then(() => record(runId, isWanted))
      .catch(() => undefined) // The store of trajectories tells of it.
      .then(onChange)
  }
  const look = (runIds: Iterable<string>): void => {
    const here = new Set(executing())
    for (const runId of runIds) {
      if (!here.has(runId) && written.get(runId) !== 'active') continue
      const status = store.statusOf(runId)
      if (status === undefined) continue
      const wanted = ended.includes(status) ? status : 'active'
      if (written.get(runId) === wanted) continue
      written.set(runId, wanted)
      enqueue(runId)
    }
  }
  const stop = store.onChange(look)
  /** Is there a trajectory of ours of which nobody wrote the end? */
  const isOpen = (story: RunStory): boolean => {
    const id = runTrajectoryId(story)
    return trajectories.list().some((one) => one.id === id && one.status === 'active')
  }

  return {
    settle: (runId) => {
      if (!executing().includes(runId)) enqueue(runId, isOpen)
    },
    close: async () => {
      await nextTurn() // The store tells of changes in the next turn.
      look(written.keys())
      stop()
      for (let done: unknown; done !== work; ) {
        done = work
        await work
      }
    },
  }
}

/** `trajectories: false`, or `{enabled: false}`, in the workflow file turns them off. */
function wantsTrajectory(config: unknown): boolean {
  const wish = z.looseObject({ trajectories: z.unknown() }).safeParse(config).data?.trajectories
  return wish !== false && z.looseObject({ enabled: z.literal(false) }).safeParse(wish).success === false
}

function toStory({ run, steps }: RunRecord): RunStory {
  return {
    id: run.id,
    workflowName: run.workflowName ?? '',
    status: run.status ?? 'unknown',
    startedAt: run.startedAt ?? run.createdAt ?? null,
    completedAt: run.completedAt ?? null,
    updatedAt: run.updatedAt ?? null,
    error: run.error ?? null,
    history: listOf(historyEntrySchema, run.rundesk?.history),
    steps: steps.map((step) => ({
      id: step.id,
      name: step.stepName ?? '',
      status: step.status ?? 'unknown',
      attempts: listOf(attemptSchema, step.rundesk?.attempts),
      dependsOn: [...(step.dependsOn ?? [])],
      error: step.error ?? null,
      startedAt: step.startedAt ?? null,
      completedAt: step.completedAt ?? null,
    })),
  }
}

/** Those of the values that are what they should be. */
function listOf<T>(schema: z.ZodType<T>, value: unknown): T[] {
  if (!Array.isArray(value)) return []
  return value.flatMap((one) => {
    const parsed = schema.safeParse(one)
    return parsed.success ? [parsed.data] : []
  })
}
