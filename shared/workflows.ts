import { z } from 'zod'

export const findingSchema = z.object({
  /** The file as the caller named it; a step may also lead to `.relay/steps.yaml`. */
  file: z.string(),
  /** Both count from 1; null where there is no text behind it. */
  line: z.number().int().nullable(),
  column: z.number().int().nullable(),
  severity: z.enum(['error', 'warning']),
  message: z.string(),
  /** Where in the document, as `workflows[0].steps[2].dependsOn`; empty for the whole. */
  path: z.string(),
})
/** Something wrong (`error`: it does not start) or doubtful (`warning`) in a workflow file. */
export type Finding = z.infer<typeof findingSchema>

export const workflowFileEntrySchema = z.object({
  /** Relative to the workspace, with `/`. */
  file: z.string(),
  name: z.string(),
  description: z.string().nullable(),
  workflows: z.array(z.string()),
  /** The first error of the file; null when it can be planned. */
  error: z.string().nullable(),
})
/** A workflow file of a workspace, as lists show it. */
export type WorkflowFileEntry = z.infer<typeof workflowFileEntrySchema>

export const plannedStepSchema = z.object({
  name: z.string(),
  type: z.string(),
  dependsOn: z.array(z.string()),
  /** The command as the file has it; of a worktree step the branch, of other steps their task. Null where there is none. */
  command: z.string().nullable(),
  /** Relative to the workspace, or the absolute folder of a `workdir`; null for the workspace itself. */
  cwd: z.string().nullable(),
  retries: z.number().int(),
  timeoutMs: z.number().nullable(),
  /** In words. */
  verification: z.string().nullable(),
  rollback: z.string().nullable(),
})
export type PlannedStep = z.infer<typeof plannedStepSchema>

export const workflowVariableSchema = z.object({
  name: z.string(),
  /** The steps that use it; `preflight` for checks, `agent NAME` for agents. */
  usedBy: z.array(z.string()),
  default: z.string().nullable(),
})
export type WorkflowVariable = z.infer<typeof workflowVariableSchema>

export const workflowRunnerSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('built-in') }),
  /** Each reason is a sentence naming the step. */
  z.object({ kind: z.literal('published'), reasons: z.array(z.string()) }),
])
/** Which runner can run the workflow. */
export type WorkflowRunner = z.infer<typeof workflowRunnerSchema>

export const workflowPlanSchema = z.object({
  file: z.string(),
  /** Of the file; empty where it cannot be read. */
  name: z.string(),
  description: z.string().nullable(),
  /** The chosen workflow; empty where there is none. */
  workflow: z.string(),
  workflows: z.array(z.string()),
  strategy: z.enum(['fail-fast', 'continue', 'retry']),
  steps: z.array(plannedStepSchema),
  /** The names of the steps that could start at the same time, wave after wave. Empty with errors in the dependencies. */
  waves: z.array(z.array(z.string())),
  variables: z.array(workflowVariableSchema),
  preflight: z.array(z.object({ command: z.string(), description: z.string().nullable() })),
  findings: z.array(findingSchema),
  runner: workflowRunnerSchema,
})
/** What a workflow would do. With an error among the findings it does not start, and parts may be missing. */
export type WorkflowPlan = z.infer<typeof workflowPlanSchema>
