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

/** What the last process of Rundesk left that ended without closing: it crashed, was killed, or the machine went down. */
export const lastEndSchema = z.object({
  startedAt: z.string(),
  version: z.string(),
  /** The runs that it executed, newest first. */
  runs: z.array(executedRunSchema),
  /** Rows that its disk had refused until then. */
  unsavedRows: z.number().int().min(0),
  /** The error that ended it, when it could still tell. */
  error: z.string().nullable(),
})
export type LastEnd = z.infer<typeof lastEndSchema>
