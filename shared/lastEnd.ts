import { z } from 'zod'

/** A run that the process executes. */
export const executedRunSchema = z.object({
  workspaceId: z.string().max(64),
  runId: z.string().min(1).max(1024),
  workflowName: z.string(),
  /** It is executed by the published runner, which goes on without Rundesk. */
  goesOn: z.boolean(),
})
export type ExecutedRun = z.infer<typeof executedRunSchema>

/** Why a process of Rundesk ended that did not close. */
const endCauseSchema = z.discriminatedUnion('kind', [
  /** It could not tell: it crashed, was killed, or the machine went down. */
  z.object({ kind: z.literal('unknown') }),
  /** An error that nothing caught. */
  z.object({ kind: z.literal('error'), error: z.string() }),
  /** A person did not wait for the runs that it was ending. */
  z.object({ kind: z.literal('endedAtOnce') }),
])
export type EndCause = z.infer<typeof endCauseSchema>

/** What a process of Rundesk left that ended without closing. */
export const lastEndSchema = z.object({
  startedAt: z.string(),
  version: z.string(),
  /** The app in its own window, or served to browsers. */
  face: z.enum(['window', 'browser']),
  /** The runs that it executed, newest first. */
  runs: z.array(executedRunSchema),
  /** Rows that its disk had refused until then. */
  unsavedRows: z.number().int().min(0),
  cause: endCauseSchema,
})
export type LastEnd = z.infer<typeof lastEndSchema>

/** What an end without closing cost, and which of its runs go on without it. */
export function lossOf({ runs, unsavedRows }: Pick<LastEnd, 'runs' | 'unsavedRows'>): {
  readonly cutOff: readonly ExecutedRun[]
  readonly goingOn: readonly ExecutedRun[]
  readonly isNothing: boolean
} {
  const cutOff = runs.filter(({ goesOn }) => !goesOn)
  return {
    cutOff,
    goingOn: runs.filter(({ goesOn }) => goesOn),
    isNothing: cutOff.length === 0 && unsavedRows === 0,
  }
}
