import { randomBytes } from 'node:crypto'
import { z } from 'zod'

const text = z.string()

/** The owning fields of a run line (docs/formats.md). Loose: fields of other writers are kept on every rewrite. */
export const runRowSchema = z.looseObject({
  id: text.min(1),
  workspaceId: text.optional(),
  workflowName: text.optional(),
  pattern: text.optional(),
  status: text.optional(),
  config: z.unknown().optional(),
  startedAt: text.optional(),
  completedAt: text.optional(),
  error: text.optional(),
  createdAt: text.optional(),
  updatedAt: text.optional(),
  rundesk: z.looseObject({}).optional(),
})
export type RunRow = z.infer<typeof runRowSchema>

export const stepRowSchema = z.looseObject({
  id: text.min(1),
  runId: text,
  stepName: text.optional(),
  agentName: text.nullable().optional(),
  stepType: text.optional(),
  status: text.optional(),
  task: text.optional(),
  dependsOn: z.array(text).optional(),
  output: text.optional(),
  error: text.optional(),
  completionReason: text.optional(),
  startedAt: text.optional(),
  completedAt: text.optional(),
  retryCount: z.number().optional(),
  createdAt: text.optional(),
  updatedAt: text.optional(),
  rundesk: z.looseObject({}).optional(),
})
export type StepRow = z.infer<typeof stepRowSchema>

/** One line of the run store. */
export type StoreLine =
  | { readonly kind: 'run'; readonly row: RunRow }
  | { readonly kind: 'step'; readonly row: StepRow }

/** A run or step id as the published packages make them: 24 hex digits. */
export function createId(): string {
  return randomBytes(12).toString('hex')
}
