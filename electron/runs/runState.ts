import { z } from 'zod'

const statePatchSchema = z.object({
  seq: z.number(),
  set: z.record(z.string(), z.unknown()).default({}),
  unset: z.array(z.string()).default([]),
})

/** The state of a run: the fold of its completed steps' patches by `seq`. What is no patch is left out. */
export function foldState(patches: Iterable<unknown>): Record<string, unknown> {
  const parsed = [...patches].flatMap((patch) => {
    const result = statePatchSchema.safeParse(patch)
    return result.success ? [result.data] : []
  })
  const state = new Map<string, unknown>()
  for (const { set, unset } of parsed.sort((left, right) => left.seq - right.seq)) {
    for (const [key, value] of Object.entries(set)) state.set(key, value)
    for (const key of unset) state.delete(key)
  }
  return Object.fromEntries(state)
}
