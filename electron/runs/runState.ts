import { z } from 'zod'
import type { StepState } from '../../shared/runs'

const isRecord = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value)

const statePatchSchema = z.object({
  seq: z.number(),
  set: z.custom<Record<string, unknown>>(isRecord).default({}),
  unset: z.array(z.string()).default([]),
})
type StatePatch = z.infer<typeof statePatchSchema>

/** The state of a run: the fold of its completed steps' patches by `seq`. What is no patch is left out. */
export function foldState(patches: Iterable<unknown>): Record<string, unknown> {
  const state = new Map<string, unknown>()
  for (const { set, unset } of toPatches(patches).sort((left, right) => left.seq - right.seq)) {
    for (const [key, value] of Object.entries(set)) state.set(key, value)
    for (const key of unset) state.delete(key)
  }
  return Object.fromEntries(state)
}

function toPatches(values: Iterable<unknown>): StatePatch[] {
  const patches: StatePatch[] = []
  for (const value of values) {
    const patch = toPatch(value)
    if (patch) patches.push(patch)
  }
  return patches
}

/** The value as a patch of the state, undefined when it is none. Keys of any name are kept. */
export function toPatch(value: unknown): StatePatch | undefined {
  if (value === undefined) return undefined // Most steps have none.
  const result = statePatchSchema.safeParse(value)
  return result.success ? result.data : undefined
}

/** What the state of a step is told from. */
interface StepCommit {
  readonly startedAt: string | null
  readonly completedAt: string | null
  readonly statePatch: unknown
}

/**
 * The state around one step of a run: around its commit when it changed something, else what was committed when it
 * started, or is by now when it did not start.
 */
export function stateAround(step: StepCommit, steps: readonly StepCommit[]): StepState {
  const [patch] = toPatches([step.statePatch])
  const all = steps.map(({ statePatch }) => statePatch)
  if (!patch) {
    const { startedAt } = step
    const found = steps.filter(({ completedAt }) => startedAt === null || (completedAt ?? '') <= startedAt)
    const state = foldState(found.map(({ statePatch }) => statePatch))
    return { before: state, after: state, patch: null }
  }
  const patches = toPatches(all)
  return {
    before: foldState(patches.filter(({ seq }) => seq < patch.seq)),
    after: foldState(patches.filter(({ seq }) => seq <= patch.seq)),
    patch,
  }
}
